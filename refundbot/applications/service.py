"""What a customer does with refund applications. Time is passed in; every call names the account.

Nothing said in chat can submit: `Applications.submit` needs the confirmation that only the
application page makes (`refundbot.applications.confirmation`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from refund_core import Decision, PolicySet, evaluate
from refundbot.applications.back_office import BackOffice
from refundbot.applications.changes import Changes, Sessions
from refundbot.applications.confirmation import Confirmations
from refundbot.applications.differences import explain_difference
from refundbot.applications.errors import (
    AlreadyRefunded,
    AmountChanged,
    ApplicationsUnavailable,
    NoSuchApplication,
    NoSuchOrder,
    NotAllowed,
    NotConfirmed,
    NotNeeded,
    NotRefundable,
    NudgedToday,
    OverlappingApplication,
)
from refundbot.applications.paths import path_of, why_manual
from refundbot.applications.plans import Plan, Plans, default_plans
from refundbot.applications.records import SYSTEM, Actor, ApplicationRecord
from refundbot.applications.store import (
    COLLISION,
    claimed_orders,
    guarded,
    happen,
    holder_of,
    new_application,
    newest,
    record_of,
    select_applications,
)
from refundbot.applications.tables import Application
from refundbot.clock import SHANGHAI
from refundbot.db import make_engine, session_factory
from refundbot.orders import OrderRecord, OrderSource, get_source
from refundbot.policies import live_policies
from refundbot.settings import get_settings

__all__ = ["Applications", "BackOffice", "Submitted", "get_applications"]

_TRIES = 5


@dataclass(frozen=True)
class Submitted:
    """The outcome of a submission; ``created`` is False when the application was there."""

    application: ApplicationRecord
    created: bool


class Applications:
    """Refund applications, for the customer they belong to.

    Every method raises `ApplicationsUnavailable` when the database fails.
    """

    def __init__(
        self,
        sessions: Sessions,
        orders: OrderSource,
        secret: str,
        *,
        plans: Plans | None = None,
        policies: PolicySet | None = None,
        demo: bool = False,
    ) -> None:
        self._sessions = sessions
        self._orders = orders
        self._confirmations = Confirmations(secret)
        self._plans = plans or default_plans()
        self._policies = policies
        self._demo = demo
        self._changes = Changes(sessions, self._plans)

    def get(self, account_id: str, application_id: str) -> ApplicationRecord | None:
        """One application of the account; None when there is none, another account's included."""
        return self._read(
            application_id, lambda session: _mine(session, account_id, application_id)
        )

    def get_by_order(self, account_id: str, order_id: str) -> ApplicationRecord | None:
        """The application that holds the order, else the last one made for it, else None.

        One for the whole resource also holds the resource's renewals and upgrades.
        """
        return self._read(
            order_id,
            lambda session: (
                holder_of(session, account_id, [order_id]) or newest(session, account_id, order_id)
            ),
        )

    def list_for_account(self, account_id: str, *, limit: int = 20) -> list[ApplicationRecord]:
        """The account's applications, newest first."""
        query = select_applications(account_id=account_id, limit=limit)
        with guarded(f"applications of {account_id}"), self._sessions() as session:
            return [record_of(session, row) for row in session.scalars(query)]

    def submit(
        self, account_id: str, order_id: str, *, confirmation: str, at: datetime
    ) -> Submitted:
        """Submit what the customer confirmed on the page; a second time gives the same one back.

        The order is read and decided anew; only the very answer that was confirmed is submitted.

        Raises:
            NoSuchOrder: the account has no such order.
            NotConfirmed: no valid confirmation of this account for this order.
            NotRefundable, NotNeeded: the rules say no, or that nothing has to be done.
            AmountChanged: the answer is another one now.
            AlreadyRefunded: an earlier application returned the money.
            OverlappingApplication: another order of the resource is being or was returned.
            refundbot.orders.OrdersUnavailable: the orders cannot be read.
        """
        order = self._orders.get_order(account_id, order_id)
        if order is None:
            raise NoSuchOrder(f"{account_id} has no order {order_id!r}")
        order = order.asked(at)
        said = self._confirmations.check(confirmation, account_id, order.id, at)
        if said is None:
            raise NotConfirmed(f"{account_id}, order {order.id}")
        known = self._known(account_id, order.id, [])
        if known is not None:
            return known
        decision = evaluate(order.case, at, self._policies)
        if decision.outcome == "not_refundable":
            raise NotRefundable(decision)
        if decision.next_action is not None and decision.next_action.kind == "automatic":
            raise NotNeeded(f"order {order.id} is returned by the vendor itself")
        if not said.same_answer(decision):
            why = explain_difference(
                said, decision, order.case, where="您确认时", policies=self._policies
            )
            raise AmountChanged(decision, why)
        return self._submit(order, decision, at)

    def cancel(
        self, account_id: str, application_id: str, *, at: datetime, reason: str | None = None
    ) -> ApplicationRecord:
        """Take an application back; doing it twice changes nothing more.

        Raises:
            NoSuchApplication: the account has no such application.
            NotAllowed: it has been approved already, or is over.
        """
        try:
            return self._change(account_id, application_id, "cancel", at, lambda row: reason)
        except NotAllowed as refused:
            if refused.application.state == "cancelled":
                return refused.application
            raise

    def nudge(self, account_id: str, application_id: str, *, at: datetime) -> ApplicationRecord:
        """催一下: once a day (Asia/Shanghai), while something is still to happen.

        Raises:
            NoSuchApplication: the account has no such application.
            NudgedToday: it was done today.
            NotAllowed: it is over.
        """
        today = at.astimezone(SHANGHAI).date()

        def prepare(row: Application) -> str | None:
            if row.nudged_at is not None and row.nudged_at.astimezone(SHANGHAI).date() >= today:
                raise NudgedToday(self._record(row), today + timedelta(days=1))
            row.nudged_at = at
            return None

        return self._change(account_id, application_id, "nudge", at, prepare)

    def _read(
        self, what: str, find: Callable[[Session], Application | None]
    ) -> ApplicationRecord | None:
        with guarded(what), self._sessions() as session:
            row = find(session)
            return None if row is None else record_of(session, row)

    def _record(self, row: Application) -> ApplicationRecord:
        with self._sessions() as session:
            return record_of(session, row)

    def _change(
        self,
        account_id: str,
        application_id: str,
        event: str,
        at: datetime,
        prepare: Callable[[Application], str | None],
    ) -> ApplicationRecord:
        record = self._changes.make(
            lambda session: _mine(session, account_id, application_id),
            event,
            Actor("customer", account_id),
            at,
            prepare,
        )
        if record is None:
            raise NoSuchApplication(f"{account_id} has no application {application_id!r}")
        return record

    def _known(self, account_id: str, order_id: str, claims: list[str]) -> Submitted | None:
        """The application that holds the order, as the answer to a submission.

        Raises:
            AlreadyRefunded, OverlappingApplication
        """
        own = self._read(order_id, lambda session: holder_of(session, account_id, [order_id]))
        if own is not None and own.open:
            return Submitted(own, created=False)
        if own is not None:
            raise AlreadyRefunded(own, f"这个订单已经退过款了，退款单 {own.id}。")
        other = self._read(order_id, lambda session: holder_of(session, account_id, claims))
        if other is None:
            return None
        raise OverlappingApplication(
            other,
            f"同一资源的订单 {other.order_id} 已有退款单 {other.id}（{other.state_name}），"
            "不能再按整个资源申请。",
        )

    def _submit(self, order: OrderRecord, decision: Decision, at: datetime) -> Submitted:
        plan = self._plans.choose(order.vendor, path_of(decision))
        for _ in range(_TRIES):
            try:
                return Submitted(self._write(plan, order, decision, at), created=True)
            except COLLISION:
                # Somebody was faster: with this order, or only with the day's first number.
                claims = claimed_orders(order.case, decision)
                known = self._known(order.account_id, order.id, claims)
                if known is not None:
                    return known
        raise ApplicationsUnavailable(f"order {order.id}: the database was too busy")

    def _write(
        self, plan: Plan, order: OrderRecord, decision: Decision, at: datetime
    ) -> ApplicationRecord:
        customer = Actor("customer", order.account_id)
        with guarded(f"order {order.id}"), self._sessions() as session, session.begin():
            row = new_application(
                session,
                plan,
                order.case,
                decision,
                at,
                vendor=order.vendor,
                product_name=order.product_name,
                demo=self._demo,
            )
            happen(session, row, plan, "submit", customer, at, "在退订页面确认")
            happen(session, row, plan, "advance", SYSTEM, at)
            if plan.path == "automatic":
                happen(session, row, plan, "advance", SYSTEM, at, "符合自助退订规则")
                happen(session, row, plan, "advance", SYSTEM, at)
            else:
                happen(session, row, plan, "advance", SYSTEM, at, why_manual(decision))
            return record_of(session, row)


def _mine(session: Session, account_id: str, application_id: str) -> Application | None:
    row: Application | None = session.scalars(
        select(Application).where(
            Application.id == application_id, Application.account_id == account_id
        )
    ).one_or_none()
    return row


@lru_cache(maxsize=4)
def _applications(database_url: str, secret: str) -> Applications:
    try:
        sessions = session_factory(make_engine(database_url))
    except (SQLAlchemyError, OSError) as error:
        raise ApplicationsUnavailable(f"no database: {type(error).__name__}") from error
    return Applications(sessions, get_source(), secret, policies=live_policies())


def get_applications() -> Applications:
    """The applications of this deployment's settings; one engine per process and database.

    Raises:
        ApplicationsUnavailable, refundbot.orders.OrdersUnavailable: no usable database.
    """
    settings = get_settings()
    return _applications(settings.database_url, settings.link_secret)
