"""Whose order, and what kind of thing: 阿里云那台 is ``vendor`` aliyun, ``category`` instance.

A vendor counts only where something of the customer's is said to be there (在腾讯云买的):
比阿里云贵 and 换成华为云 point at no order.
"""

import re

from refundbot.nlu.entities.spans import Span

_NAMES = {
    "baidu": "百度智能云|百度云|百度",
    "aliyun": "阿里云|阿里|aliyun",
    "tencent": "腾讯云|腾讯|qcloud",
    "huawei": "华为云|华为",
    "ucloud": "ucloud|优刻得",
    "ctyun": "天翼云",
}
_COMPARED = r"(?<![比像跟和同与换转去用成到])"
_THING = (
    r"(?:订单|服务器|云服务器|云主机|主机|实例|机器|数据库|云盘|硬盘|账号|资源|ecs|cvm|rds|oss|cos)"
)
_OWNED = (
    r"(?=\s?(?:上面?|里面?|那边|这边)?\s?"
    rf"(?:(?:的|买的|的?[那这])?\s?[台个笔单条]?\s?{_THING}|的?[那这]\s?[一两几]?[台个笔单条些]"
    r"|买|购|下的?单|订|开通|续费))"
)
_VENDORS = {
    code: re.compile(f"{_COMPARED}(?:{names}){_OWNED}", re.IGNORECASE)
    for code, names in _NAMES.items()
}
# 台 counts machines, never packs, plans or services.
_INSTANCE = re.compile(r"[那这哪][一两几]?台(?!词|阶|面|风)")


def find(text: str) -> list[Span]:
    """Vendors whose orders are meant, and 台."""
    found = [
        Span("vendor", match.start(), match.end(), code)
        for code, pattern in _VENDORS.items()
        for match in pattern.finditer(text)
    ]
    return found + [
        Span("category", match.start(), match.end(), "instance")
        for match in _INSTANCE.finditer(text)
    ]
