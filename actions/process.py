"""怎么退: where and how a customer unsubscribes, with the order filled in."""

from collections.abc import Sequence

from actions import lists, materials, rules, wording
from actions.applied import under_way
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskRefundProcess(OrderQuestion):
    """The way to the refund application; the bot never submits anything itself."""

    action = "ask_refund_process"
    title = "怎么退"

    def about(self, view: View, ask: Ask) -> Reply:
        """Steps and link for this order; for one that cannot be returned, why."""
        return materials.about(view, ask) if materials.asked(ask.text) else wording.process(view)

    def brief(self, view: View) -> str:
        """One sentence on the way."""
        return wording.process_brief(view)

    def in_general(self, ask: Ask) -> Reply:
        """The steps without an order."""
        if materials.asked(ask.text):
            return materials.in_general(ask)
        return rules.general(ask, "process")


class ApplyRefund(OrderQuestion):
    """帮我退: the answer, and the link where the customer confirms."""

    action = "apply_refund"
    title = "退款"

    def about(self, view: View, ask: Ask) -> Reply:
        """The full answer with the confirmation the customer has to give."""
        return wording.apply(view)

    def about_several(self, views: Sequence[View], ask: Ask) -> Reply:
        """The sums, and the page of each where the customer confirms."""
        return lists.several_orders(views, under_way(ask), applying=True)

    def brief(self, view: View) -> str:
        """The sum, and that the customer must confirm."""
        return wording.apply_brief(view)
