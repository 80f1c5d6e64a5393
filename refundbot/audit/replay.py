"""Decide a stored case anew under today's rules, and say what differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from refund_core import Decision, PolicyError, PolicySet, RefundCase, evaluate
from refund_core.codec import ShapeError
from refundbot.audit.store import StoredDecision


@dataclass(frozen=True)
class Difference:
    """One thing the customer was told that would be another one today.

    Attributes:
        what: name of it, like ``amount`` or ``reasons``.
        then: as it was told.
        now: as it would be told.
    """

    what: str
    then: str
    now: str


@dataclass(frozen=True)
class Replay:
    """A stored decision against today's rules, on the same facts and as of the same instant.

    Attributes:
        decision: what would be decided; None when it cannot be.
        differences: what the customer would be told differently, in substance.
        reworded: parts of the decision that say the same in other words, or on other clauses.
        problem: why it cannot be decided anew; "" when it can.
    """

    decision: Decision | None
    differences: tuple[Difference, ...] = ()
    reworded: tuple[str, ...] = ()
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Whether the customer would be told the same in substance."""
        return not self.problem and not self.differences


def replay(stored: StoredDecision, policies: PolicySet | None = None) -> Replay:
    """Decide the stored facts as of the stored instant under ``policies``, else the package's."""
    try:
        case = RefundCase.from_json(stored.facts)
        then = Decision.from_json(stored.decision)
    except ShapeError as error:
        return Replay(None, problem=f"this version cannot read it: {error}")
    try:
        now = evaluate(case, stored.as_of, policies)
    except PolicyError as error:
        return Replay(None, problem=f"today's rules are at fault: {error}")
    differences = tuple(_differences(_substance(then), _substance(now)))
    today = now.to_json()
    changed = [name for name, value in then.to_json().items() if today[name] != value]
    told = {difference.what for difference in differences}
    return Replay(now, differences, tuple(name for name in changed if name not in told))


def _substance(decision: Decision) -> dict[str, Any]:
    """What must stay the same for the answer to be the same, under the decision's own names."""
    conflicts = [
        " / ".join([item.code, *(str(side.amount) for side in item.sides)])
        for item in decision.conflicts
    ]
    allocation = decision.to_json()["allocation"] or {}
    return {
        "outcome": decision.outcome,
        "currency": decision.currency,
        "amount": decision.amount,
        "paid": decision.paid,
        "consumed": decision.consumed,
        "fee": decision.fee,
        "allocation": [f"{kind} {amount}" for kind, amount in allocation.items()],
        "voucher_lost": decision.voucher_lost,
        "route": decision.route,
        "reasons": sorted(
            f"{item.code} {item.order_id or ''}".strip() for item in decision.reasons
        ),
        "missing": sorted(item.fact for item in decision.missing),
        "conflicts": sorted(conflicts),
        "deadlines": [f"{item.code} {item.at.isoformat()}" for item in decision.deadlines],
        "daily_decrease": decision.daily_decrease,
        "destination": decision.destination.kind if decision.destination else None,
        "timing": decision.timing.latest.isoformat()
        if decision.timing and decision.timing.latest
        else None,
        "next_action": decision.next_action.kind if decision.next_action else None,
    }


def _differences(then: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
    for what, value in then.items():
        if now[what] != value:
            yield Difference(what, _shown(value), _shown(now[what]))


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return "none" if value is None else str(value)
