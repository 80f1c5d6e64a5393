"""我的订单: the account's orders, newest first, what may be returned marked."""

from collections.abc import Sequence

from actions import lists, paging, texts
from actions.applied import under_way
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.remember import listed
from actions.view import View, keep_record, look
from refundbot.orders import get_source


def _asks_for_refundable(text: str) -> bool:
    return any(words in text for words in ("可退", "能退", "可以退"))


class ListOrders(RefundAction):
    """A page of orders to pick from."""

    action = "list_orders"

    def answer(self, ask: Ask) -> Answer:
        """One page; the rest a word or a button away. 第二个 then means the second order shown."""
        if ask.account is None:
            return Answer(texts.sign_in())
        views = [look(order, ask) for order in get_source().list_orders(ask.account)]
        refundable_only = ask.mentions.only == "refundable" or _asks_for_refundable(ask.text)
        if not refundable_only:
            known = {view.order.id: view for view in views}
            shown_last = [known[each] for each in ask.memory.candidates if each in known]
            turned = paging.turn(ask, shown_last) if shown_last else None
            if turned is not None:
                return self._turned(ask, views, shown_last, *turned)
        kept = [view for view in views if view.worth_asking] if refundable_only else views
        wanted = ask.mentions.products
        kept = [view for view in kept if view.order.product_code in wanted] or kept
        if not kept:
            return Answer(lists.nothing_fits(described=False, any_orders=bool(views)))
        pages = -(-len(kept) // lists.PAGE)
        start = (min(ask.mentions.page, pages) - 1) * lists.PAGE
        return self._listed(ask, kept, start, refundable_only=refundable_only)

    def _turned(
        self, ask: Ask, views: Sequence[View], shown_last: Sequence[View], start: int, note: str
    ) -> Answer:
        """Another page of the list shown last; a pick list stays one, its question stays open."""
        question = ask.memory.pending_question
        if question is None:
            only = len(shown_last) < len(views) and all(view.worth_asking for view in shown_last)
            return self._listed(ask, shown_last, start, refundable_only=only, note=note)
        opening = f"{note}共 {len(shown_last)} 个，您说的是哪一个？"
        reply, shown = lists.choose(shown_last, opening, start)
        return Answer(reply, listed(shown_last, shown, pending=question))

    def _listed(
        self, ask: Ask, views: Sequence[View], start: int, *, refundable_only: bool, note: str = ""
    ) -> Answer:
        reply, shown = lists.order_list(
            views, start, under_way(ask), refundable_only=refundable_only, note=note
        )
        for view in shown:
            keep_record(view, ask)
        remember = listed(views, shown, pending=None)
        if ask.memory.order_id not in remember["candidates"]:
            remember["order_id"] = None  # not among the orders talked about any more
        return Answer(reply, remember)
