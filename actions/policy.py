"""退订规则、不是七天无理由吗: the general rules, from the policy itself."""

from actions import wording
from actions.ask import Ask
from actions.order_question import OrderQuestion, View
from actions.reply import Reply


class AskPolicy(OrderQuestion):
    """The rules of the vendor's policy in force now; with an order in view, what they mean for it."""

    action = "ask_policy"
    title = "退订规则"

    def about(self, view: View) -> Reply:
        """The rules, and where this order stands."""
        return wording.rules_for(view)

    def brief(self, view: View) -> str:
        """The rule this order falls under."""
        return wording.rule_line(view)

    def in_general(self, ask: Ask) -> Reply:
        """The rules; visitors may ask this too."""
        return wording.general(ask, "rules")
