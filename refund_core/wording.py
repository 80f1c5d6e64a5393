"""How amounts, kinds and sources are written in Chinese replies."""

from collections.abc import Iterable
from decimal import Decimal

from refund_core.case import Order
from refund_core.decision import Allocation, ClauseRef
from refund_core.texts import day_text

KIND_NAMES = {
    "cash": "现金",
    "gift": "赠送金",
    "stored_value": "储值卡",
    "cash_coupon": "现金券",
    "voucher": "代金券",
}
VENDOR_NAMES = {
    "aliyun": "阿里云",
    "baidu": "百度智能云",
    "ctyun": "天翼云",
    "huawei": "华为云",
    "tencent": "腾讯云",
    "ucloud": "UCloud",
}
_SYMBOLS = {"CNY": "¥", "USD": "US$"}
_BILLING = {
    "prepaid": "包年包月",
    "postpaid": "后付费",
    "one_off": "一次性收费",
    "free": "免费",
    "trial": "试用",
}
_TERM_UNITS = {"day": "天", "month": "个月", "year": "年"}


def money(amount: Decimal, currency: str = "CNY") -> str:
    """An amount with its sign, grouped, two decimals: ¥1,234.50."""
    return f"{_SYMBOLS[currency]}{amount:,.2f}"


def kinds(parts: Allocation, currency: str, amounts: bool) -> str:
    """The kinds of payment that are not zero: 现金, or 现金 ¥200.00、赠送金 ¥207.96."""
    present = [(name, getattr(parts, kind)) for kind, name in KIND_NAMES.items()]
    present = [(name, amount) for name, amount in present if amount > 0]
    if len(present) == 1 and not amounts:
        return present[0][0]
    return "、".join(f"{name} {money(amount, currency)}" for name, amount in present)


def order_label(order: Order) -> str:
    """One line that tells the customer which order this is."""
    if order.product.category in ("usage_pack", "storage_pack"):
        how = "资源包"
    else:
        how = _BILLING[order.billing_mode]
    if order.term is not None:
        how += f" {order.term.length} {_TERM_UNITS[order.term.unit]}"
    if order.starts_at is not None and order.ends_at is not None:
        how += f"（{day_text(order.starts_at)} 至 {day_text(order.ends_at)}）"
    return f"订单 {order.id} · {order.product.name} · {how}"


def cite(clause: ClauseRef) -> str:
    """A clause in full: 退订规则「…」（百度智能云退订综述，2025-08-21）."""
    return f"{clause.section}「{clause.text}」（{_dated(clause)}）"


def cite_sections(clauses: Iterable[ClauseRef]) -> str:
    """Clauses by heading only, grouped by source: 百度智能云退订综述「不可退款」（2025-08-21）."""
    grouped: dict[tuple[str, str | None], list[str]] = {}
    for clause in clauses:
        key = (clause.source.title, clause.source.updated)
        sections = grouped.setdefault(key, [])
        if clause.section not in sections:
            sections.append(clause.section)
    texts = []
    for (title, updated), sections in grouped.items():
        names = "".join(f"「{section}」" for section in sections)
        texts.append(f"{title}{names}" + (f"（{updated}）" if updated else ""))
    return "；".join(texts)


def _dated(clause: ClauseRef) -> str:
    source = clause.source
    return f"{source.title}，{source.updated}" if source.updated else source.title
