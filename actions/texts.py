"""Fixed sentences that do not come from a decision. Short, honest, with a way on."""

from actions.notes import NotedReply
from actions.reply import Button, Reply, say
from refund_core.wording import VENDOR_NAMES
from refundbot.applications.links import login_link, orders_link

LIST_BUTTON = say("我的订单", "list_orders")
HANDOFF_BUTTON = say("转人工", "handoff")
POLICY_BUTTON = say("看退订规则", "ask_policy")


def unsubscribe_button() -> Button:
    """Link to the page where a customer can see and return orders without the bot."""
    return Button("自己去退订页面看", url=orders_link())


def sign_in() -> Reply:
    """A visitor asked about an order."""
    return Reply(
        "查订单需要先登录控制台。没有登录时我可以说明一般的退订规则。",
        (Button("登录", url=login_link()), POLICY_BUTTON),
        kind="notice",
    )


def not_yours(order_ids: tuple[str, ...]) -> Reply:
    """An order number that is not this account's: the same words whether it exists or not."""
    numbers = "、".join(order_ids[:3])
    return Reply(
        f"在您名下没有找到订单 {numbers}。请核对订单号。",
        (LIST_BUTTON, HANDOFF_BUTTON),
        kind="notice",
    )


def other_vendor(mine: str, meant: str) -> Reply:
    """An order of a vendor whose console this is not."""
    here, there = VENDOR_NAMES.get(mine, mine), VENDOR_NAMES.get(meant, meant)
    text = f"您登录的是{here}账号，这里只能查{here}的订单；{there}的订单请登录{there}控制台查询。"
    return Reply(text, (LIST_BUTTON, HANDOFF_BUTTON), kind="notice")


def outage() -> NotedReply:
    """Orders cannot be read now, and can be asked again: the gateway keeps the question.

    Only the gateway promises an answer, once it has stored the question; this sentence is for
    when it has not.
    """
    return NotedReply(
        "订单系统暂时查不到，请过几分钟再问一次；着急的话可以转人工，或自己去退订页面看。",
        (HANDOFF_BUTTON, unsubscribe_button()),
        kind="outage",
        notes={"later": {"part": "orders"}},
    )


def refused(text: str) -> Reply:
    """A request about an application was refused, with the sentence that says why."""
    return Reply(text, (HANDOFF_BUTTON, unsubscribe_button()), kind="notice")


def failure(reference: str) -> Reply:
    """Something of ours broke; the reference finds it in the log."""
    return Reply(
        f"抱歉，这个问题我这边处理出错了（编号 {reference}），没有改动您的任何订单。"
        "请再试一次，或转人工。",
        (HANDOFF_BUTTON, unsubscribe_button()),
        kind="outage",
    )


def identity_lost() -> Reply:
    """The turn's token was refused."""
    return Reply(
        "登录状态已失效，请刷新页面后再问一次。",
        (Button("刷新", url=orders_link()),),
        kind="notice",
    )
