"""Filling the sentences of a policy with the facts of a case."""

from collections.abc import Callable
from datetime import datetime

from refund_core.codec import SHANGHAI
from refund_core.context import Context

_ORDER_KINDS = {
    "new": "新购",
    "renewal": "续费",
    "upgrade": "升配",
    "downgrade": "降配",
    "conversion": "转换计费方式",
}
_PROMOTION_KINDS = {
    "bundle": "促销套餐",
    "coupon": "促销优惠券",
    "coupon_pack": "促销优惠券礼包",
    "discount_plan": "折扣券计划",
    "lottery": "抽奖活动",
    "referral": "推荐活动",
    "other": "促销活动",
}


def instant_text(instant: datetime) -> str:
    """An instant to the minute, Beijing time, with its year."""
    return instant.astimezone(SHANGHAI).isoformat(" ", "minutes")[:16]


def day_text(instant: datetime) -> str:
    """The day of an instant, Beijing time, with its year."""
    return instant.astimezone(SHANGHAI).date().isoformat()


def kind_text(kind: str) -> str:
    """What an order did, in Chinese."""
    return _ORDER_KINDS[kind]


def _end(ctx: Context) -> str:
    end = ctx.resource_end()
    # A resource can be marked as expired before the end that was paid for, or without any.
    return f"已于 {instant_text(end)} 到期" if end is not None and end <= ctx.now else "已经到期"


def _promotions(ctx: Context) -> str:
    names = [f"「{order.promotion.name}」" for order in ctx.orders if order.promotion]
    return "、".join(dict.fromkeys(names))


def _promotion_kinds(ctx: Context) -> str:
    kinds = [_PROMOTION_KINDS[order.promotion.kind] for order in ctx.orders if order.promotion]
    return "、".join(dict.fromkeys(kinds))


def _contracts(ctx: Context) -> str:
    return "、".join(dict.fromkeys(order.contract.id for order in ctx.orders if order.contract))


def _bundles(ctx: Context) -> str:
    return "、".join(dict.fromkeys(order.bundle.id for order in ctx.orders if order.bundle))


def _unfinished(ctx: Context) -> str:
    orders = [(item.id, item.kind) for item in ctx.case.resource.unfinished_orders]
    for order in ctx.case.related_orders:
        if order.status == "creating":
            orders.append((order.id, order.kind))
    return "、".join(dict.fromkeys(f"{kind_text(kind)}订单 {name}" for name, kind in orders))


PLACEHOLDERS: dict[str, Callable[[Context], str]] = {
    "end": _end,
    "promotion": _promotions,
    "promotion_kind": _promotion_kinds,
    "contract": _contracts,
    "bundle": _bundles,
    "unfinished": _unfinished,
    "product": lambda ctx: ctx.case.order.product.name,
    "order": lambda ctx: ctx.case.order.id,
    "purchased": lambda ctx: instant_text(ctx.case.order.purchased_at),
}


class _Lazy(dict[str, str]):
    """Works out a placeholder only when the sentence holds it."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx

    def __missing__(self, name: str) -> str:
        return PLACEHOLDERS[name](self.ctx)


def fill(text: str, ctx: Context) -> str:
    """The sentence with its placeholders filled."""
    return text.format_map(_Lazy(ctx)) if "{" in text else text
