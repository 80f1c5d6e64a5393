"""退订规则、不是七天无理由吗: the general rules, from the policy itself."""

import re
from dataclasses import replace

from actions import rules, wording
from actions.ask import Ask
from actions.base import Answer
from actions.list_orders import ListOrders
from actions.mentions import Mentions
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View

_WHICH_OF_MINE = re.compile(r"(?:哪些|哪个|哪几个|哪几单)(?:订单|单子|是|还){0,2}(?:可以|能|可)退")


class AskPolicy(OrderQuestion):
    """The rules in force now; with an order in view, what they mean for it."""

    action = "ask_policy"
    title = "退订规则"

    def answer(self, ask: Ask) -> Answer:
        """The rules; 有哪些可以退 by a customer means the orders."""
        if ask.account is not None and _WHICH_OF_MINE.search(ask.text):
            return ListOrders().answer(replace(ask, mentions=Mentions(only="refundable")))
        return super().answer(ask)

    def about(self, view: View, ask: Ask) -> Reply:
        """The rules, and where this order stands."""
        return rules.rules_for(view, ask, *rules.topics_named(ask))

    def brief(self, view: View) -> str:
        """The rule this order falls under."""
        return wording.headline(view)

    def in_general(self, ask: Ask) -> Reply:
        """The rules; visitors may ask this too."""
        return rules.general(ask, *rules.topics_named(ask))
