"""Keep decisions, and find them again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal as Amount
from functools import lru_cache
from importlib import metadata
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from refund_core import Decision, RefundCase
from refundbot.audit.numbers import Numbers, canonical
from refundbot.audit.tables import DecisionRow

Sessions = Callable[[], Session]
_numbers = Numbers()


@dataclass(frozen=True)
class StoredDecision:
    """A decision as it was told. Amounts in ``currency``; instants aware, Asia/Shanghai.

    Attributes:
        id: number of the decision, as `refundbot.audit.numbers` makes it.
        account: account it was told to.
        conversation: conversation it was told in.
        policy: ``id@version`` of the rules applied, or None when none fitted.
        as_of: instant it was decided for.
        created_at: instant it was told.
        core_version: version of the rule core that decided.
        facts: JSON form of the case.
        decision: JSON form of the decision.
    """

    id: str
    account: str
    conversation: str
    order_id: str
    outcome: str
    amount: Amount | None
    currency: str
    policy: str | None
    as_of: datetime
    created_at: datetime
    core_version: str
    facts: dict[str, Any]
    decision: dict[str, Any]


@lru_cache(maxsize=1)
def core_version() -> str:
    """The installed version of this distribution, the rule core with it."""
    try:
        return metadata.version("refundbot")
    except metadata.PackageNotFoundError:
        return "unknown"


def entry(
    decision: Decision, case: RefundCase, *, account: str, conversation: str, created_at: datetime
) -> dict[str, Any]:
    """The row of a decision told to a customer, with a new number.

    Raises:
        ValueError: the facts are another account's or another order's than the decision's.
    """
    if case.account.id != account or case.order.id != decision.order_id:
        raise ValueError("the facts do not belong to this account and decision")
    policy = decision.policy
    return {
        "id": _numbers.new(created_at),
        "account_id": account,
        "conversation": conversation,
        "order_id": decision.order_id,
        "outcome": decision.outcome,
        "amount": decision.amount,
        "currency": decision.currency,
        "policy_id": policy.id if policy else None,
        "policy_version": policy.version if policy else None,
        "as_of": decision.as_of,
        "created_at": created_at,
        "core_version": core_version(),
        "facts": _text(case.to_json()),
        "decision": _text(decision.to_json()),
    }


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def add(sessions: Sessions, row: dict[str, Any]) -> None:
    """Store a row of `entry`.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database failed.
    """
    with sessions() as session, session.begin():
        session.execute(insert(DecisionRow).values(**row))


def record(
    sessions: Sessions,
    decision: Decision,
    case: RefundCase,
    *,
    account: str,
    conversation: str,
    created_at: datetime,
) -> str:
    """Store a decision told to a customer and return its number.

    Args:
        sessions: the database.
        decision: what was told.
        case: the facts it was decided on.
        account: verified account it was told to.
        conversation: conversation it was told in.
        created_at: instant it was told; aware.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database failed.
        ValueError: facts and decision are not about the same order of this account.
    """
    row = entry(decision, case, account=account, conversation=conversation, created_at=created_at)
    add(sessions, row)
    number: str = row["id"]
    return number


def get(sessions: Sessions, number: str) -> StoredDecision | None:
    """The decision with this number, however it is written, or None.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database failed.
    """
    with sessions() as session:
        row = session.get(DecisionRow, canonical(number))
        return None if row is None else _stored(row)


def find(
    sessions: Sessions,
    *,
    account: str | None = None,
    order: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> list[StoredDecision]:
    """Decisions, the newest first; every condition that is given must hold.

    Args:
        sessions: the database.
        account: account they were told to.
        order: order number; upper and lower case are the same.
        since: told at this instant or later; aware.
        limit: how many at most; None: all.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database failed.
    """
    query = select(DecisionRow).order_by(DecisionRow.created_at.desc(), DecisionRow.id.desc())
    if account is not None:
        query = query.where(DecisionRow.account_id == account)
    if order is not None:
        query = query.where(func.upper(DecisionRow.order_id) == order.upper())
    if since is not None:
        query = query.where(DecisionRow.created_at >= since)
    with sessions() as session:
        return [_stored(row) for row in session.scalars(query.limit(limit))]


def numbers_told(sessions: Sessions, *, account: str, conversation: str) -> dict[str, str]:
    """The number of the latest decision of each order told in this conversation, by order id.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database failed.
    """
    query = (
        select(DecisionRow.order_id, DecisionRow.id)
        .where(DecisionRow.account_id == account, DecisionRow.conversation == conversation)
        .order_by(DecisionRow.created_at, DecisionRow.id)
    )
    with sessions() as session:
        return {order_id: number for order_id, number in session.execute(query)}


def _stored(row: Any) -> StoredDecision:
    return StoredDecision(
        id=row.id,
        account=row.account_id,
        conversation=row.conversation,
        order_id=row.order_id,
        outcome=row.outcome,
        amount=row.amount,
        currency=row.currency,
        policy=f"{row.policy_id}@{row.policy_version}" if row.policy_id else None,
        as_of=row.as_of,
        created_at=row.created_at,
        core_version=row.core_version,
        facts=json.loads(row.facts),
        decision=json.loads(row.decision),
    )
