"""退到哪、多久到: where the money goes and when it is there."""

from actions import wording
from actions.ask import Ask
from actions.order_question import OrderQuestion, View
from actions.reply import Reply


class AskRefundDestination(OrderQuestion):
    """Where the money goes."""

    action = "ask_refund_destination"
    title = "退到哪"

    def about(self, view: View) -> Reply:
        """The destination this decision states, with its clause."""
        return wording.destination(view)

    def brief(self, view: View) -> str:
        """One sentence."""
        return wording.destination_line(view)

    def in_general(self, ask: Ask) -> Reply:
        """The policy's rule."""
        return wording.general(ask, "destination")


class AskRefundTiming(OrderQuestion):
    """When the money is there."""

    action = "ask_refund_timing"
    title = "多久到账"

    def about(self, view: View) -> Reply:
        """The timing this decision states; where the source is silent, that is said."""
        return wording.timing(view)

    def brief(self, view: View) -> str:
        """One sentence."""
        return wording.timing_line(view)

    def in_general(self, ask: Ask) -> Reply:
        """The policy's rule."""
        return wording.general(ask, "timing")
