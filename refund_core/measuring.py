"""How much of an order was used, of how much, the way its method counts."""

from fractions import Fraction

from refund_core.case import Order
from refund_core.context import Context, required_end, required_start
from refund_core.duration import UNITS_A_DAY, count, end_of_day
from refund_core.method_doc import MethodDoc
from refund_core.money import Exact
from refund_core.priced import Measured
from refund_core.verdict import MissingFactError

_MONTHS_A_YEAR = 12


def measure(ctx: Context, doc: MethodDoc, order: Order) -> Measured:
    """What was used of an order at the context's instant.

    Raises:
        MissingFactError: the case does not hold a fact that is needed.
    """
    if doc.measure == "quantity":
        usage = ctx.case.resource.usage
        if usage is None or usage.size == 0:
            raise MissingFactError("resource.usage")
        size = Fraction(usage.size)
        return Measured(min(Fraction(usage.used), size), size)
    start = required_start(order, doc.period_start)
    end = required_end(order, start)
    # An expiry written as the last second of a day has run its last hour, too.
    whole = end_of_day(end) if doc.used and doc.used.how == "clock_floor" else end
    now = min(ctx.now, whole)
    if doc.stops_at_upgrade:
        now = min([now, *(item.purchased_at for item in ctx.live if item.kind == "upgrade")])
    used: Exact = 0
    if now >= start and doc.used is not None and ctx.now >= start:
        used = count(start, now, doc.used.unit, doc.used.how)
    if doc.kind == "payg":
        # Whole months count as used too, so "nothing used" means before the start.
        return Measured(used, None, start, max(start, now))
    if doc.month_days is not None:
        total: Exact = _nominal_days(order, doc.month_days)
        if doc.used is not None and doc.used.unit == "hour":
            total *= UNITS_A_DAY["hour"]
        return Measured(min(used, total), total, start, end)
    if doc.total is None:
        return Measured(used, doc.total_fixed, start, end)
    total = count(start, whole, doc.total.unit, doc.total.how) or 1
    return Measured(min(used, total), total, start, end)


def term_months(order: Order) -> int:
    """The months of the order's term.

    Raises:
        MissingFactError: the term is unknown, or was bought by days.
    """
    if order.term is None or order.term.unit == "day":
        raise MissingFactError("order.term")
    return order.term.length * (_MONTHS_A_YEAR if order.term.unit == "year" else 1)


def _nominal_days(order: Order, month_days: int) -> int:
    if order.term is not None and order.term.unit == "day":
        return order.term.length
    return term_months(order) * month_days
