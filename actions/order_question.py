"""A question about an order: find the order, decide, say it. Shared by all such questions."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import ClassVar

from actions import lists, subjects, texts, wording
from actions.applied import mention_application, under_way
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.facets import facet
from actions.reading import read_against_list
from actions.remember import listed
from actions.reply import Reply
from actions.view import View, keep_record, look, look_closely
from actions.which_order import Choose, Found, NothingFits, NotYours, which_order
from refundbot.orders import get_source
from refundbot.orders.source import OrderRecord

_APPLY = "apply_refund"

# Questions by name: an intent that may stand in a message with several questions, or that a
# fragment such as 那第二个呢 repeats.
QUESTIONS: dict[str, "OrderQuestion"] = {}


def _different(intents: Sequence[str]) -> list["OrderQuestion"]:
    """The questions among the intents, without those that another one's answer answers."""
    asked = [QUESTIONS[name] for name in intents if name in QUESTIONS]
    return list({(each.answers_as or each.action): each for each in asked}.values())


def _same(views: Sequence[View], ids: Sequence[str]) -> bool:
    return {view.order.id for view in views} == set(ids)


class OrderQuestion(RefundAction):
    """A question that is answered from the decision on an order.

    Subclasses set ``action`` (also the intent's name) and ``title`` (for replies to several
    questions), and write `about`; `brief` and `in_general` where they differ.
    """

    title: ClassVar[str] = ""
    # What the orders are called that a question without an order may mean.
    candidates_are: ClassVar[str] = "可能要退的订单"
    # Questions whose answers say the same carry the same name here: 能退吗，退多少 is one answer.
    answers_as: ClassVar[str] = ""
    # Whether the answer says openly what another source says of the order.
    tells_sources: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """Make the question known under its intent's name."""
        super().__init_subclass__()
        if cls.action:
            QUESTIONS[cls.action] = question = cls()
            subjects.add_order_question(cls.action, question.answer)

    def about(self, view: View, ask: Ask) -> Reply:
        """The whole answer about one order."""
        raise NotImplementedError

    def brief(self, view: View) -> str:
        """The answer in one sentence, for a reply that answers several questions."""
        return wording.headline(view)

    def about_several(self, views: Sequence[View], ask: Ask) -> Reply:
        """The answer about several orders at once."""
        return lists.several_orders(views, under_way(ask))

    def concerns(self, view: View) -> bool:
        """Whether the question makes sense for this order when none is named."""
        return view.worth_asking

    def in_general(self, ask: Ask) -> Reply | None:
        """The answer when no particular order is meant, or None when it needs an order."""
        return None

    def answer(self, ask: Ask) -> Answer:
        """Find the order the message means and answer about it."""
        more = subjects.together(ask, subjects.ORDER, self.action)
        if more is not None:
            return more
        ask = replace(ask, mentions=read_against_list(ask))
        if ask.account is None:
            general = None if ask.mentions.order_ids else self.in_general(ask)
            return Answer(general or texts.sign_in())
        vendors = ask.mentions.vendors
        if vendors and ask.vendor not in vendors and not ask.mentions.order_ids:
            return Answer(texts.other_vendor(ask.vendor, vendors[0]), {"misses": 0})
        orders = get_source().list_orders(ask.account)
        by_id = {order.id: order for order in orders}

        @cache  # an order is decided when its decision is needed, and once
        def view_of(order_id: str) -> View:
            return look(by_id[order_id], ask)

        meant = which_order(
            orders,
            ask.mentions,
            current=ask.memory.order_id,
            listed=ask.memory.candidates,
            page=ask.memory.shown,
            waiting=ask.memory.pending_question is not None,
            facet=facet(ask.text),
            worth_asking=lambda order: self.concerns(view_of(order.id)),
        )
        if isinstance(meant, NotYours):
            return Answer(texts.not_yours(meant.order_ids), {"misses": 0})
        if isinstance(meant, Found):
            return self._found(ask, [view_of(order.id) for order in meant.orders])
        general = None if ask.mentions.any else self.in_general(ask)
        if isinstance(meant, Choose):
            several = [view_of(order.id) for order in meant.orders]
            if lists.go_together(several):  # a purchase and its renewals: one answer for all
                return self._found(ask, several[:1])
            return self._choose(ask, several, general)
        if general is not None:
            return Answer(general, {"last_question": self.action, "misses": 0})
        return self._nothing(ask, meant, orders)

    def _found(self, ask: Ask, views: list[View]) -> Answer:
        if len(views) == 1:
            views = [look_closely(views[0], ask)]
        sources = self.tells_sources and len(views) == 1
        views = [keep_record(view, ask, sources=sources) for view in views]
        if len(views) > 1:
            # No single order is talked about any more: 能退多少 next must not mean an old one.
            remember = {**listed(views, views, pending=None), "order_id": None}
            return Answer(
                self.about_several(views, ask), {**remember, "last_question": self.action}
            )
        view = views[0]
        asked = _different(ask.intents)
        if len(asked) > 1:
            reply = wording.several_questions(
                view, [(q.title, q.brief(view)) for q in asked], applying=_APPLY in ask.intents
            )
        else:
            reply = self.about(view, ask)
        reply = mention_application(reply, view, ask)
        remember = {
            "order_id": view.order.id,
            "last_question": self.action,
            "pending_question": None,
            "misses": 0,
        }
        return Answer(reply, remember)

    def _choose(self, ask: Ask, views: list[View], general: Reply | None) -> Answer:
        """Ask which order; a question with a general answer gets that one first."""
        open_question = ask.memory.pending_question
        if general is not None and open_question is None:
            return Answer(general, {"last_question": self.action, "misses": 0})
        same = open_question is not None and _same(views, ask.memory.candidates)
        again = same and open_question == self.action
        opening = self._opening(ask, len(views), general, same=same, again=again)
        reply, shown = lists.choose(views, opening, person=again)
        remember = {**listed(views, shown, pending=self.action), "last_question": self.action}
        # Whatever was talked about before, the customer has just pointed away from it.
        return Answer(reply, {**remember, "order_id": None})

    def _opening(
        self, ask: Ask, count: int, general: Reply | None, *, same: bool, again: bool
    ) -> str:
        """What to say before a pick list; a question asked again is not asked in the same words."""
        place = ask.mentions.ordinal
        if isinstance(place, int):
            seen = (
                f"没有第 {abs(place)} 个，一共 {count} 个"
                if ask.memory.candidates
                else "还没有列出订单"
            )
            return f"{seen}，您说的是下面哪一个？"
        if place == "other":
            return "不是刚才那个的话，是下面哪一个？"
        if again:
            return f"没认出是哪一个。请点编号，或说订单号、产品、购买日期（共 {count} 个）："
        if general is not None:
            return f"{general.text}\n想看具体某个订单的话，是哪一个？"
        if same:
            return f"您问的是下面哪一个？（共 {count} 个）"
        what = "订单符合" if ask.mentions.any else self.candidates_are
        return f"您有 {count} 个{what}，是哪一个？"

    def _nothing(self, ask: Ask, meant: NothingFits, orders: Sequence[OrderRecord]) -> Answer:
        if orders and ask.mentions.ordinal == "other":
            return Answer(lists.no_other(), {"misses": 0})
        reply = lists.nothing_fits(described=meant.described, any_orders=bool(orders))
        return Answer(reply, {"misses": 0})
