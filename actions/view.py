"""One order and what the rules say about it at the instant of this turn."""

from dataclasses import dataclass, replace
from typing import Any

import refund_core
from actions.ask import Ask
from refund_core.decision import Decision
from refundbot.audit import remember
from refundbot.orders.source import OrderRecord
from refundbot.policies import live_policies


@dataclass(frozen=True)
class View:
    """An order with its decision.

    Attributes:
        order: the order, of the account that asks.
        decision: of `refund_core.evaluate` as of this turn.
        number: the decision's number in the audit, once it is kept.
    """

    order: OrderRecord
    decision: Decision
    number: str | None = None

    @property
    def worth_asking(self) -> bool:
        """Whether it may still bring money: refundable, or a person must decide."""
        return self.decision.outcome != "not_refundable"

    @property
    def automatic(self) -> bool:
        """Whether the vendor refunds by itself and the customer has nothing to do."""
        action = self.decision.next_action
        return action is not None and action.kind == "automatic"

    def to_json(self) -> dict[str, Any]:
        """The decision, lossless."""
        return self.decision.to_json()


def look(order: OrderRecord, ask: Ask) -> View:
    """Decide one order as of this turn."""
    return View(order, refund_core.evaluate(order.case, ask.as_of, live_policies()))


def keep_record(view: View, ask: Ask) -> View:
    """Store the decision as told to this customer now; an answer never fails for it.

    Returns:
        The view with the decision's number, or without one when it could not be stored.
    """
    number = remember(
        view.decision,
        view.order.case,
        account=ask.account or "",
        conversation=ask.conversation,
    )
    return replace(view, number=number)
