"""第二个、BD2026…、那个五十块的呢: a fragment, read against the question it answers or repeats."""

from actions.ask import Ask
from actions.base import Answer, RefundAction
from actions.order_question import QUESTIONS

# What somebody wants to know who names an order and nothing else.
_DEFAULT = "ask_refund_eligibility"


def follow_up(ask: Ask) -> Answer:
    """Ask the open question again, or the last one, about what the message points at."""
    name = ask.memory.pending_question or ask.memory.last_question or _DEFAULT
    return QUESTIONS.get(name, QUESTIONS[_DEFAULT]).answer(ask)


def points_at_order(ask: Ask) -> bool:
    """Whether a message that asks nothing by itself still says which order is meant.

    An order number always does; a product, a day or a price only inside a talk about orders.
    """
    talking = bool(ask.memory.pending_question or ask.memory.last_question)
    return bool(ask.mentions.order_ids) or (talking and ask.mentions.any)


class FollowUp(RefundAction):
    """A fragment that points at an order."""

    action = "follow_up"

    def answer(self, ask: Ask) -> Answer:
        """The answer to the question it belongs to."""
        return follow_up(ask)
