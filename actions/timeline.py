"""晚几天退会怎样: how outcome and sum change over the next days."""

from datetime import timedelta

import refund_core
from actions import wording
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View
from refundbot.policies import live_policies

# How far ahead is shown, days; the customer sees each and the last one before an end.
_DAYS = (1, 3, 7, 15, 30)


class AskTimeline(OrderQuestion):
    """A short table of later days, each decided by the rule core."""

    action = "ask_timeline"
    title = "晚几天退"

    def about(self, view: View, ask: Ask) -> Reply:
        """One line a day shown, and the instant at which the answer changes."""
        policies = live_policies()
        later = []
        for days in _DAYS:
            at = view.decision.as_of + timedelta(days=days)
            later.append((days, refund_core.evaluate(view.order.case, at, policies)))
        return wording.timeline(view, later)
