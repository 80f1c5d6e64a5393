"""mysql 连不上了: not about refunds, said openly; anger and hurry are heard as what they are."""

import re

from actions import subjects, texts
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.follow_up import follow_up
from actions.greeting import EXAMPLES, greet, says_no_word
from actions.order_question import QUESTIONS
from actions.reply import Reply, say

_HURRIES = re.compile(
    r"(?:快|赶紧|麻利|抓紧)(?:一?点|些)?[啊呀吧呢嘛了!！。.~～]*|等(?:很|好)?久了.{0,4}"
)
_ANGRY = re.compile(
    r"坑|垃圾|骗|黑心|黑店|流氓|无耻|恶心|太差|差劲|无语|敷衍|废物|没用|浪费时间|拖着|推卸|踢皮球|忽悠|套路|霸王|缺德|什么破|烂"
)
_SORRY = (
    "很抱歉给您带来不好的体验。我能把规则依据和每一步怎么算的列给您看；"
    "不认可结果的话，可以转人工复核。"
)


class OutOfScope(RefundAction):
    """What we are for, and who can help; a message with an order number is about that order."""

    action = "out_of_scope"

    def answer(self, ask: Ask) -> Answer:
        """The fixed sentence, or the answer about the order named."""
        if says_no_word(ask) or _HURRIES.fullmatch(ask.text.strip()):
            return greet(ask)
        if ask.mentions.order_ids:
            return follow_up(ask)
        more = subjects.together(ask)
        if more is not None:
            return more
        if "决定编号" in ask.text and ask.memory.order_id is not None:
            return QUESTIONS["ask_calculation"].answer(ask)
        if _ANGRY.search(ask.text):
            return Answer(_apology(ask))
        text = (
            "这个问题我帮不上忙，我只负责退款和退订。"
            "其它问题请查看帮助文档或提交工单，也可以转人工。"
        )
        return Answer(Reply(text, (texts.HANDOFF_BUTTON, texts.LIST_BUTTON), "notice"))


def _apology(ask: Ask) -> Reply:
    if ask.account is None or ask.memory.order_id is None:
        return Reply(_SORRY, (texts.HANDOFF_BUTTON, texts.POLICY_BUTTON, *EXAMPLES[:1]), "notice")
    buttons = (
        say("看每一步怎么算的", "ask_calculation", order_id=ask.memory.order_id),
        say("对结果有异议", "ask_dispute", order_id=ask.memory.order_id),
        texts.HANDOFF_BUTTON,
    )
    return Reply(_SORRY, buttons, "notice")
