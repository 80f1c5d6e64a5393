"""这个还能退吗: may this order be refunded, and how much would come back."""

from actions import rules, wording
from actions.ask import Ask
from actions.order_question import QUESTIONS, OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskRefundEligibility(OrderQuestion):
    """Yes with the sum, no with every reason, or who decides."""

    action = "ask_refund_eligibility"
    title = "能不能退"
    answers_as = "ask_refund_amount"
    tells_sources = True

    def about(self, view: View, ask: Ask) -> Reply:
        """Headline, order, sum, clause, what to mind, ways on."""
        if ask.mentions.later is not None:  # 下周三退能退多少
            return QUESTIONS["ask_timeline"].about(view, ask)
        if "官方" in ask.text:  # 按官方的呢: what another source says was heard
            return wording.official_answer(view)
        return wording.full_answer(view)

    def in_general(self, ask: Ask) -> Reply | None:
        """What may be returned at all, for a visitor; a customer is asked which order."""
        return rules.before_sign_in(ask, "scope", "not_refundable") if ask.account is None else None

    def brief(self, view: View) -> str:
        """The sum, or the first reason."""
        return wording.amount_brief(view)
