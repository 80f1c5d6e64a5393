"""开了发票还能退吗: what an invoice means for returning an order."""

from actions import wording
from actions.ask import Ask
from actions.order_question import OrderQuestion, View
from actions.reply import Reply


class AskInvoiceRefund(OrderQuestion):
    """The policy's words on invoices, and whether they touch this order."""

    action = "ask_invoice_refund"
    title = "发票"

    def about(self, view: View) -> Reply:
        """Invoice state of this order and its effect."""
        return wording.invoice(view)

    def brief(self, view: View) -> str:
        """One sentence."""
        return wording.invoice_line(view)

    def in_general(self, ask: Ask) -> Reply:
        """The policy's rule on invoices."""
        return wording.general(ask, "invoice")
