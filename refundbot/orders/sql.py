"""Orders kept in our own database."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload, selectinload

from refund_core import CaseError
from refundbot.orders.facts import order_record
from refundbot.orders.models import Account, Order, Resource
from refundbot.orders.source import AccountRecord, OrderRecord, OrdersUnavailable

# What an import accepts as an id; anything else cannot be one, and some databases choke on it.
_ORDER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def orders_of(account_id: str) -> Any:
    """Select one account's orders with everything a decision needs, in a fixed few queries."""
    return (
        select(Order)
        .where(Order.account_id == account_id)
        .options(
            joinedload(Order.resource),
            joinedload(Order.bundle),
            joinedload(Order.promotion),
            joinedload(Order.invoice),
            selectinload(Order.payments),
            joinedload(Order.resource).selectinload(Resource.unfinished_orders),
        )
        .order_by(Order.purchased_at.desc(), Order.id.desc())
    )


def read_orders(session: Session, account_id: str) -> list[OrderRecord]:
    """All orders of an account, newest first.

    Raises:
        refund_core.CaseError: a row holds what the rule core does not allow.
        sqlalchemy.exc.SQLAlchemyError: the database failed.
    """
    account = _account(session, account_id)
    if account is None:
        return []
    orders: Sequence[Order] = session.scalars(orders_of(account_id)).all()
    by_resource: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        by_resource[order.resource_id].append(order)
    return [order_record(account, order, by_resource[order.resource_id]) for order in orders]


def _account(session: Session, account_id: str) -> Account | None:
    return session.scalars(
        select(Account).where(Account.id == account_id).options(selectinload(Account.past_refunds))
    ).one_or_none()


class SqlOrderSource:
    """`OrderSource` over the tables of `refundbot.orders.models`.

    Ownership is part of every query: a row of another account is never read at all.
    """

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions

    @contextmanager
    def _reading(self, what: str) -> Iterator[Session]:
        try:
            with self._sessions() as session:
                yield session
        except SQLAlchemyError as error:
            raise OrdersUnavailable(f"{what}: {type(error).__name__}") from error
        except CaseError as error:
            # Leaving the order out would tell its owner that it does not exist.
            raise OrdersUnavailable(f"{what}: unusable facts at {error.path}") from error

    def list_orders(self, account_id: str) -> list[OrderRecord]:
        """All orders of the account, newest purchase first."""
        with self._reading(f"orders of {account_id}") as session:
            return read_orders(session, account_id)

    def get_order(self, account_id: str, order_id: str) -> OrderRecord | None:
        """One order of the account; upper and lower case of the number are the same."""
        if not _ORDER_ID.fullmatch(order_id.strip()):
            return None
        with self._reading(f"order {order_id!r} of {account_id}") as session:
            mine = orders_of(account_id)
            order = session.scalars(
                mine.where(func.upper(Order.id) == order_id.strip().upper())
            ).first()
            account = _account(session, account_id)
            if order is None or account is None:
                return None
            on_resource = session.scalars(mine.where(Order.resource_id == order.resource_id)).all()
            return order_record(account, order, on_resource)

    def get_account(self, account_id: str) -> AccountRecord | None:
        """The account, or None."""
        with self._reading(f"account {account_id}") as session:
            account = session.get(Account, account_id)
            return account_record(account) if account else None

    def list_accounts(self, demo: bool = True) -> list[AccountRecord]:
        """Accounts by id, for the demo login: only those of the demo data unless told."""
        with self._reading("accounts") as session:
            query = select(Account).order_by(Account.id)
            if demo:
                query = query.where(Account.demo)
            return [account_record(account) for account in session.scalars(query)]


def account_record(account: Account) -> AccountRecord:
    """The record of an account's row."""
    return AccountRecord(
        id=account.id,
        name=account.name,
        kind=account.kind,
        vendor=account.vendor,
        site=account.site,
        demo=account.demo,
    )
