"""看每一步怎么算的: every step of the sum with the numbers it read and its clause."""

from actions import wording
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskCalculation(OrderQuestion):
    """The trace of the decision, line by line."""

    action = "ask_calculation"
    title = "怎么算的"

    def about(self, view: View, ask: Ask) -> Reply:
        """All steps; for an order that cannot be returned, the reasons instead."""
        return wording.calculation(view)
