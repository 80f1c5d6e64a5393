"""A question about an order: find the order, decide, say it. Shared by all such questions."""

from collections.abc import Sequence
from typing import ClassVar

from actions import lists, texts, wording
from actions.applied import mention_application
from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.reply import Reply
from actions.view import View, keep_record, look
from actions.which_order import Choose, Found, NothingFits, NotYours, which_order
from refundbot.orders import get_source
from refundbot.orders.source import OrderRecord

# Questions by name: an intent that may stand in a message with several questions, or that a
# fragment such as 那第二个呢 repeats.
QUESTIONS: dict[str, "OrderQuestion"] = {}


def _different(intents: Sequence[str]) -> list["OrderQuestion"]:
    """The questions among the intents, without those that another one's answer answers."""
    asked = [QUESTIONS[name] for name in intents if name in QUESTIONS]
    return list({(each.answers_as or each.action): each for each in asked}.values())


class OrderQuestion(RefundAction):
    """A question that is answered from the decision on an order.

    Subclasses set ``action`` (also the intent's name) and ``title`` (for replies to several
    questions), and write `about`; `brief` and `in_general` where they differ.
    """

    title: ClassVar[str] = ""
    # Questions whose answers say the same carry the same name here: 能退吗，退多少 is one answer.
    answers_as: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        """Make the question known under its intent's name."""
        super().__init_subclass__()
        if cls.action:
            QUESTIONS[cls.action] = cls()

    def about(self, view: View, ask: Ask) -> Reply:
        """The whole answer about one order."""
        raise NotImplementedError

    def brief(self, view: View) -> str:
        """The answer in one sentence, for a reply that answers several questions."""
        return wording.headline(view)

    def in_general(self, ask: Ask) -> Reply | None:
        """The answer when no particular order is meant, or None when it needs an order."""
        return None

    def answer(self, ask: Ask) -> Answer:
        """Find the order the message means and answer about it."""
        if ask.account is None:
            general = None if ask.mentions.any else self.in_general(ask)
            return Answer(general or texts.sign_in())
        orders = get_source().list_orders(ask.account)
        views = {order.id: look(order, ask) for order in orders}
        meant = which_order(
            orders,
            ask.mentions,
            current=ask.memory.order_id,
            shown=ask.memory.candidates,
            waiting=ask.memory.pending_question is not None,
            worth_asking=lambda order: views[order.id].worth_asking,
        )
        if isinstance(meant, NotYours):
            return Answer(texts.not_yours(meant.order_ids), {"misses": 0})
        if isinstance(meant, Found):
            return self._found(ask, [views[order.id] for order in meant.orders])
        general = None if ask.mentions.any else self.in_general(ask)
        if general is not None:
            return Answer(general, self._remember(orders=(), question=self.action))
        if isinstance(meant, Choose):
            return self._choose(ask, [views[order.id] for order in meant.orders])
        return self._nothing(meant, orders)

    def _found(self, ask: Ask, views: list[View]) -> Answer:
        views = [keep_record(view, ask) for view in views]
        if len(views) > 1:
            reply = lists.several_orders(views)
            return Answer(reply, self._remember([v.order for v in views], self.action, keep=True))
        view = views[0]
        asked = _different(ask.intents)
        if len(asked) > 1:
            reply = wording.several_questions(view, [(q.title, q.brief(view)) for q in asked])
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

    def _choose(self, ask: Ask, views: list[View]) -> Answer:
        reply = lists.choose(views, described=ask.mentions.any)
        return Answer(reply, self._remember([view.order for view in views], self.action))

    def _nothing(self, meant: NothingFits, orders: Sequence[OrderRecord]) -> Answer:
        reply = lists.nothing_fits(described=meant.described, any_orders=bool(orders))
        return Answer(reply, {"misses": 0})

    def _remember(
        self, orders: Sequence[OrderRecord], question: str, *, keep: bool = False
    ) -> dict[str, object]:
        """Slots after a list was shown: what it held and which question is still open."""
        remember: dict[str, object] = {"last_question": question, "misses": 0}
        if orders:
            remember["candidates"] = [order.id for order in orders]
            remember["pending_question"] = None if keep else question
        return remember
