"""The trace: one step for each value that was read or worked out, with its ground."""

from datetime import timedelta
from fractions import Fraction

from refund_core.context import Context
from refund_core.decision import Step
from refund_core.duration import UNIT_NAMES
from refund_core.methods import Priced, Settled
from refund_core.money import plain
from refund_core.policy import Route
from refund_core.policy_doc import WindowDoc
from refund_core.texts import day_text, instant_text
from refund_core.wording import KIND_NAMES

_BASIS_NAMES = {
    "paid": "实付金额",
    "list_price": "订单原价",
    "month_price": "月价",
    "term_months": "月价×购买月数",
}
_ROUNDING_NAMES = {"half_up": "四舍五入到分", "down": "舍到分", "up": "进到分"}


def route_step(route: Route) -> Step:
    """Which route was taken."""
    clause = route.clauses[0] if route.clauses else None
    return Step(f"route.{route.doc.id}", "适用规则", route.doc.label, clause=clause)


def window_step(ctx: Context, key: str, window: WindowDoc) -> Step | None:
    """A window: from when it runs and when it is over."""
    start, end = ctx.window_start(window), ctx.window_end(window)
    if start is None or end is None:
        return None
    length = f"{window.days} 天" if window.days else f"{window.minutes} 分钟"
    return Step(
        rule=f"window.{key}",
        label="期限",
        value=instant_text(end),
        formula=f"{instant_text(start)} 起 {length}内，即 {instant_text(end)} 之前",
        inputs={"since": start.isoformat(), "length": _length(window), "end": end.isoformat()},
        clause=ctx.policy.clauses.get(window.clause or ""),
    )


def _length(window: WindowDoc) -> str:
    length = timedelta(days=window.days, minutes=window.minutes)
    return f"{length // timedelta(minutes=1)} min"


def order_steps(ctx: Context, route: Route, priced: Priced, settled: Settled) -> list[Step]:
    """The sum of one order, line by line."""
    order = priced.order
    clause = priced.method.clause
    steps = [_paid_step(priced, route, settled)]
    if priced.used is not None and priced.total is not None:
        steps += _time_steps(ctx, priced)
    if priced.method.doc.kind == "none":
        formula = "全额退，不计已消费金额"
    elif not priced.used:
        formula = "尚未开始，没有消费" if priced.paid else "没有可退的实付金额"
    else:
        formula = _consumed_formula(priced)
    steps.append(
        Step(
            rule=f"method.{priced.method.id}.consumed",
            label="已消费金额",
            value=plain(priced.consumed),
            unit="元",
            formula=formula,
            inputs={"basis": plain(priced.basis), "factor": plain(priced.factor_value)},
            clause=priced.factor.clause if priced.factor else clause,
            order_id=order.id,
        )
    )
    if priced.fee_rate is not None:
        steps.append(_fee_step(priced))
    steps.append(_refund_step(priced, settled))
    return steps


def _paid_step(priced: Priced, route: Route, settled: Settled) -> Step:
    order = priced.order
    parts = {kind: getattr(order.payments, kind) for kind in KIND_NAMES}
    shown = [
        f"{KIND_NAMES[kind]} {parts[kind]:,.2f}" for kind in route.doc.returns if parts[kind] > 0
    ]
    inputs = {kind: format(value, "f") for kind, value in parts.items() if value > 0}
    return Step(
        rule="paid",
        label="实付金额",
        value=format(settled.paid, "f"),
        unit="元",
        formula=" ＋ ".join(shown),
        inputs=inputs,
        clause=priced.method.paid_clause,
        order_id=order.id,
    )


def _time_steps(ctx: Context, priced: Priced) -> list[Step]:
    doc = priced.method.doc
    assert priced.used is not None  # the caller has looked
    assert priced.total is not None
    start, end, now = priced.start, priced.end, ctx.now
    assert start is not None
    assert end is not None
    clause = priced.method.time_clause
    total_unit = UNIT_NAMES[doc.total.unit] if doc.total else _used_unit(priced)
    return [
        Step(
            rule=f"method.{priced.method.id}.total",
            label="订单周期",
            value=plain(priced.total),
            unit=total_unit,
            formula=f"{day_text(start)} 至 {day_text(end)}" if doc.total else "固定值",
            inputs={"starts_at": start.isoformat(), "ends_at": end.isoformat()},
            clause=clause,
            order_id=priced.order.id,
        ),
        Step(
            rule=f"method.{priced.method.id}.used",
            label="已用时长",
            value=plain(priced.used),
            unit=_used_unit(priced),
            formula=f"{day_text(start)} 至 {day_text(min(now, end))}"
            + (f"，{doc.note}" if doc.note else "")
            if now >= start
            else "尚未开始",
            inputs={"starts_at": start.isoformat(), "now": now.isoformat()},
            clause=clause,
            order_id=priced.order.id,
        ),
    ]


def _used_unit(priced: Priced) -> str:
    used = priced.method.doc.used
    return UNIT_NAMES[used.unit] if used else ""


def _consumed_formula(priced: Priced) -> str:
    assert priced.used is not None  # there is something used
    assert priced.total is not None
    name = _BASIS_NAMES[priced.method.doc.basis]
    text = f"{name} {plain(priced.basis)} × {plain(priced.used)} ÷ {plain(priced.total)}"
    if priced.factor is not None:
        text += f" × 系数 {plain(priced.factor_value)}"
    return f"{text} ＝ {plain(priced.consumed)}"


def _fee_step(priced: Priced) -> Step:
    rate = priced.fee_rate or Fraction(0)
    return Step(
        rule=f"method.{priced.method.id}.fee",
        label="退订手续费",
        value=plain(priced.fee),
        unit="元",
        formula=f"实付金额 {plain(priced.paid)} × {plain(rate * 100)}% ＝ {plain(priced.fee)}"
        if rate
        else "免收",
        inputs={"paid": plain(priced.paid), "rate": plain(rate)},
        clause=priced.method.fee_clause,
        order_id=priced.order.id,
    )


def _refund_step(priced: Priced, settled: Settled) -> Step:
    formula = f"{settled.paid} − {settled.consumed}"
    if settled.fee:
        formula += f" − {settled.fee}"
    if settled.refunded:
        formula += f" − 已退 {settled.refunded}"
    rounding = _ROUNDING_NAMES[priced.method.doc.rounding]
    return Step(
        rule=f"method.{priced.method.id}.refund",
        label="退款金额",
        value=format(settled.refund, "f"),
        unit="元",
        formula=f"{formula} ＝ {settled.refund}（{rounding}）",
        inputs={
            "paid": format(settled.paid, "f"),
            "consumed": format(settled.consumed, "f"),
            "fee": format(settled.fee, "f"),
            "refunded": format(settled.refunded, "f"),
        },
        clause=priced.method.clause,
        order_id=priced.order.id,
    )
