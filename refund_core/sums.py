"""The sum of a route over all orders it covers, split by kind of payment."""

from dataclasses import dataclass
from decimal import Decimal

from refund_core.case import ZERO, Order
from refund_core.context import Context
from refund_core.decision import Allocation, OrderLine, Step
from refund_core.duration import UNIT_NAMES
from refund_core.horizon import daily_share
from refund_core.money import allocate, from_fen, plain, round_exact
from refund_core.policy import Route
from refund_core.priced import Priced, Settled, settle
from refund_core.pricing import price
from refund_core.trace import order_steps, route_step, window_step

_ALL_KINDS = ("cash", "gift", "stored_value", "cash_coupon", "voucher")


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a route."""

    priced: tuple[Priced, ...]
    lines: tuple[OrderLine, ...]
    steps: tuple[Step, ...]
    paid: Decimal
    consumed: Decimal
    fee: Decimal
    refund: Decimal
    payments: Allocation
    allocation: Allocation
    voucher_lost: Decimal
    daily_decrease: Decimal | None


def covered(ctx: Context, route: Route) -> tuple[Order, ...]:
    """The orders a route returns."""
    if route.doc.covers == "order":
        return (ctx.case.order,)
    if route.doc.covers == "unstarted_renewals":
        return tuple(ctx.unstarted_renewals()) or (ctx.case.order,)
    return ctx.live


def add_up(ctx: Context, route: Route) -> Total:
    """Work out the sum of a route.

    Raises:
        MissingFactError: the case does not hold a fact that is needed.
    """
    orders = covered(ctx, route)
    steps: list[Step] = [route_step(route)]
    for deadline in route.doc.deadlines:
        if deadline.window is not None:
            step = window_step(ctx, deadline.window, ctx.policy.doc.windows[deadline.window])
            if step is not None:
                steps.append(step)
    all_priced: list[Priced] = []
    lines: list[OrderLine] = []
    voucher_lost = ZERO
    for order in orders:
        kinds = route.kinds_for(order, ctx.now)
        voucher_lost += ZERO if "voucher" in kinds else order.payments.voucher
        priced = price(ctx, route.method_for(order), order, kinds)
        settled = settle(priced)
        all_priced.append(priced)
        steps.extend(order_steps(ctx, route, priced, settled))
        lines.append(_line(priced, settled, kinds))
    payments = _sum([_payments(order) for order in orders])
    shares = [daily_share(priced) for priced in all_priced]
    daily = round_exact(shares[0] if len(shares) == 1 else sum(shares), "half_up")
    refund = _total([line.refund for line in lines])
    if len(lines) > 1:
        parts = " ＋ ".join(format(line.refund, "f") for line in lines)
        steps.append(Step("total", "退款合计", format(refund, "f"), "元", f"{parts} ＝ {refund}"))
    return Total(
        priced=tuple(all_priced),
        lines=tuple(lines),
        steps=tuple(steps),
        paid=_total([line.paid for line in lines]),
        consumed=_total([line.consumed for line in lines]),
        fee=_total([line.fee for line in lines]),
        refund=refund,
        payments=payments,
        allocation=_sum([line.allocation for line in lines]),
        voucher_lost=voucher_lost,
        daily_decrease=from_fen(daily) if daily else None,
    )


def _line(priced: Priced, settled: Settled, kinds: tuple[str, ...]) -> OrderLine:
    order, doc, measured = priced.order, priced.method.doc, priced.measured
    shown = measured is not None and measured.total is not None
    timed = measured is not None and measured.start is not None
    return OrderLine(
        order_id=order.id,
        kind=order.kind,
        product=order.product.name,
        paid=settled.paid,
        consumed=settled.consumed,
        refund=settled.refund,
        allocation=split(order, settled.refund, kinds),
        fee=settled.fee,
        already_refunded=settled.refunded,
        used=plain(measured.used) if shown and measured else None,
        total=plain(measured.total) if measured and measured.total is not None else None,
        unit=UNIT_NAMES[doc.used.unit] if shown and timed and doc.used else "",
        count_note=doc.note if shown else "",
        factor=format(priced.factor.doc.value, "f") if priced.factor else None,
    )


def split(order: Order, refund: Decimal, kinds: tuple[str, ...]) -> Allocation:
    """The refund by kind of payment, in proportion to what was paid with each."""
    if refund == 0:
        return Allocation()
    weights = {kind: getattr(order.payments, kind) for kind in kinds}
    present = {kind: weight for kind, weight in weights.items() if weight}
    return Allocation(**allocate(refund, present))


def _payments(order: Order) -> Allocation:
    paid = order.payments
    return Allocation(paid.cash, paid.gift, paid.stored_value, paid.cash_coupon, paid.voucher)


def _total(amounts: list[Decimal]) -> Decimal:
    return amounts[0] if len(amounts) == 1 else sum(amounts, ZERO)


def _sum(parts: list[Allocation]) -> Allocation:
    if len(parts) == 1:
        return parts[0]
    return Allocation(
        **{kind: sum((getattr(part, kind) for part in parts), ZERO) for kind in _ALL_KINDS}
    )
