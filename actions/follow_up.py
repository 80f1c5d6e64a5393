"""第二个、BD2026…、那个五十块的呢: a fragment, read against the question it answers or repeats."""

from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.order_question import QUESTIONS

# What somebody wants to know who names an order and nothing else.
_DEFAULT = "ask_refund_eligibility"


class FollowUp(RefundAction):
    """Ask the open question again, or the last one, about what the fragment points at."""

    action = "follow_up"

    def answer(self, ask: Ask) -> Answer:
        """The answer to that question."""
        name = ask.memory.pending_question or ask.memory.last_question or _DEFAULT
        return QUESTIONS.get(name, QUESTIONS[_DEFAULT]).answer(ask)
