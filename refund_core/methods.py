"""Pricing the used part of one order, exactly; rounding happens once, in `settle`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from refund_core.case import Order
from refund_core.context import Context, required_end, required_start, returnable
from refund_core.duration import add_months, add_term, at_midnight, count, full_months
from refund_core.money import from_fen, round_fraction, to_fen
from refund_core.policy import Factor, Method
from refund_core.policy_doc import CountDoc, MethodDoc
from refund_core.verdict import MissingFactError, Unknown

_ONE = Fraction(1)
_ZERO = Fraction(0)
# Yuan that round to zero fen: anything below this (with "up": only zero itself).
_NOTHING = {"half_up": Fraction(1, 200), "down": Fraction(1, 100), "up": _ZERO}
_UNIT = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
_UNITS_A_DAY = {"day": 1, "hour": 24}


@dataclass(frozen=True, slots=True)
class Priced:
    """The exact sum of one order before rounding; yuan and units as fractions."""

    order: Order
    method: Method
    paid: Fraction
    consumed: Fraction
    fee: Fraction = _ZERO
    basis: Fraction = _ZERO
    used: Fraction | None = None
    total: Fraction | None = None
    start: datetime | None = None
    end: datetime | None = None
    factor: Factor | None = None
    fee_rate: Fraction | None = None

    @property
    def factor_value(self) -> Fraction:
        """The factor on the consumed part; 1 when none applies."""
        return _ONE if self.factor is None else Fraction(self.factor.doc.value)


@dataclass(frozen=True, slots=True)
class Settled:
    """The rounded sum of one order: paid - consumed - fee - refunded = refund, in yuan."""

    paid: Decimal
    consumed: Decimal
    fee: Decimal
    refunded: Decimal
    refund: Decimal


def price(ctx: Context, method: Method, order: Order, kinds: tuple[str, ...]) -> Priced:
    """Price the used part of an order at the context's instant.

    Raises:
        MissingFactError: the case does not hold a fact that is needed.
    """
    paid = Fraction(returnable(order, kinds))
    doc = method.doc
    if doc.kind == "none" or paid == 0:
        return Priced(order, method, paid, _ZERO)
    start = required_start(order, doc.period_start)
    end = required_end(order, start)
    total = _total(doc, start, end)
    used = _used(doc, start, ctx.now, total)
    if used == 0:
        return Priced(order, method, paid, _ZERO, used=used, total=total, start=start, end=end)
    basis = _basis(doc, order, paid)
    factor = _factor(ctx, method, used, total)
    worth = _ONE if factor is None else Fraction(factor.doc.value)
    fee, rate = _fee(ctx, method, order, start, paid)
    return Priced(
        order=order,
        method=method,
        paid=paid,
        consumed=basis * used / total * worth,
        fee=fee,
        basis=basis,
        used=used,
        total=total,
        start=start,
        end=end,
        factor=factor,
        fee_rate=rate,
    )


def _total(doc: MethodDoc, start: datetime, end: datetime) -> Fraction:
    if doc.total is None:
        return Fraction(doc.total_fixed or 1)
    return max(_ONE, count(start, end, doc.total.unit, doc.total.how))


def _used(doc: MethodDoc, start: datetime, now: datetime, total: Fraction) -> Fraction:
    if now < start or doc.used is None:
        return _ZERO
    used = count(start, now, doc.used.unit, doc.used.how)
    return used if doc.total is None else min(used, total)


def _basis(doc: MethodDoc, order: Order, paid: Fraction) -> Fraction:
    if doc.basis == "paid":
        return paid
    if doc.basis == "list_price":
        if order.list_price is None:
            raise MissingFactError("order.list_price")
        basis = Fraction(order.list_price)
    else:
        pricing = order.pricing
        if pricing is None or pricing.month_price is None:
            raise MissingFactError("order.pricing.month_price")
        basis = Fraction(pricing.month_price)
        if doc.basis == "term_months":
            basis *= term_months(order)
    return basis * _discount(doc, order)


def _discount(doc: MethodDoc, order: Order) -> Fraction:
    if doc.discount == "none":
        return _ONE
    name = "discount" if doc.discount == "order" else "used_discount"
    value = None if order.pricing is None else getattr(order.pricing, name)
    if value is None:
        raise MissingFactError(f"order.pricing.{name}")
    return Fraction(value)


def term_months(order: Order) -> int:
    """Months of the order's term.

    Raises:
        MissingFactError: the term is unknown or counted in days.
    """
    if order.term is None or order.term.unit == "day":
        raise MissingFactError("order.term")
    return order.term.length * (12 if order.term.unit == "year" else 1)


def _factor(ctx: Context, method: Method, used: Fraction, total: Fraction) -> Factor | None:
    if not method.factors:
        return None
    ctx.measures["used"], ctx.measures["total"] = int(used), int(total)
    for factor in method.factors:
        verdict = factor.when.test(ctx)
        if isinstance(verdict, Unknown):
            raise MissingFactError(*verdict.facts)
        if verdict:
            return factor
    return None


def _fee(
    ctx: Context, method: Method, order: Order, start: datetime, paid: Fraction
) -> tuple[Fraction, Fraction | None]:
    fee = method.doc.fee
    if fee is None:
        return _ZERO, None
    if method.fee_waived is not None:
        waived = method.fee_waived.test(ctx)
        if isinstance(waived, Unknown):
            raise MissingFactError(*waived.facts)
        if waived:
            return _ZERO, _ZERO
    if order.term is None:
        raise MissingFactError("order.term")
    months = full_months(start, add_term(start, order.term))
    year = full_months(start, ctx.now) // 12
    for row in fee.rows:
        if months <= row.term_years * 12 or (row.term_years == 0 and months < 12):
            if year < len(row.rates):
                rate = Fraction(row.rates[year])
                return paid * rate, rate
            break
    raise MissingFactError("policy.fee_rate")


def settle(priced: Priced) -> Settled:
    """Round the sum of one order: the refund to the fen, once; the rest follows from it."""
    refunded = Fraction(priced.order.refunded)
    exact = max(_ZERO, priced.paid - priced.consumed - priced.fee - refunded)
    refund = round_fraction(exact * 100, priced.method.doc.rounding)
    paid, back = int(priced.paid * 100), to_fen(priced.order.refunded)
    refund = max(0, min(refund, paid - back))
    rest = max(0, paid - back - refund)
    fee = 0
    if priced.fee:
        left = max(0, rest - round_fraction(priced.consumed * 100, "down"))
        fee = min(round_fraction(priced.fee * 100, "half_up"), left)
    return Settled(
        paid=from_fen(paid),
        consumed=from_fen(rest - fee),
        fee=from_fen(fee),
        refunded=priced.order.refunded,
        refund=from_fen(refund),
    )


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
        return start.replace(minute=0, second=0, microsecond=0) + units * length
    return start + units * length


def zero_instant(ctx: Context, priced: Priced) -> datetime | None:
    """The first instant at which nothing of the order is left to return; None when unknown."""
    counting = priced.method.doc.used
    if priced.total is None or priced.start is None or counting is None:
        return None
    units = _units_until_zero(ctx, priced)
    if not 1 <= units <= priced.total:
        return None
    return unit_instant(priced.start, units, counting)


def _units_until_zero(ctx: Context, priced: Priced) -> int:
    """How many units have to be used until the refund rounds to zero; no handling fee."""
    assert priced.total is not None  # the caller has looked
    basis = priced.basis or _basis(priced.method.doc, priced.order, priced.paid)
    left = priced.paid - Fraction(priced.order.refunded)
    if priced.method.factors:
        return _search(ctx, priced, basis, left)
    # The refund of k units is zero as soon as left - k * unit is within the rounding of nothing.
    ratio = (left - _NOTHING[priced.method.doc.rounding]) * priced.total / basis
    if priced.method.doc.rounding == "up":
        return max(1, -(-ratio.numerator // ratio.denominator))
    return max(1, ratio.numerator // ratio.denominator + 1)


def _search(ctx: Context, priced: Priced, basis: Fraction, left: Fraction) -> int:
    """The same by halving, for factors that depend on how much was used."""
    assert priced.total is not None  # the caller has looked
    total = priced.total
    nothing = _NOTHING[priced.method.doc.rounding]

    def gone(units: int) -> bool:
        factor = _factor(ctx, priced.method, Fraction(units), total)
        worth = _ONE if factor is None else Fraction(factor.doc.value)
        rest = left - basis * units / total * worth
        return rest <= 0 or rest < nothing

    low, high = 1, int(total)
    if not gone(high):
        return high + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if gone(middle) else (middle + 1, high)
    return low


def daily_share(priced: Priced) -> Fraction:
    """How much less comes back for each further day; zero before the start and after the end."""
    counting = priced.method.doc.used
    if not priced.used or priced.total is None or counting is None or counting.unit == "month":
        return _ZERO
    if priced.used >= priced.total and priced.method.doc.total is not None:
        return _ZERO
    a_day = _UNITS_A_DAY[counting.unit]
    return priced.basis * a_day * priced.factor_value / priced.total
