"""Pricing the used part of one order. Amounts are fen, exact; rounding happens in `settle`."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from refund_core.case import Order, Pricing
from refund_core.context import Context, required_end, required_start, returnable
from refund_core.duration import add_months, count, full_months
from refund_core.fees import fee_of
from refund_core.measuring import measure, term_months
from refund_core.method_doc import MethodDoc
from refund_core.money import Exact, plain, plain_yuan, ratio, round_exact, to_fen
from refund_core.policy import Factor, Method
from refund_core.priced import Measured, Priced
from refund_core.verdict import MissingFactError, Unknown

BASIS_NAMES = {
    "paid": "实付金额",
    "list_price": "订单原价",
    "month_price": "月价",
    "term_months": "月价×购买月数",
}


def price(ctx: Context, method: Method, order: Order, kinds: tuple[str, ...]) -> Priced:
    """Price the used part of an order at the context's instant.

    Raises:
        MissingFactError: the case does not hold a fact that is needed.
    """
    paid = to_fen(returnable(order, kinds))
    doc = method.doc
    if doc.kind == "none" or paid == 0:
        return Priced(order, method, paid, 0)
    if doc.kind == "share":
        share = Fraction(doc.rate or 0)
        formula = f"实付金额 {plain_yuan(paid)} × {plain(share * 100)}%"
        return Priced(order, method, paid, paid * share, formula, basis=paid)
    measured = measure(ctx, doc, order)
    # Nothing used yet: nothing consumed. A fee is due all the same once the period has begun.
    begun = measured.start is None or ctx.now >= measured.start
    if measured.used == 0 and not (begun and doc.fee is not None):
        return Priced(order, method, paid, 0, measured=measured)
    consumed, formula, basis, factor = _consumed(ctx, method, order, paid, measured)
    fee, rate = fee_of(ctx, method, order, measured, paid)
    kept: Exact = 0
    if doc.downgrade != "none":
        kept = _kept(ctx, doc, order, measured, max(0, paid - consumed - to_fen(order.refunded)))
    return Priced(
        order=order,
        method=method,
        paid=paid,
        consumed=consumed + kept,
        formula=formula,
        fee=fee,
        kept=kept,
        basis=basis,
        measured=measured,
        factor=factor,
        fee_rate=rate,
    )


def _consumed(
    ctx: Context, method: Method, order: Order, paid: int, measured: Measured
) -> tuple[Exact, str, Exact, Factor | None]:
    """What was consumed, its formula, its basis and the factor on it."""
    doc = method.doc
    if doc.kind == "payg":
        consumed, formula = _payg(ctx, doc, order, measured)
        return consumed, formula, 0, None
    factor = factor_for(ctx, method, measured)
    months = _months_used(ctx, measured)
    if doc.kind == "units":
        basis = _fen(_need(order, "unit_price")) * _discount(doc, order, months)
        consumed, formula = basis * measured.used, f"单价 {plain_yuan(basis)}"
        formula += f" × {plain(measured.used)}"
    else:
        basis = basis_fen(doc, order, paid, months)
        assert measured.total is not None  # a ratio is always of something
        formula = f"{BASIS_NAMES[doc.basis]} {plain_yuan(basis)}"
        if doc.unit_rounding is None:
            consumed = ratio(basis * measured.used, measured.total)
            formula += f" × {plain(measured.used)} ÷ {plain(measured.total)}"
        else:
            unit = round_exact(ratio(basis, measured.total), doc.unit_rounding)
            consumed = unit * measured.used
            formula += f" ÷ {plain(measured.total)} ≈ {plain_yuan(unit)}，× {plain(measured.used)}"
    if factor is not None:
        consumed = consumed * Fraction(factor.doc.value)
        formula += f" × 系数 {format(factor.doc.value, 'f')}"
    return consumed, formula, basis, factor


def _fen(yuan: Decimal) -> Exact:
    value = Fraction(yuan) * 100
    return value.numerator if value.denominator == 1 else value


def _need(order: Order, name: str) -> Decimal:
    value: Decimal | None = None if order.pricing is None else getattr(order.pricing, name)
    if value is None:
        raise MissingFactError(f"order.pricing.{name}")
    return value


def basis_fen(doc: MethodDoc, order: Order, paid: int, months: int = 0) -> Exact:
    """What a ratio is taken of, in fen; `months` were used in full.

    Raises:
        MissingFactError: the price book facts of the order are unknown.
    """
    if doc.basis == "paid":
        return paid
    if doc.basis == "list_price":
        if order.list_price is None:
            raise MissingFactError("order.list_price")
        basis: Exact = to_fen(order.list_price)
    else:
        basis = _fen(_need(order, "month_price"))
        if doc.basis == "term_months":
            basis *= term_months(order)
    return basis * _discount(doc, order, months)


def _discount(doc: MethodDoc, order: Order, months: int) -> Exact:
    if doc.discount == "none":
        return 1
    if doc.discount == "used":
        return _month_discount(order, months)
    return Fraction(_need(order, "discount"))


def _months_used(ctx: Context, measured: Measured) -> int:
    if measured.start is None or measured.end is None:
        return 0
    return full_months(measured.start, min(ctx.now, measured.end))


def factor_for(ctx: Context, method: Method, measured: Measured) -> Factor | None:
    """The first factor whose condition holds.

    Raises:
        MissingFactError: the case does not hold a fact its condition needs.
    """
    if not method.factors:
        return None
    ctx.measures["used"] = measured.used
    ctx.measures["total"] = measured.total or 0
    for factor in method.factors:
        verdict = factor.when.test(ctx)
        if isinstance(verdict, Unknown):
            raise MissingFactError(*verdict.facts)
        if verdict:
            return factor
    return None


def _payg(ctx: Context, doc: MethodDoc, order: Order, measured: Measured) -> tuple[Exact, str]:
    """Full months at the month's price, the rest by the hour."""
    start, until = measured.start, measured.end
    assert start is not None
    assert until is not None
    months = full_months(start, until)
    consumed: Exact = 0
    parts: list[str] = []
    if months:
        discount = _month_discount(order, months)
        month = _fen(_need(order, "month_price"))
        consumed = month * months * discount
        parts.append(f"月价 {plain_yuan(month)} × {months} 个月 × 折扣 {plain(discount)}")
    rest_start = add_months(start, months)
    if until > rest_start or not months:
        rest, text = _part_month(doc, order, rest_start, until)
        consumed += rest
        parts.append(text)
    return consumed, " ＋ ".join(parts)


