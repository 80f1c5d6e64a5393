"""那代金券呢: what happens to vouchers."""

from actions import rules, wording
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskVoucherRefund(OrderQuestion):
    """Whether the vouchers of this order come back, in yuan."""

    action = "ask_voucher_refund"
    title = "代金券"

    def about(self, view: View, ask: Ask) -> Reply:
        """The voucher part of this order's decision."""
        return wording.voucher(view, rules.citation(ask, "voucher"))

    def brief(self, view: View) -> str:
        """One sentence."""
        return wording.voucher_brief(view)

    def in_general(self, ask: Ask) -> Reply:
        """The policy's rule on vouchers."""
        return rules.general(ask, "voucher")
