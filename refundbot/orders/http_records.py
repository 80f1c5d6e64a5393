"""From a refund case, as an order service gives it, to the record the rest of the house reads."""

from refund_core import RefundCase
from refundbot.orders.facts import term_text
from refundbot.orders.source import OrderRecord


def record_of(case: RefundCase) -> OrderRecord:
    """The record of the order that ``case`` asks about."""
    order, paid_by = case.order, case.order.payments
    return OrderRecord(
        id=order.id,
        account_id=case.account.id,
        vendor=case.vendor,
        product_code=order.product.code,
        product_name=order.product.name,
        category=order.product.category,
        kind=order.kind,
        status=order.status,
        billing_mode=order.billing_mode,
        term=term_text(order.term.unit, order.term.length) if order.term else "",
        purchased_at=order.purchased_at,
        starts_at=order.starts_at,
        ends_at=order.ends_at,
        amount=order.amount,
        paid=paid_by.cash + paid_by.gift + paid_by.stored_value + paid_by.cash_coupon,
        cash=paid_by.cash,
        gift=paid_by.gift,
        stored_value=paid_by.stored_value,
        cash_coupon=paid_by.cash_coupon,
        voucher=paid_by.voucher,
        refunded=order.refunded,
        promotion=order.promotion.name if order.promotion else None,
        resource_id=case.resource.id,
        resource_status=case.resource.status,
        case=case,
    )
