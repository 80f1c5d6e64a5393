"""那代金券呢: what happens to vouchers."""

import re

from actions import rules, wording
from actions.ask import Ask
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View
from refund_core import explain


def _means_gift(text: str) -> bool:
    """赠送金 and 储值卡 are money of another kind: they come back where vouchers do not."""
    return "券" not in text and re.search(r"赠送?[金余]|储值", text) is not None


def _gift(view: View) -> Reply:
    parts = explain.split_line(view.decision)
    first = f"会按支付方式拆分退回，{parts}" if parts else "这个订单没有用赠送金或储值卡支付。"
    lines = [
        first,
        explain.headline(view.decision),
        explain.order_line(view.order.case),
        explain.voucher_line(view.decision) + explain.destination_line(view.decision),
        explain.basis_line(view.decision) + explain.assumption_line(view.decision),
    ]
    return wording.about(view, lines)


class AskVoucherRefund(OrderQuestion):
    """Whether the vouchers of this order come back, in yuan."""

    action = "ask_voucher_refund"
    title = "代金券"

    def about(self, view: View, ask: Ask) -> Reply:
        """The voucher part of this order's decision."""
        if _means_gift(ask.text) and view.decision.outcome == "refundable":
            return _gift(view)
        return wording.voucher(view, rules.citation(ask, "voucher"))

    def brief(self, view: View) -> str:
        """One sentence."""
        return wording.voucher_brief(view)

    def in_general(self, ask: Ask) -> Reply | None:
        """The policy's rule on vouchers; what becomes of a gift balance depends on the order."""
        if _means_gift(ask.text) and ask.account is not None:
            return None
        return rules.general(ask, "voucher")
