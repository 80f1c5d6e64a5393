"""Yes and no: read against what was said before."""

import re
from dataclasses import replace

from actions import subjects, texts
from actions.applications import CancelRefund, kept
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.correction import correct, is_correction
from actions.follow_up import follow_up, points_at_order
from actions.greeting import EXAMPLES
from actions.order_question import QUESTIONS
from actions.reply import Reply, say
from refundbot.applications.chat_steps import CONFIRMED

# 知道了 is no yes to an offer; it only says that the answer was heard.
_HEARD = re.compile(r"(?:我?知道|明白|收到|了解|懂)了?[。.!！~～]*")
# 我不同意 is no no to an offer either; it objects to an answer.
_OBJECTS = re.compile(r"不(?:同意|认可|接受|服|满意|认账|合理|公平)")


class Affirm(RefundAction):
    """好的、可以: go on with what was offered."""

    action = "affirm"

    def answer(self, ask: Ask) -> Answer:
        """After an answer about an order, the way to return it; otherwise ask what is wanted."""
        more = subjects.together(ask)
        if more is not None:
            return more
        if _HEARD.fullmatch(ask.text.strip()):
            text = "好的，还有问题随时问我。"
            return Answer(Reply(text, (texts.LIST_BUTTON, say("没有了", "goodbye")), "notice"))
        if ask.memory.pending_question == CancelRefund.action:
            yes = replace(ask, mentions=replace(ask.mentions, only=CONFIRMED))
            return CancelRefund().answer(yes)
        if ask.memory.order_id and ask.account:
            return QUESTIONS["ask_refund_process"].answer(ask)
        return Answer(Reply("好的。您想了解哪一项？", EXAMPLES, kind="notice"))


class Deny(RefundAction):
    """不是、不用: nothing was submitted, and the other orders are at hand."""

    action = "deny"

    def answer(self, ask: Ask) -> Answer:
        """Say that nothing happened; 不对，是流量包 names the right order, 不对 asks for it."""
        more = subjects.together(ask)
        if more is not None:
            return more
        if ask.memory.pending_question == CancelRefund.action:
            return kept()
        if _OBJECTS.search(ask.text):
            return QUESTIONS["ask_dispute"].answer(ask)
        if points_at_order(ask):
            return follow_up(ask)
        if is_correction(ask):
            return correct(ask)
        return Answer(
            Reply(
                "好的，没有提交任何退订。如果说的不是这个订单，可以从列表里选。",
                (texts.LIST_BUTTON, say("没有了", "goodbye"), texts.HANDOFF_BUTTON),
                kind="notice",
            ),
            {"order_id": None, "pending_question": None},
        )
