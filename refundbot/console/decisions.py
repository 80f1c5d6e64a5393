"""What the rule core says about an order, as the pages show it."""

import logging
from dataclasses import dataclass
from datetime import datetime

from refund_core import Decision, evaluate, explain
from refundbot.orders import OrderRecord
from refundbot.policies import live_policies

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """A decision, or the honest lack of one.

    Attributes:
        outcome: refundable, not_refundable, needs_review, or unknown.
        decision: the decision; None when it could not be computed.
        headline: one line for the customer.
    """

    outcome: str
    decision: Decision | None
    headline: str


def decide(order: OrderRecord, at: datetime) -> Verdict:
    """Evaluate one order now; a failure of the rule core costs this order's answer only."""
    try:
        decision = evaluate(order.asked(at).case, at, live_policies())
    except Exception:
        logger.exception("no decision on order %s", order.id)
        return Verdict("unknown", None, "暂时算不出结果，请转人工确认")
    return Verdict(decision.outcome, decision, explain.headline(decision).rstrip("：。"))
