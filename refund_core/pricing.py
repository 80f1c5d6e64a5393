"""Pricing the used part of one order. Amounts are fen, exact; rounding happens in `settle`."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from refund_core.case import Order, Pricing
from refund_core.context import Context, required_end, required_start, returnable
from refund_core.duration import add_months, add_term, count, full_months
from refund_core.method_doc import MethodDoc
from refund_core.money import Exact, plain, plain_yuan, ratio, to_fen
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
    measured = _measure(ctx, doc, order)
    if measured.used == 0:
        return Priced(order, method, paid, 0, measured=measured)
    consumed, formula, basis, factor = _consumed(ctx, method, order, paid, measured)
    fee, rate = _fee(ctx, method, order, measured, paid)
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
    if doc.kind == "units":
        basis = _fen(_need(order, "unit_price")) * _discount(doc, order)
        consumed, formula = basis * measured.used, f"单价 {plain_yuan(basis)}"
        formula += f" × {plain(measured.used)}"
    else:
        basis = basis_fen(doc, order, paid)
        assert measured.total is not None  # a ratio is always of something
        consumed = ratio(basis * measured.used, measured.total)
        formula = f"{BASIS_NAMES[doc.basis]} {plain_yuan(basis)}"
        formula += f" × {plain(measured.used)} ÷ {plain(measured.total)}"
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


def _measure(ctx: Context, doc: MethodDoc, order: Order) -> Measured:
    if doc.measure == "quantity":
        usage = ctx.case.resource.usage
        if usage is None or usage.size == 0:
            raise MissingFactError("resource.usage")
        size = Fraction(usage.size)
        return Measured(min(Fraction(usage.used), size), size)
    start = required_start(order, doc.period_start)
    end = required_end(order, start)
    now = min(ctx.now, end)
    if doc.stops_at_upgrade:
        now = min([now, *(item.purchased_at for item in ctx.live if item.kind == "upgrade")])
    used: Exact = 0
    if now >= start and doc.used is not None and ctx.now >= start:
        used = count(start, now, doc.used.unit, doc.used.how)
    if doc.kind == "payg":
        # Whole months count as used too, so "nothing used" means before the start.
        return Measured(used, None, start, max(start, now))
    if doc.total is None:
        return Measured(used, doc.total_fixed, start, end)
    total = max(1, count(start, end, doc.total.unit, doc.total.how))
    return Measured(min(used, total), total, start, end)


def basis_fen(doc: MethodDoc, order: Order, paid: int) -> Exact:
    """What a ratio is taken of, in fen.

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
            basis *= _term_months(order)
    return basis * _discount(doc, order)


def _discount(doc: MethodDoc, order: Order) -> Exact:
    if doc.discount == "none":
        return 1
    return Fraction(_need(order, "discount" if doc.discount == "order" else "used_discount"))


def _term_months(order: Order) -> int:
    if order.term is None or order.term.unit == "day":
        raise MissingFactError("order.term")
    return order.term.length * (12 if order.term.unit == "year" else 1)


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
    discount = _discount(doc, order)
    if discount != 1:
        parts.append(f"折扣 {plain(discount)}")
    return cost * discount, " ＋ ".join(parts)


def _fee(
    ctx: Context, method: Method, order: Order, measured: Measured, paid: int
) -> tuple[Exact, Decimal | None]:
    fee = method.doc.fee
    if fee is None:
        return 0, None
    if method.fee_waived is not None:
        waived = method.fee_waived.test(ctx)
        if isinstance(waived, Unknown):
            raise MissingFactError(*waived.facts)
        if waived:
            return 0, Decimal(0)
    start = measured.start or required_start(order, method.doc.period_start)
    if order.term is None:
        raise MissingFactError("order.term")
    months = full_months(start, add_term(start, order.term))
    year = full_months(start, ctx.now) // 12
    for row in fee.rows:
        if row.from_months <= months <= row.to_months and year < len(row.rates):
            return paid * Fraction(row.rates[year]), row.rates[year]
    raise MissingFactError("policy.fee_rate")


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
    months = full_months(ctx.now, end)
    days = count(add_months(ctx.now, months), end, "day", "ceil")
    remaining = months + ratio(days, doc.total_fixed or 30)
    return min(left, _fen(new) * remaining * Fraction(ctx.case.request.new_discount))
