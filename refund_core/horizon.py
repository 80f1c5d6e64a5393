"""When the sum of an order changes next: the instants of its units, and when nothing is left."""

from datetime import datetime, timedelta
from fractions import Fraction

from refund_core.context import Context
from refund_core.duration import UNITS_A_DAY, add_months, at_full_hour, at_midnight, count
from refund_core.fees import year_of_use
from refund_core.method_doc import CountDoc
from refund_core.money import Exact, ratio, to_fen
from refund_core.priced import Measured, Priced
from refund_core.pricing import basis_fen, factor_for
from refund_core.verdict import MissingFactError

HOURS = CountDoc("hour", "ceil")
_UNIT = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
# Fen that round to nothing: anything below this (with "up": only zero itself).
_NOTHING: dict[str, Exact] = {"half_up": Fraction(1, 2), "down": 1, "up": 0}
_TWICE_NOTHING = {"half_up": 1, "down": 2, "up": 0}  # whole numbers are quicker


def unit_instant(start: datetime, units: int, counting: CountDoc) -> datetime:
    """The first instant at which this many units count as used (at least one)."""
    if counting.unit == "month":
        return add_months(start, units)
    length = _UNIT[counting.unit]
    if counting.how == "both_ends":
        return at_midnight(start) + (units - 1) * length
    if counting.how == "dates":
        return at_midnight(start) + units * length
    if counting.how == "ceil":
        # A unit is used up to and including its last instant; the next begins right after it.
        return start + (units - 1) * length + timedelta(microseconds=1)
    if counting.how == "clock_floor":
        return at_full_hour(start) + units * length
    return start + units * length


def zero_instant(ctx: Context, priced: Priced) -> datetime | None:
    """The first instant at which nothing of the order is left to return; None when unknown."""
    doc, measured = priced.method.doc, priced.measured
    timed = measured is not None and measured.total is not None and measured.start is not None
    if not timed or doc.used is None or doc.kind != "ratio" or doc.downgrade != "none":
        return None
    if doc.fee is not None and priced.fee_rate is None:  # not begun: no fee known yet
        return None
    if doc.unit_rounding is not None or _discount_changes(priced):
        return None
    assert measured is not None
    assert measured.total is not None
    assert measured.start is not None
    try:
        if doc.used.how == "begun_hours":
            return None if doc.fee or doc.factors else _zero_hour(priced, measured)
        units = _units_until_zero(ctx, priced, measured, measured.total)
    except MissingFactError:  # not begun: what use will cost is not known yet
        return None
    if not 1 <= units <= measured.total:
        return None
    instant = unit_instant(measured.start, units, doc.used)
    if doc.fee is not None and not _same_fee_year(measured.start, ctx.now, instant, doc.used):
        return None
    return instant


def _zero_hour(priced: Priced, measured: Measured) -> datetime | None:
    """The begin of the hour after which nothing is left, when parts of months count."""
    start, end, total = measured.start, measured.end, measured.total
    assert start is not None
    assert end is not None
    assert total is not None
    basis = priced.basis or basis_fen(priced.method.doc, priced.order, priced.paid)
    left = priced.paid - to_fen(priced.order.refunded)
    nothing = _NOTHING[priced.method.doc.rounding]

    def gone(hours: int) -> bool:
        used = count(start, unit_instant(start, hours, HOURS), "month", "begun_hours")
        rest = left - ratio(basis * min(used, total), total)
        return rest <= 0 or rest < nothing

    low, high = 1, int(count(start, end, HOURS.unit, HOURS.how))
    if high < 1 or not gone(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if gone(middle) else (middle + 1, high)
    return unit_instant(start, low, HOURS)


def _same_fee_year(start: datetime, now: datetime, then: datetime, counting: CountDoc) -> bool:
    return year_of_use(start, now, counting) == year_of_use(start, then, counting)


def _discount_changes(priced: Priced) -> bool:
    """Whether the discount depends on how long the order was used."""
    pricing = priced.order.pricing
    tiers = pricing is not None and pricing.used_discount is None and pricing.term_discounts
    return priced.method.doc.discount == "used" and bool(tiers)


def _units_until_zero(ctx: Context, priced: Priced, measured: Measured, total: Exact) -> int:
    """How many units have to be used until the refund rounds to zero."""
    rounding = priced.method.doc.rounding
    basis = priced.basis or basis_fen(priced.method.doc, priced.order, priced.paid)
    left: Exact = priced.paid - to_fen(priced.order.refunded)
    if priced.fee:
        left -= priced.fee
    if priced.method.factors:
        return _search(ctx, priced, measured, basis, left)
    if basis == 0:
        return 0
    # The refund of k units is zero as soon as left - k * unit is within the rounding of nothing.
    units = ratio((2 * left - _TWICE_NOTHING[rounding]) * total, 2 * basis)
    if rounding == "up":
        return max(1, -(-units.numerator // units.denominator))
    return max(1, units.numerator // units.denominator + 1)


def _search(ctx: Context, priced: Priced, measured: Measured, basis: Exact, left: Exact) -> int:
    """The same by halving, for factors that depend on how much was used."""
    total = measured.total
    assert total is not None
    nothing = _NOTHING[priced.method.doc.rounding]

    def gone(units: int) -> bool:
        factor = factor_for(ctx, priced.method, Measured(units, total))
        worth = 1 if factor is None else Fraction(factor.doc.value)
        rest = left - ratio(basis * units, total) * worth
        return rest <= 0 or rest < nothing

    low, high = 1, int(total)
    if not gone(high):
        return high + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if gone(middle) else (middle + 1, high)
    return low


def daily_share(priced: Priced) -> Exact:
    """Fen that each further day costs; zero before the start and after the end."""
    doc, measured = priced.method.doc, priced.measured
    if measured is None or not measured.used or doc.used is None or doc.used.unit == "month":
        return 0
    if doc.kind not in ("ratio", "units") or measured.start is None or doc.downgrade != "none":
        return 0
    if doc.total is not None and measured.total is not None and measured.used >= measured.total:
        return 0
    worth = 1 if priced.factor is None else Fraction(priced.factor.doc.value)
    a_day = priced.basis * UNITS_A_DAY[doc.used.unit] * worth
    return a_day if doc.kind == "units" else ratio(a_day, measured.total or 1)
