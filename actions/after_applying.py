"""Questions about a refund already applied for.

Returns are applied for in the vendor's console, and the orders hold no application records;
what can be said is said, with the place where the state can be seen.
"""

from actions import texts, wording
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.order_question import OrderQuestion
from actions.reply import Reply, say
from actions.view import View


class AskRefundStatus(RefundAction):
    """退款到哪了."""

    action = "ask_refund_status"

    def answer(self, ask: Ask) -> Answer:
        """Where to see the state; no state is made up."""
        text = (
            "退款进度我这边暂时查不到，请在控制台「财务管理 › 退订管理」的退订记录里查看状态。"
            "已经显示退订成功但余额里没有看到的，请转人工核实。"
        )
        buttons = (say("多久到账", "ask_refund_timing"), texts.HANDOFF_BUTTON)
        return Answer(Reply(text, buttons, kind="notice"), {"misses": 0})


class CancelRefund(RefundAction):
    """算了不退了."""

    action = "cancel_refund"

    def answer(self, ask: Ask) -> Answer:
        """Nothing was ever submitted from chat; what was submitted on the page is named."""
        text = (
            "好的，我这里没有提交任何退订，资源照常使用。"
            "如果您已经在退订页面提交过，请在「财务管理 › 退订管理」里查看，需要撤销请转人工。"
        )
        buttons = (texts.LIST_BUTTON, texts.HANDOFF_BUTTON, say("没有了", "goodbye"))
        return Answer(Reply(text, buttons, "notice"), {"misses": 0, "pending_question": None})


class AskRejectionReason(OrderQuestion):
    """为什么退不了: every reason the rules give for this order."""

    action = "ask_rejection_reason"
    title = "为什么退不了"

    def about(self, view: View, ask: Ask) -> Reply:
        """The reasons; when the rules give none, that is the answer."""
        return wording.rejection(view)


class AskDispute(OrderQuestion):
    """不认可这个结果、有别的办法吗."""

    action = "ask_dispute"
    title = "对结果有异议"

    def about(self, view: View, ask: Ask) -> Reply:
        """What the rules leave open, the steps to check, and a person who can look again."""
        return wording.dispute(view)

    def in_general(self, ask: Ask) -> Reply:
        """Without an order there is nothing to check yet."""
        text = "对结果有异议的话，请告诉我是哪个订单，我把每一步怎么算的列出来；也可以转人工复核。"
        return Reply(text, (texts.LIST_BUTTON, texts.HANDOFF_BUTTON), kind="notice")
