"""退到哪、多久到: where the money goes and when it is there."""

from actions import rules, wording
from actions.applications import AskRefundStatus
from actions.applied import has_open_application
from actions.ask import Ask
from actions.base import Answer
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskRefundDestination(OrderQuestion):
    """Where the money goes."""

    action = "ask_refund_destination"
    title = "退到哪"

    def about(self, view: View, ask: Ask) -> Reply:
        """The destination this decision states, with its clause."""
        return wording.destination(view)

    def brief(self, view: View) -> str:
        """One sentence."""
        return wording.destination_brief(view)

    def in_general(self, ask: Ask) -> Reply:
        """The policy's rule."""
        return rules.general(ask, "destination")


class AskRefundTiming(OrderQuestion):
    """When the money is there."""

    action = "ask_refund_timing"
    title = "多久到账"

    def about(self, view: View, ask: Ask) -> Reply:
        """The timing this decision states; where the source is silent, that is said."""
        return wording.timing(view)

    def answer(self, ask: Ask) -> Answer:
        """With an application under way, how far it has come says when; the rules otherwise."""
        only = not ask.mentions.any and set(ask.intents) <= {self.action}
        if only and ask.account is not None and has_open_application(ask, ask.account):
            return AskRefundStatus().answer(ask)
        return super().answer(ask)

    def brief(self, view: View) -> str:
        """One sentence."""
        return wording.timing_brief(view)

    def in_general(self, ask: Ask) -> Reply:
        """The policy's rule."""
        return rules.general(ask, "timing")
