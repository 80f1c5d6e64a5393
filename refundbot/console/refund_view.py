"""What the application page shows of one order at one instant."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from refund_core import Decision, explain
from refundbot.applications import errors
from refundbot.applications.confirmation import Confirmations
from refundbot.applications.differences import explain_difference
from refundbot.applications.progress import Progress, progress
from refundbot.applications.records import ApplicationRecord
from refundbot.applications.said import Said
from refundbot.applications.service import Applications
from refundbot.console.decisions import Verdict, decide
from refundbot.orders import OrderRecord
from refundbot.policies import live_policies

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RefundView:
    """One application page.

    Attributes:
        verdict: what the rules say now, or said when the customer confirmed.
        decided_at: the instant of that verdict.
        progress: the order's application; None when there is none.
        confirmation: what the confirming form carries; None when there is nothing to confirm.
        buttons: what the application's buttons carry, by button.
        available: False when applications cannot be read or made now.
        said: lines on why the sum is not the one said in chat.
        notice: why the last thing asked for was not done.
        why: further lines on the notice.
    """

    order: OrderRecord
    verdict: Verdict
    decided_at: datetime
    progress: Progress | None
    confirmation: str | None
    buttons: dict[str, str]
    available: bool
    said: Sequence[str]
    notice: str
    why: Sequence[str]

    @property
    def confirmed(self) -> bool:
        """Whether the verdict is the one the customer confirmed, not one of this instant."""
        return self.progress is not None and (
            self.progress.open or self.progress.state == "refunded"
        )


def refund_view(
    applications: Applications,
    confirmations: Confirmations,
    order: OrderRecord,
    at: datetime,
    *,
    said: Said | None = None,
    notice: str = "",
    why: Sequence[str] = (),
) -> RefundView:
    """Put together the page of an order; applications that cannot be read cost only themselves."""
    record: ApplicationRecord | None = None
    available = True
    try:
        record = applications.get_by_order(order.account_id, order.id)
    except errors.ApplicationsUnavailable:
        logger.exception("no applications for order %s", order.id)
        available = False
    shown = progress(record, at) if record is not None else None
    if record is not None and (record.open or record.state == "refunded"):
        # What counts is what the customer confirmed, not what would come out today.
        decision = record.decision
        verdict = Verdict(decision.outcome, decision, explain.headline(decision).rstrip("：。"))
        return RefundView(
            order=order,
            verdict=verdict,
            decided_at=decision.as_of,
            progress=shown,
            confirmation=None,
            buttons=_buttons(confirmations, order, shown, at),
            available=True,
            said=(),
            notice=notice,
            why=why,
        )
    verdict = decide(order, at)
    return RefundView(
        order=order,
        verdict=verdict,
        decided_at=at,
        progress=shown,
        confirmation=_confirmation(confirmations, order, verdict) if available else None,
        buttons={},
        available=available,
        said=_said(said, verdict, order),
        notice=notice,
        why=why,
    )


def _said(said: Said | None, verdict: Verdict, order: OrderRecord) -> list[str]:
    if said is None or verdict.decision is None:
        return []
    return explain_difference(said, verdict.decision, order.case, policies=live_policies())


def _confirmation(confirmations: Confirmations, order: OrderRecord, verdict: Verdict) -> str | None:
    if verdict.decision is None or not _submittable(verdict.decision):
        return None
    return confirmations.ask(order.account_id, verdict.decision)


def _submittable(decision: Decision) -> bool:
    """Whether there is something to confirm: the rules say yes, or a person must look."""
    if decision.outcome == "not_refundable":
        return False
    return decision.next_action is None or decision.next_action.kind != "automatic"


def _buttons(
    confirmations: Confirmations, order: OrderRecord, shown: Progress | None, at: datetime
) -> dict[str, str]:
    if shown is None:
        return {}
    buttons = {}
    if shown.can_cancel:
        buttons["cancel"] = confirmations.button("cancel", order.account_id, shown.id, at)
    if shown.can_nudge:
        buttons["nudge"] = confirmations.button("nudge", order.account_id, shown.id, at)
    return buttons
