"""我的订单: the account's orders, newest first, what may be returned marked."""

from actions import texts, wording
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.order_question import look
from refundbot.orders import get_source


class ListOrders(RefundAction):
    """A page of orders to pick from."""

    action = "list_orders"

    def answer(self, ask: Ask) -> Answer:
        """One page; the rest a button away. 第二个 then means the second order shown."""
        if ask.account is None:
            return Answer(texts.sign_in())
        views = [look(order, ask) for order in get_source().list_orders(ask.account)]
        reply, shown = wording.order_list(views, ask.mentions.page)
        remember = {
            "candidates": [view.order.id for view in shown],
            "pending_question": None,
            "misses": 0,
        }
        return Answer(reply, remember)
