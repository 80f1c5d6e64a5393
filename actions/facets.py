"""合同的那个、续费那单、下午那台: an order pointed at by what is special about it.

Only with a word that points (那个、的呢); 合同 alone is a question about contracts.
"""

import re
from collections.abc import Callable

from refundbot.clock import SHANGHAI
from refundbot.orders.source import OrderRecord

Facet = Callable[[OrderRecord], bool]

_POINTS = re.compile(
    r"那[个台单笔]|的(?:呢|吧)?[。.？?！!]*$|(?:只|单独|光|先)退.{0,4}续费|续费.{0,6}(?:单独|单|只)退"
)
_THIS = re.compile(r"这[个台单笔]")  # the one talked about, whatever is said of it
_FACETS: tuple[tuple[re.Pattern[str], Facet], ...] = (
    (re.compile(r"合同"), lambda order: order.case.order.contract is not None),
    (re.compile(r"续费"), lambda order: order.kind == "renewal"),
    (re.compile(r"升[配级]"), lambda order: order.kind == "upgrade"),
    (
        re.compile(r"(?:没|未|没有)开过?发?票"),
        lambda order: order.case.order.invoice is not None and not order.case.order.invoice.issued,
    ),
    (
        re.compile(r"(?<![没未有])开过?(?:了)?发?票"),
        lambda order: order.case.order.invoice is not None and order.case.order.invoice.issued,
    ),
)
# 下午那台, of two bought on one day: the hours of each part of the day, the end not counted.
_PARTS_OF_DAY = (
    (re.compile(r"凌晨|半夜"), range(6)),
    (re.compile(r"早上|早晨|上午"), range(5, 12)),
    (re.compile(r"中午"), range(11, 14)),
    (re.compile(r"下午|傍晚"), range(12, 19)),
    (re.compile(r"晚上|夜里"), range(18, 24)),
)
_CAMPAIGN = re.compile(r"抽奖|推荐|套餐|礼包|优惠券|折扣|活动|促销|爆款")


def facet(text: str) -> Facet | None:
    """What the orders meant have in common, or None when nothing of the kind is said."""
    if _POINTS.search(text) is None or _THIS.search(text) is not None:
        return None
    for words, fits in _FACETS:
        if words.search(text):
            return fits
    for words, hours in _PARTS_OF_DAY:
        if words.search(text):
            return _bought_in(hours)
    named = _CAMPAIGN.search(text)
    if named is None:
        return None
    word = named.group(0)
    if word in ("活动", "促销"):
        return lambda order: order.promotion is not None
    return lambda order: word in (order.promotion or "")


def _bought_in(hours: range) -> Facet:
    return lambda order: order.purchased_at.astimezone(SHANGHAI).hour in hours
