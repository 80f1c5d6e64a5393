"""Short labels of orders and dates, as lists and buttons show them."""

from datetime import datetime

from refund_core.texts import kind_text
from refund_core.wording import money
from refundbot.orders.source import OrderRecord


def short_day(day: datetime, today: datetime) -> str:
    """11-14 in this year, 2025-11-14 in another one; Asia/Shanghai."""
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def short_label(order: OrderRecord, today: datetime) -> str:
    """云服务器 BCC · 11-14 购买 · ¥280.00 (the amount actually paid); 续费 and the like by name."""
    day = short_day(order.purchased_at, today)
    what = "购买" if order.kind == "new" else kind_text(order.kind)
    return f"{order.product_name} · {day} {what} · {money(order.paid)}"
