"""Greetings, yes and no: read against what was said before."""

import re
from dataclasses import replace

from actions import texts
from actions.applications import CancelRefund
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.follow_up import follow_up, points_at_order
from actions.order_question import QUESTIONS
from actions.reply import Reply, say
from refundbot.applications.chat_steps import CONFIRMED

_EXAMPLES = (
    say("我能退多少", "ask_refund_amount"),
    say("怎么退", "ask_refund_process"),
    texts.LIST_BUTTON,
)


# 知道了 is no yes to an offer; it only says that the answer was heard.
_HEARD = re.compile(r"(?:我?知道|明白|收到|了解|懂)了?[。.!！~～]*")


def says_no_word(ask: Ask) -> bool:
    """？ and … are impatience: somebody is waiting, not asking something else."""
    return re.search(r"\w", ask.text) is None


def greet(ask: Ask) -> Answer:
    """Introduce ourselves once; later say where we are instead of greeting again."""
    if ask.memory.order_id and ask.account:
        buttons = (
            say("能退多少", "ask_refund_amount", order_id=ask.memory.order_id),
            say("其它订单", "list_orders"),
            say("没有了", "goodbye"),
        )
        text = f"在的。刚才说到订单 {ask.memory.order_id}，还想了解什么？"
        return Answer(Reply(text, buttons, kind="notice"))
    if ask.account is None:
        text = "您好，我是退款助手。登录后可以查您的订单；没有登录时我可以说明一般的退订规则。"
        return Answer(Reply(text, (*texts.sign_in().buttons, texts.HANDOFF_BUTTON), "notice"))
    text = "您好，我是退款助手，可以查订单能不能退、退多少、怎么退。请直接说您的问题。"
    return Answer(Reply(text, _EXAMPLES, kind="notice"))


class Greet(RefundAction):
    """你好、在吗: an opening, or impatience in the middle of a talk."""

    action = "greet"

    def answer(self, ask: Ask) -> Answer:
        """Greet, or say where we are."""
        return greet(ask)


class Affirm(RefundAction):
    """好的、可以: go on with what was offered."""

    action = "affirm"

    def answer(self, ask: Ask) -> Answer:
        """After an answer about an order, the way to return it; otherwise ask what is wanted."""
        if _HEARD.fullmatch(ask.text.strip()):
            text = "好的，还有问题随时问我。"
            return Answer(Reply(text, (texts.LIST_BUTTON, say("没有了", "goodbye")), "notice"))
        if ask.memory.pending_question == CancelRefund.action:
            yes = replace(ask, mentions=replace(ask.mentions, only=CONFIRMED))
            return CancelRefund().answer(yes)
        if ask.memory.order_id and ask.account:
            return QUESTIONS["ask_refund_process"].answer(ask)
        return Answer(Reply("好的。您想了解哪一项？", _EXAMPLES, kind="notice"))


class Deny(RefundAction):
    """不是、不用: nothing was submitted, and the other orders are at hand."""

    action = "deny"

    def answer(self, ask: Ask) -> Answer:
        """Say that nothing happened and offer the list; 不对，是流量包 names the right order."""
        if points_at_order(ask):
            return follow_up(ask)
        return Answer(
            Reply(
                "好的，没有提交任何退订。如果说的不是这个订单，可以从列表里选。",
                (texts.LIST_BUTTON, say("没有了", "goodbye"), texts.HANDOFF_BUTTON),
                kind="notice",
            ),
            {"order_id": None, "pending_question": None},
        )
