"""What an operator does with applications: look, move on, approve, reject, report a failure."""

import json
from datetime import datetime
from decimal import Decimal

from refund_core import RefundCase
from refundbot.applications.changes import Changes, Prepare, Sessions
from refundbot.applications.errors import BadAmount, BadReason, NoSuchApplication
from refundbot.applications.machine import ApplicationMachine
from refundbot.applications.plans import Plans, default_plans
from refundbot.applications.records import Actor, ApplicationRecord
from refundbot.applications.store import guarded, record_of, select_applications
from refundbot.applications.tables import Application

FAILED_CODE = "payment_failed"
FAILED_REMEDY = "您可以重新提交申请，或转人工核实收款账户。"


class BackOffice:
    """Applications of every account, for people who work on them.

    Every change names the ``version`` the operator has seen: when two decide at once, the second
    gets `ChangedMeanwhile` instead of moving the application on twice.
    """

    def __init__(self, sessions: Sessions, *, plans: Plans | None = None) -> None:
        self._sessions = sessions
        self._plans = plans or default_plans()
        self._changes = Changes(sessions, self._plans)

    def find(self, application_id: str) -> ApplicationRecord:
        """One application.

        Raises:
            NoSuchApplication: there is none with this number.
            ApplicationsUnavailable: the database failed.
        """
        with guarded(f"application {application_id}"), self._sessions() as session:
            row = session.get(Application, application_id)
            if row is None:
                raise NoSuchApplication(application_id)
            return record_of(session, row)

    def list(
        self, *, state: str | None = None, account_id: str | None = None, limit: int = 50
    ) -> list[ApplicationRecord]:
        """Applications, newest first; ``state`` is a state or ``open``.

        Raises:
            ValueError: there is no such state.
            ApplicationsUnavailable: the database failed.
        """
        states = {each.id for each in ApplicationMachine.states}
        if state is not None and state != "open" and state not in states:
            raise ValueError(f"{state!r} is no state; use open or one of {sorted(states)}")
        query = select_applications(account_id=account_id, state=state, limit=limit)
        with guarded("applications"), self._sessions() as session:
            return [record_of(session, row) for row in session.scalars(query)]

    def advance(
        self,
        application_id: str,
        *,
        operator: str,
        at: datetime,
        version: int,
        amount: Decimal | None = None,
        note: str | None = None,
    ) -> ApplicationRecord:
        """Move an application to its next stage; after 退款中 comes 已退款.

        Args:
            amount: yuan; needed, once, to approve an application whose sum a person decides.
            note: written into the history.

        Raises:
            NoSuchApplication, NotAllowed, ChangedMeanwhile, BadAmount, ApplicationsUnavailable
        """

        def prepare(row: Application) -> str | None:
            if row.state == "final_review":
                self._settle_amount(row, amount)
            elif amount is not None:
                raise BadAmount("the amount is stated when the final review approves")
            return note

        return self._change(application_id, "advance", operator, at, version, prepare)

    def approve(
        self,
        application_id: str,
        *,
        operator: str,
        at: datetime,
        version: int,
        amount: Decimal | None = None,
        note: str | None = None,
    ) -> ApplicationRecord:
        """Approve at the end of the review; earlier stages cannot be skipped. As `advance`."""

        def prepare(row: Application) -> str | None:
            if row.state == "final_review":
                self._settle_amount(row, amount)
            return note

        return self._change(application_id, "approve", operator, at, version, prepare)

    def reject(
        self,
        application_id: str,
        *,
        operator: str,
        at: datetime,
        version: int,
        code: str,
        text: str | None = None,
        remedy: str | None = None,
    ) -> ApplicationRecord:
        """Refuse, saying why and what the customer can do.

        Args:
            code: one of the plan file's reasons, or ``other`` with a ``text`` and a ``remedy``.
            text, remedy: Chinese sentences in place of the reason's own.

        Raises:
            BadReason: the code is not known, or ``other`` says nothing.
            NoSuchApplication, NotAllowed, ChangedMeanwhile, ApplicationsUnavailable
        """
        usual = self._plans.rejections.get(code)
        if usual is None and code != "other":
            known = ", ".join([*self._plans.rejections, "other"])
            raise BadReason(f"{code!r} is no reason; use one of {known}")
        said = (text or (usual.text if usual else "")).strip()
        advice = (remedy or (usual.remedy if usual else "")).strip()
        if not said or not advice:
            raise BadReason("say why, and what the customer can do about it")

        def prepare(row: Application) -> str | None:
            row.reason_code, row.reason_text, row.remedy = code, said, advice
            return said

        return self._change(application_id, "reject", operator, at, version, prepare)

    def fail(
        self,
        application_id: str,
        *,
        operator: str,
        at: datetime,
        version: int,
        text: str,
        remedy: str = FAILED_REMEDY,
    ) -> ApplicationRecord:
        """Report that the payment did not succeed; the order can be applied for again.

        Raises:
            BadReason: ``text`` says nothing.
            NoSuchApplication, NotAllowed, ChangedMeanwhile, ApplicationsUnavailable
        """
        if not text.strip():
            raise BadReason("say why the payment failed")

        def prepare(row: Application) -> str | None:
            row.reason_code, row.reason_text, row.remedy = FAILED_CODE, text.strip(), remedy
            return text.strip()

        return self._change(application_id, "fail", operator, at, version, prepare)

    def _change(
        self,
        application_id: str,
        event: str,
        operator: str,
        at: datetime,
        version: int,
        prepare: Prepare,
    ) -> ApplicationRecord:
        if not operator.strip():
            raise BadReason("an operator has a name")
        record = self._changes.make(
            lambda session: session.get(Application, application_id),
            event,
            Actor("operator", operator.strip()),
            at,
            prepare,
            version=version,
        )
        if record is None:
            raise NoSuchApplication(application_id)
        return record

    @staticmethod
    def _settle_amount(row: Application, amount: Decimal | None) -> None:
        """Fix the sum of an application that a person decides; a computed sum is not touched."""
        if row.amount is not None:
            if amount is not None and amount != row.amount:
                raise BadAmount(f"the customer confirmed {row.amount}; reject to state another sum")
            return
        if amount is None:
            raise BadAmount("the rules gave no sum for this order: state the amount")
        limit = paid_for(row.facts)
        if not Decimal(0) < amount <= limit or amount != amount.quantize(Decimal("0.01")):
            raise BadAmount(f"{amount} is no refund: above 0, at most {limit}, in whole fen")
        row.amount = amount


def paid_for(facts: str) -> Decimal:
    """What was paid for everything the case covers, vouchers and earlier refunds off; yuan."""
    case = RefundCase.from_json(json.loads(facts))
    orders = [case.order]
    if case.request.scope == "resource":
        orders += case.related_orders
    total = Decimal(0)
    for order in orders:
        parts = order.payments
        total += parts.cash + parts.gift + parts.stored_value + parts.cash_coupon - order.refunded
    return total
