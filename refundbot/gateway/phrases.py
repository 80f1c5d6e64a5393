"""Sentences the gateway itself says to customers. All of them, in one place."""

from datetime import datetime
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
# By what the conversation has waiting already: nothing, other questions, or this very one.
_KEPT = {
    None: "您的问题我已经记下，恢复后会在这里回复您；" + _WAYS_ON,
    "others": "这个问题我也记下了，恢复后会在这里逐个回复您；" + _WAYS_ON,
    "this": "您的问题我一直记着，恢复后会在这里回复您一次；" + _WAYS_ON,
}
# By the part that is down: the first promise, the same question once more, and being back.
_OUTAGES = {
    "orders": ("订单系统暂时查不到，", "订单系统还没有恢复。", "订单系统恢复了。"),
    "system": ("系统暂时连不上，", "系统还没有恢复。", "系统恢复了。"),
}
_GAVE_UP = "抱歉，系统一直没有恢复，这个问题我没能回答。请现在再问一次，或转人工。"
_NO_PERSON_YET = "您当时要找人工客服。现在还需要的话请点「转人工」，我马上为您转接。"
_LONGEST_QUOTE = 30  # characters

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


def promise(settings: Settings, part: str, already: str | None) -> dict[str, Any]:
    """The reply for now to a question that is kept; no two in a row read the same."""
    first, still, _ = _OUTAGES[part]
    text = (still if already else first) + _KEPT[already]
    return {"text": text, "buttons": _ways_on(settings), "decision": None, "kind": "outage"}


def late(
    replies: list[dict[str, Any]],
    part: str,
    shown: str,
    pressed: bool,
    asked: datetime,
    at: datetime,
) -> list[dict[str, Any]]:
    """A late answer: what it answers in its first line, then the answer.

    Args:
        replies: the answer.
        part: what was down.
        shown: what the customer asked, in their words or the title of their button.
        pressed: whether it was a button.
        asked: when they asked, on the stack's clock.
        at: now, on the stack's clock.
    """
    first, *rest = replies
    head = _OUTAGES[part][2] + _quote(shown, pressed, asked, at)
    return [{**first, "text": f"{head}\n{first['text']}"}, *rest]


def gave_up(
    settings: Settings, shown: str, pressed: bool, asked: datetime, at: datetime
) -> dict[str, Any]:
    """The honest end of a promise that could not be kept."""
    text = f"{_quote(shown, pressed, asked, at)}\n{_GAVE_UP}"
    return {"text": text, "buttons": _ways_on(settings), "decision": None, "kind": "outage"}


def ask_for_person(settings: Settings) -> dict[str, Any]:
    """A person was wanted while everything was down; whether they still are is theirs to say."""
    return {**notice(_NO_PERSON_YET), "buttons": _ways_on(settings)}


def _ways_on(settings: Settings) -> list[dict[str, str]]:
    return [
        {"title": "转人工", "payload": "/handoff"},
        {"title": "自己去退订页面看", "url": settings.orders_url},
    ]


def _quote(shown: str, pressed: bool, asked: datetime, at: datetime) -> str:
    """您 10:02 问的「还能退吗」：, with the day when it was another one."""
    when = (
        f"{asked:%H:%M}"
        if asked.date() == at.date()
        else f"{asked.month} 月 {asked.day} 日 {asked:%H:%M} "
    )
    words = shown if len(shown) <= _LONGEST_QUOTE else shown[: _LONGEST_QUOTE - 1] + "…"
    return f"您 {when.strip()} {'点' if pressed else '问'}的「{words}」："
