"""How the answer changes with time: day by day, and the exact instants at which it jumps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from refund_core.case import Order, RefundCase
from refund_core.codec import SHANGHAI
from refund_core.context import Context, end_of, first_known
from refund_core.decision import Decision, Outcome
from refund_core.duration import at_midnight, count
from refund_core.engine import evaluate
from refund_core.horizon import HOURS, unit_instant
from refund_core.library import PolicySet, default_policies
from refund_core.method_doc import MethodDoc
from refund_core.policy import Policy

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Point:
    """The answer at one instant."""

    at: datetime
    outcome: Outcome
    amount: Decimal | None
    route: str | None
    reasons: tuple[str, ...]
    policy: str | None

    @property
    def answer(self) -> tuple[object, ...]:
        """Everything but the instant."""
        return (self.outcome, self.amount, self.route, self.reasons, self.policy)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The answers of some days.

    Attributes:
        days: one point a day, at the same time of day, the first at the beginning.
        jumps: every instant at which the answer becomes another one, and the answer from then on.
    """

    days: tuple[Point, ...]
    jumps: tuple[Point, ...]


def timeline(
    case: RefundCase, as_of: datetime, days: int, policies: PolicySet | None = None
) -> Timeline:
    """How outcome and amount change in the days after an instant, if nothing else happens.

    Rules that charge by the second change at every instant; for them the days are exact and the
    jumps are those of windows and terms.

    Raises:
        ValueError: `as_of` has no time zone, or `days` is not between 1 and 3660.
        PolicyError: see `evaluate`.
    """
    if as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of.isoformat()} has no time zone; pass an aware instant")
    if not 1 <= days <= _MOST_DAYS:
        raise ValueError(f"{days} days cannot be shown; ask for 1 to {_MOST_DAYS}")
    as_of = as_of.astimezone(SHANGHAI)
    library = policies if policies is not None else default_policies()
    last = as_of + days * _DAY

    def point(at: datetime) -> Point:
        return _point(at, evaluate(case, at, library))

    jumps: list[Point] = []
    now = point(as_of)
    for at in sorted(set(_candidates(case, as_of, last, library))):
        then = point(at)
        if then.answer != now.answer:
            # A rule that charges by the second creeps; only a jump at this instant counts.
            if point(at - _INSTANT).answer != then.answer:
                jumps.append(then)
            now = then
    return Timeline(
        days=tuple(point(as_of + number * _DAY) for number in range(days + 1)),
        jumps=tuple(jumps),
    )


def _point(at: datetime, decision: Decision) -> Point:
    policy = decision.policy
    return Point(
        at=at,
        outcome=decision.outcome,
        amount=decision.amount,
        route=decision.route,
        reasons=tuple(reason.code for reason in decision.reasons),
        policy=f"{policy.id}@{policy.version}" if policy is not None else None,
    )


def _candidates(
    case: RefundCase, first: datetime, last: datetime, library: PolicySet
) -> Iterator[datetime]:
    """Instants in (first, last] at which an answer can jump."""
    found: list[datetime | None] = []
    midnight = at_midnight(first)
    while midnight <= last:
        midnight += _DAY
        found.append(midnight)
    orders = (case.order, *case.related_orders)
    for order in orders:
        found += [order.purchased_at, order.starts_at, order.effective_at, end_of(order)]
    for policy in library:
        if policy.doc.vendor == case.vendor:
            found += [policy.start, policy.end]
            found += _of_policy(case, policy, first, last)
    yield from (at for at in found if at is not None and first < at <= last)


def _of_policy(
    case: RefundCase, policy: Policy, first: datetime, last: datetime
) -> Iterator[datetime | None]:
    ctx = Context(case, first, policy)
    for window in policy.doc.windows.values():
        yield ctx.window_end(window)
    for method in policy.doc.methods.values():
        for order in (case.order, *case.related_orders):
            yield from _of_method(order, method, first, last)


def _of_method(order: Order, doc: MethodDoc, first: datetime, last: datetime) -> Iterator[datetime]:
    start, counting = first_known(order, doc.period_start), doc.used
    if start is None or counting is None or counting.how == "exact":
        return
    if counting.how == "begun_hours":
        counting = HOURS
    end = end_of(order)
    stop = last if end is None else min(last, end)
    if counting.how == "day_end":
        return  # changes at midnight only
    units = 0 if first < start else int(count(start, first, counting.unit, counting.how))
    while True:
        units += 1
        at = unit_instant(start, units, counting)
        if at > stop:
            return
        yield at
