"""The trace: one step for each value that was read or worked out, with its ground."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from refund_core.context import Context
from refund_core.decision import Step
from refund_core.duration import UNIT_NAMES
from refund_core.money import plain, plain_yuan
from refund_core.policy import Route
from refund_core.policy_doc import WindowDoc
from refund_core.priced import Measured, Priced, Settled
from refund_core.texts import day_text, instant_text
from refund_core.wording import KIND_NAMES

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
    steps = [_paid_step(priced, route.kinds_for(priced.order, ctx.now), settled)]
    if priced.measured is not None:
        steps += _measure_steps(ctx, priced, priced.measured)
    steps.append(_consumed_step(priced))
    if priced.fee_rate is not None:
        steps.append(_fee_step(priced, priced.fee_rate))
    steps.append(_refund_step(priced, settled))
    return steps


def _consumed_step(priced: Priced) -> Step:
    order, method = priced.order, priced.method
    value = plain_yuan(priced.consumed)
    if method.doc.kind == "none":
        formula = "全额退，不计已消费金额"
    elif priced.formula:
        formula = priced.formula
        if priced.kept:
            formula += f" ＋ 降配后保留 {plain_yuan(priced.kept)}"
        formula += f" ＝ {value}"
    else:
        formula = "尚未使用，没有消费" if priced.paid else "没有可退的实付金额"
    factor = priced.factor
    return Step(
        rule=f"method.{method.id}.consumed",
        label="已消费金额",
        value=value,
        unit="元",
        formula=formula,
        inputs={
            "basis": plain_yuan(priced.basis),
            "factor": "1" if factor is None else format(factor.doc.value, "f"),
        },
        clause=factor.clause if factor is not None and factor.clause else method.clause,
        order_id=order.id,
    )


def _paid_step(priced: Priced, kinds: Sequence[str], settled: Settled) -> Step:
    order = priced.order
    parts = {kind: getattr(order.payments, kind) for kind in KIND_NAMES}
    shown = [f"{KIND_NAMES[kind]} {parts[kind]:,.2f}" for kind in kinds if parts[kind] > 0]
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


def _measure_steps(ctx: Context, priced: Priced, measured: Measured) -> list[Step]:
    doc, clause = priced.method.doc, priced.method.time_clause
    start, end = measured.start, measured.end
    if start is None or end is None:
        label, unit, period, used = "资源包总量", "", "", ""
        inputs: dict[str, str] = {}
    else:
        label, unit = "订单周期", UNIT_NAMES[doc.used.unit] if doc.used else ""
        first = day_text(start)
        period = f"{first} 至 {day_text(end)}" if doc.total else "按固定天数折算"
        used = "尚未开始"
        if ctx.now >= start:
            used = f"{first} 至 {day_text(min(ctx.now, end))}"
            used += f"，{doc.note}" if doc.note else ""
        inputs = {"starts_at": start.isoformat(), "ends_at": end.isoformat()}
    steps = []
    if measured.total is not None:
        steps.append(
            Step(
                rule=f"method.{priced.method.id}.total",
                label=label,
                value=plain(measured.total),
                unit=unit,
                formula=period,
                inputs=inputs,
                clause=clause,
                order_id=priced.order.id,
            )
        )
    steps.append(
        Step(
            rule=f"method.{priced.method.id}.used",
            label="已用量" if start is None else "已用时长",
            value=plain(measured.used),
            unit=unit,
            formula=used,
            inputs={**inputs, "now": ctx.now.isoformat()},
            clause=clause,
            order_id=priced.order.id,
        )
    )
    return steps


def _fee_step(priced: Priced, rate: Decimal) -> Step:
    percent = plain(Fraction(rate) * 100)
    fee = plain_yuan(priced.fee)
    return Step(
        rule=f"method.{priced.method.id}.fee",
        label="退订手续费",
        value=fee,
        unit="元",
        formula=f"实付金额 {plain_yuan(priced.paid)} × {percent}% ＝ {fee}" if rate else "免收",
        inputs={"paid": plain_yuan(priced.paid), "rate": format(rate, "f")},
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
