"""One order and what the rules say about it at the instant of this turn."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import refund_core
from actions.ask import Ask
from refund_core.case import Order
from refund_core.decision import Decision
from refund_core.disagreement import Disagreement, disagreement
from refundbot.audit import remember
from refundbot.orders.source import OrderRecord
from refundbot.policies import live_policies

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class View:
    """An order with its decision.

    Attributes:
        order: the order, of the account that asks.
        decision: of `refund_core.evaluate` as of this turn.
        number: the decision's number in the audit, once it is kept.
        further: what less authoritative sources say, the most authoritative first; empty
            without `look_closely`.
        otherwise: the decision on the other thing that can be returned, where there is one: the
            whole resource besides a renewal that has not begun, or such a renewal by itself.
    """

    order: OrderRecord
    decision: Decision
    number: str | None = None
    further: tuple[Decision, ...] = ()
    otherwise: Decision | None = None

    @property
    def worth_asking(self) -> bool:
        """Whether it may still bring money: refundable, or a person must decide."""
        return self.decision.outcome != "not_refundable"

    @property
    def automatic(self) -> bool:
        """Whether the vendor refunds by itself and the customer has nothing to do."""
        action = self.decision.next_action
        return action is not None and action.kind == "automatic"

    @property
    def disagreement(self) -> Disagreement | None:
        """Another source that says something else; not for money that comes by itself."""
        return None if self.automatic else disagreement(self.decision, self.further)

    def to_json(self) -> dict[str, Any]:
        """The decision, lossless."""
        return self.decision.to_json()


def look(order: OrderRecord, ask: Ask) -> View:
    """Decide one order as of this turn; enough for a list of orders."""
    asked = order.asked(ask.as_of)
    return View(asked, refund_core.evaluate(asked.case, ask.as_of, live_policies()))


def look_closely(view: View, ask: Ask) -> View:
    """What is said of one order only when the answer is about it: `further` and `otherwise`."""
    further = _further(view.order, ask, view.decision)
    return replace(view, further=further, otherwise=_otherwise(view.order, ask))


def renewal_ahead(order: OrderRecord, at: datetime) -> Order | None:
    """The renewal of this order's resource that has not begun, the first one to begin."""
    ahead = [
        (other.starts_at, other)
        for other in order.case.related_orders
        if other.kind == "renewal" and other.status != "refunded"
        if other.starts_at is not None and other.starts_at > at
    ]
    return min(ahead, key=lambda found: found[0])[1] if ahead else None


def _otherwise(order: OrderRecord, ask: Ask) -> Decision | None:
    """What returning the other thing gives; only where it is a yes."""
    if order.case.request.scope == "renewal":
        other = order.requesting("resource")
    elif order.case.request.scope == "resource" and renewal_ahead(order, ask.as_of) is not None:
        other = order.requesting("renewal")
    else:
        return None
    decision = refund_core.evaluate(other.case, ask.as_of, live_policies())
    return decision if decision.outcome == "refundable" else None


def _further(order: OrderRecord, ask: Ask, decision: Decision) -> tuple[Decision, ...]:
    """What sources of less authority say; one at fault costs only itself, never the answer."""
    first, found = decision.policy, []
    for policy in live_policies().all_for(order.case, ask.as_of):
        if first is None or policy.ref.authority == first.authority:
            continue
        try:
            found.append(refund_core.decide(order.case, ask.as_of, policy))
        except refund_core.PolicyError:
            logger.exception("order %s: %s says nothing", order.id, policy.key)
    return tuple(found)


def keep_record(view: View, ask: Ask, *, sources: bool = False) -> View:
    """Store the decision as told to this customer now; an answer never fails for it.

    Args:
        view: what is told.
        ask: to whom.
        sources: another source that says something else is told, too; what it says is stored
            before, so that the last number of an order is that of the official answer.

    Returns:
        The view with the decision's number, or without one when it could not be stored.
    """
    if sources and view.disagreement is not None:
        _remember(view.disagreement.source, view, ask)
    return replace(view, number=_remember(view.decision, view, ask))


def _remember(decision: Decision, view: View, ask: Ask) -> str | None:
    return remember(
        decision,
        view.order.case,
        account=ask.account or "",
        conversation=ask.conversation,
    )
