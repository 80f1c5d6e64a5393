"""退订规则、不是七天无理由吗: the general rules, from the policy itself."""

import re

from actions import rules, wording
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View


def _topics(ask: Ask) -> tuple[str, ...]:
    """Somebody who challenges with 七天 is answered about the seven days, not about everything."""
    return ("seven_days",) if re.search(r"[七7]\s*[天日]", ask.text) else ()


class AskPolicy(OrderQuestion):
    """The rules in force now; with an order in view, what they mean for it."""

    action = "ask_policy"
    title = "退订规则"

    def about(self, view: View, ask: Ask) -> Reply:
        """The rules, and where this order stands."""
        return rules.rules_for(view, ask, *_topics(ask))

    def brief(self, view: View) -> str:
        """The rule this order falls under."""
        return wording.headline(view)

    def in_general(self, ask: Ask) -> Reply:
        """The rules; visitors may ask this too."""
        return rules.general(ask, *_topics(ask))
