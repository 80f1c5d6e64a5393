"""Facts that contradict each other: no rule can be applied to them, a person has to look."""

from collections.abc import Iterator
from datetime import datetime

from refund_core.case import Order, RefundCase
from refund_core.context import returnable
from refund_core.texts import instant_text

ALL_KINDS = ("cash", "gift", "stored_value", "cash_coupon", "voucher")


def contradictions(case: RefundCase, now: datetime) -> Iterator[str]:
    """Chinese sentences about facts that cannot all be true."""
    for order in (case.order, *case.related_orders):
        yield from _amounts(order)
        if order.starts_at and order.ends_at and order.ends_at <= order.starts_at:
            yield f"订单 {order.id} 的结束时间不晚于开始时间。"
    if case.order.purchased_at > now:
        bought = instant_text(case.order.purchased_at)
        yield f"订单 {case.order.id} 的购买时间 {bought} 晚于退订时间 {instant_text(now)}。"
    ids = [order.id for order in (case.order, *case.related_orders)]
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        yield f"订单 {name} 出现了不止一次。"


def _amounts(order: Order) -> Iterator[str]:
    paid = returnable(order, ALL_KINDS)
    if paid != order.amount:
        amounts = f"订单金额 ¥{order.amount:,.2f} 与支付明细合计 ¥{paid:,.2f}"
        yield f"订单 {order.id} 的{amounts} 不一致。"
    if order.refunded > paid:
        yield f"订单 {order.id} 的已退金额 ¥{order.refunded:,.2f} 超过支付金额 ¥{paid:,.2f}。"
