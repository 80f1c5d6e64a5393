"""Short labels of orders and dates, as lists and buttons show them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from refund_core.texts import kind_text
from refund_core.wording import money
from refundbot.orders.source import OrderRecord


def short_day(day: datetime, today: datetime) -> str:
    """11-14 in this year, 2025-11-14 in another one; Asia/Shanghai."""
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def short_label(order: OrderRecord, today: datetime, *, clock: bool = False) -> str:
    """云服务器 BCC · 11-14 购买 · ¥280.00 (the amount actually paid); 续费 and the like by name.

    With ``clock`` the time of day too, for orders that the day does not tell apart.
    """
    day = short_day(order.purchased_at, today)
    when = f"{day} {order.purchased_at:%H:%M}" if clock else day
    what = "购买" if order.kind == "new" else kind_text(order.kind)
    return f"{order.product_name} · {when} {what} · {money(order.paid)}"


def short_labels(orders: Sequence[OrderRecord], today: datetime) -> list[str]:
    """Labels of the orders of one list, the same product of the same day told apart by time."""

    def looks(order: OrderRecord) -> tuple[object, ...]:
        return order.product_name, order.kind, order.purchased_at.date()

    alike = Counter(looks(order) for order in orders)
    return [short_label(order, today, clock=alike[looks(order)] > 1) for order in orders]
