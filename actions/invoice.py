"""开了发票还能退吗: what an invoice means for returning an order."""

from actions import rules, wording
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View


class AskInvoiceRefund(OrderQuestion):
    """The policy's words on invoices, and whether they touch this order."""

    action = "ask_invoice_refund"
    title = "发票"

    def about(self, view: View, ask: Ask) -> Reply:
        """Invoice state of this order and its effect."""
        return rules.rules_for(view, ask, "invoice")

    def brief(self, view: View) -> str:
        """One sentence."""
        return wording.invoice_brief(view)

    def in_general(self, ask: Ask) -> Reply:
        """The policy's rule on invoices."""
        return rules.general(ask, "invoice")
