"""转人工: how to reach a person, said as it is."""

from actions import texts
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.reply import Button, Reply
from refundbot.applications.links import support_link


class Handoff(RefundAction):
    """The way to a person, with what to have at hand."""

    action = "handoff"

    def answer(self, ask: Ask) -> Answer:
        """Link to the support page; the order we talk about is named so it need not be repeated."""
        order = f"请在工单里写上订单号 {ask.memory.order_id}。" if ask.memory.order_id else ""
        text = (
            f"好的，请点「联系人工」提交工单，由财务支持人员处理。{order}"
            "在这之前我不会替您提交任何退订。"
        )
        return Answer(
            Reply(text, (Button("联系人工", url=support_link()), texts.LIST_BUTTON), "notice"),
            {"misses": 0},
        )
