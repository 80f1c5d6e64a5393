"""The facts as one evaluation reads them: the orders in question, the instant, the rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from refund_core.case import ZERO, Order, RefundCase
from refund_core.duration import add_term, at_midnight
from refund_core.method_doc import OrderInstant
from refund_core.money import Exact
from refund_core.policy_doc import WindowDoc
from refund_core.verdict import MissingFactError, Unknown, Verdict

if TYPE_CHECKING:
    from refund_core.policy import Policy

_DAY = timedelta(days=1)
# An order in one of these states is over: nothing of it can be returned any more.
_CLOSED = ("failed", "refunded", "archived")


@dataclass(slots=True)
class Context:
    """One case at one instant under one policy.

    Attributes:
        now: the instant up to which use is charged (see the policy's `clock`).
        orders: the orders the request is about, the one asked about first.
        live: the order asked about and every other order still running on the resource.
        measures: results of counting, such as used units, for conditions on factors.
    """

    case: RefundCase
    now: datetime
    policy: "Policy"
    live: tuple[Order, ...] = ()
    orders: tuple[Order, ...] = ()
    measures: dict[str, Exact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        order = self.case.order
        if order.status in _CLOSED:
            self.live = (order,)
        else:
            self.live = (
                order,
                *(other for other in self.case.related_orders if self._is_live(other)),
            )
        self.orders = self.live
        if self.case.request.scope == "renewal":
            self.orders = tuple(self.unstarted_renewals()) or (order,)

    def _is_live(self, order: Order) -> bool:
        if order.status in _CLOSED or order.purchased_at > self.now:
            return False
        end = end_of(order)
        return end is None or end > self.now

    def unstarted_renewals(self) -> list[Order]:
        """Renewal orders whose period has not begun."""
        return [
            order
            for order in self.live
            if order.kind == "renewal"
            and order.status not in _CLOSED
            and order.starts_at is not None
            and order.starts_at > self.now
        ]

    def resource_end(self) -> datetime | None:
        """The end of the last period paid for; None when some period's end is unknown."""
        last: datetime | None = None
        for order in self.live:
            end = end_of(order)
            if end is None:
                return None
            if last is None or end > last:
                last = end
        return last

    def window_start(self, window: WindowDoc) -> datetime | None:
        """When a window of the order asked about began; None when no instant is known."""
        return first_known(self.case.order, window.since)

    def window_end(self, window: WindowDoc) -> datetime | None:
        """First instant outside the window; None when its begin is unknown."""
        start = self.window_start(window)
        if start is None:
            return None
        end = start + timedelta(days=window.days, minutes=window.minutes)
        if window.until_end_of_day:
            # The window's last instant is just before `end`; its day is kept to the last minute.
            end = at_midnight(end - timedelta(microseconds=1)) + _DAY
        return end

    def window_open(self, key: str) -> Verdict:
        """Whether the window is still open."""
        window = self.policy.doc.windows[key]
        end = self.window_end(window)
        if end is None:
            return Unknown(tuple(f"order.{name}" for name in window.since))
        return self.now < end


def end_of(order: Order) -> datetime | None:
    """The end of the period an order pays for; worked out from its term when not given."""
    if order.ends_at is not None:
        return order.ends_at
    if order.term is None:
        return None
    start = first_known(order, ("starts_at", "effective_at"))
    return None if start is None else add_term(start, order.term)


def first_known(order: Order, names: Sequence[OrderInstant]) -> datetime | None:
    """The first of the named instants that is known."""
    for name in names:
        value: datetime | None = getattr(order, name)
        if value is not None:
            return value
    return None


def required_start(order: Order, names: Sequence[OrderInstant]) -> datetime:
    """The first of the named instants that is known.

    Raises:
        MissingFactError: none of them is.
    """
    start = first_known(order, names)
    if start is None:
        raise MissingFactError(f"order.{names[0]}")
    return start


def required_end(order: Order, start: datetime) -> datetime:
    """The end of the period an order pays for.

    Raises:
        MissingFactError: neither the end nor the term is known.
    """
    if order.ends_at is not None:
        return order.ends_at
    if order.term is None:
        raise MissingFactError("order.ends_at")
    return add_term(start, order.term)


def returnable(order: Order, kinds: Sequence[str]) -> Decimal:
    """What was paid with kinds of payment that are returned."""
    return sum([getattr(order.payments, kind) for kind in kinds], ZERO)
