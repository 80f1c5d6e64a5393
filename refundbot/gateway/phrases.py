"""Sentences the gateway itself says to customers. All of them, in one place."""

from typing import Any

from refundbot.settings import Settings

UNAUTHORIZED = "登录已过期或无效，请刷新页面后重试。"
TOO_LARGE = "消息太大了，请把问题写得短一些再发。"
RATE_LIMITED = "您发得太快了，请稍等 {seconds} 秒再发。"
QUEUE_FULL = "您前面的消息还在处理，请等回复后再发。"
BAD_REQUEST = "请求的格式不对：{detail}"
STORE_DOWN = "系统暂时存不了消息，这条没有送达。请过一会儿再发一次。"
ORDERS_DOWN = "订单系统暂时查不到，请过一会儿再试。"
NOT_FOUND = "没有这个地址。"
METHOD = "这个地址不支持这种请求。"
BROKEN = "系统出了点问题，请过一会儿再试。"

BUTTON_DEAD = "这个按钮已失效，请重新提问。"
EMPTY = "没有收到文字。请直接写您的问题，例如「我上周买的云服务器还能退吗」，也可以只发订单号。"
EMOJI = "表情收到了。想了解退款的话，请用文字告诉我，例如「能退多少钱」，或直接发订单号。"
TOO_LONG = (
    "这条消息有 {length} 个字，太长了，我没有读。"
    "请缩短到 {limit} 字以内再发，写上订单号和您的问题就够了。"
)

_WAYS_ON = "着急的话可以转人工，或自己去退订页面看。"
DOWN = "系统暂时连不上，您这条消息没有处理成功。请过一会儿再发一次；" + _WAYS_ON
SLOW = "查询比平时慢，您这条消息我已经收到，还在处理，有结果会显示在这里。" + _WAYS_ON


def notice(text: str) -> dict[str, Any]:
    """A fixed reply that needs no turn."""
    return {"text": text, "buttons": [], "decision": None, "kind": "notice"}


def outage(settings: Settings, text: str) -> dict[str, Any]:
    """A fixed reply for when something is down or slow, with two ways on."""
    buttons = [
        {"title": "转人工", "url": settings.support_url},
        {"title": "去退订页面", "url": settings.orders_url},
    ]
    return {"text": text, "buttons": buttons, "decision": None, "kind": "outage"}
