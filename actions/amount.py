"""能退多少: the sum, to the fen, and how it comes about."""

from actions import wording
from actions.order_question import OrderQuestion, View
from actions.reply import Reply


class AskRefundAmount(OrderQuestion):
    """The same full answer as for eligibility: a sum is never said without its grounds."""

    action = "ask_refund_amount"
    title = "能退多少"

    def about(self, view: View) -> Reply:
        """Headline with the sum, order, steps in one line, clause, ways on."""
        return wording.full_answer(view)
