"""mysql 连不上了: not about refunds, said openly."""

from actions import texts
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.follow_up import follow_up
from actions.reply import Reply
from actions.small_talk import greet, says_no_word


class OutOfScope(RefundAction):
    """What we are for, and who can help; a message with an order number is about that order."""

    action = "out_of_scope"

    def answer(self, ask: Ask) -> Answer:
        """The fixed sentence, or the answer about the order named."""
        if says_no_word(ask):
            return greet(ask)
        if ask.mentions.order_ids:
            return follow_up(ask)
        text = (
            "这个问题我帮不上忙，我只负责退款和退订。"
            "其它问题请查看帮助文档或提交工单，也可以转人工。"
        )
        return Answer(Reply(text, (texts.HANDOFF_BUTTON, texts.LIST_BUTTON), "notice"))
