"""能退多少: the sum, to the fen, and how it comes about."""

from actions import rules, wording
from actions.ask import Ask
from actions.order_question import QUESTIONS, OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskRefundAmount(OrderQuestion):
    """The same full answer as for eligibility: a sum is never said without its grounds."""

    action = "ask_refund_amount"
    title = "能退多少"
    tells_sources = True

    def about(self, view: View, ask: Ask) -> Reply:
        """Headline with the sum, order, steps in one line, clause, ways on."""
        if ask.mentions.later is not None:  # 下周三退能退多少
            return QUESTIONS["ask_timeline"].about(view, ask)
        if "官方" in ask.text:  # 按官方的呢: what another source says was heard
            return wording.official_answer(view)
        return wording.full_answer(view)

    def in_general(self, ask: Ask) -> Reply | None:
        """How the sum comes about, for a visitor; a customer is asked which order."""
        return rules.before_sign_in(ask, "amount", "scope") if ask.account is None else None

    def brief(self, view: View) -> str:
        """The sum, or the first reason."""
        return wording.amount_brief(view)
