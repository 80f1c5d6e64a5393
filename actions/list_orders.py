"""我的订单: the account's orders, newest first, what may be returned marked."""

from actions import lists, texts
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.view import keep_record, look
from refundbot.orders import get_source


def _asks_for_refundable(text: str) -> bool:
    return any(words in text for words in ("可退", "能退", "可以退"))


class ListOrders(RefundAction):
    """A page of orders to pick from."""

    action = "list_orders"

    def answer(self, ask: Ask) -> Answer:
        """One page; the rest a button away. 第二个 then means the second order shown."""
        if ask.account is None:
            return Answer(texts.sign_in())
        views = [look(order, ask) for order in get_source().list_orders(ask.account)]
        refundable_only = ask.mentions.only == "refundable" or _asks_for_refundable(ask.text)
        reply, shown = lists.order_list(views, ask.mentions.page, refundable_only=refundable_only)
        for view in shown:
            keep_record(view, ask)
        remember = {
            "candidates": [view.order.id for view in shown],
            "pending_question": None,
            "misses": 0,
        }
        return Answer(reply, remember)
