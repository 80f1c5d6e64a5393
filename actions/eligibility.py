"""这个还能退吗: may this order be refunded, and how much would come back."""

from actions import wording
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskRefundEligibility(OrderQuestion):
    """Yes with the sum, no with every reason, or who decides."""

    action = "ask_refund_eligibility"
    title = "能不能退"
    answers_as = "ask_refund_amount"

    def about(self, view: View, ask: Ask) -> Reply:
        """Headline, order, sum, clause, what to mind, ways on."""
        return wording.full_answer(view)