def _month_discount(order: Order, months: int) -> Fraction:
    """The discount that belongs to the months used: that of the longest term reached."""
    pricing = order.pricing or Pricing()
    if pricing.used_discount is not None:
        return Fraction(pricing.used_discount)
    reached = [tier for tier in pricing.term_discounts if tier.months <= months]
    if not pricing.term_discounts:
        raise MissingFactError("order.pricing.used_discount")
    best = max(reached, key=lambda tier: tier.months, default=None)
    return Fraction(1) if best is None else Fraction(best.discount)


def _part_month(
    doc: MethodDoc, order: Order, start: datetime, until: datetime
) -> tuple[Exact, str]:
    pricing = order.pricing or Pricing()
    if pricing.part_month_price is not None:
        given = _fen(pricing.part_month_price)
        return given, f"不足一个月部分 {plain_yuan(given)}"
    if not pricing.payg:
        raise MissingFactError("order.pricing.payg")
    assert doc.used is not None  # checked when the policy was loaded
    hours = count(start, until, "hour", doc.used.how)
    cost: Exact = 0
    done: Exact = 0
    parts: list[str] = []
    for tier in pricing.payg:
        top = hours if tier.up_to_hours is None else min(hours, tier.up_to_hours)
        if top > done:
            parts.append(f"按量价 {format(tier.price, 'f')} × {plain(top - done)} 小时")
            cost += _fen(tier.price) * (top - done)
            done = top
    if done < hours:
        raise MissingFactError("order.pricing.payg")
    discount = _discount(doc, order, 0)
    if discount != 1:
        parts.append(f"折扣 {plain(discount)}")
    return cost * discount, " ＋ ".join(parts)


def _kept(ctx: Context, doc: MethodDoc, order: Order, measured: Measured, left: Exact) -> Exact:
    """What stays with the vendor when the size goes down instead of being returned."""
    new = ctx.case.request.new_month_price
    if new is None:
        raise MissingFactError("request.new_month_price")
    if doc.downgrade == "price_difference":
        old = _fen(_need(order, "month_price"))
        return left if old == 0 else min(left, ratio(left * _fen(new), old))
    if ctx.case.request.new_discount is None:
        raise MissingFactError("request.new_discount")
    start = measured.start or required_start(order, doc.period_start)
    end = required_end(order, start)
    remaining = _remaining_months(doc, ctx.now, end)
    return min(left, _fen(new) * remaining * Fraction(ctx.case.request.new_discount))


def _remaining_months(doc: MethodDoc, now: datetime, end: datetime) -> Exact:
    months = full_months(now, end)
    days = count(add_months(now, months), end, "day", "ceil")
    if days and doc.remaining == "months_or_days":
        months, days = 0, count(now, end, "day", "ceil")
    return months + ratio(days, doc.total_fixed or 30)
