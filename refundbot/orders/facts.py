"""From database rows to the facts the rule core decides on."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from refund_core import RefundCase
from refundbot.orders.models import Account, Order, Resource
from refundbot.orders.source import OrderRecord

_UNITS = {"day": "天", "month": "个月", "year": "年"}
PAYMENT_KINDS = ("cash", "gift", "stored_value", "cash_coupon", "voucher")


def _money(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _instant(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _order_json(order: Order) -> dict[str, Any]:
    # Facts first: whatever has a column or a row of its own is read from there.
    return {
        **{name: value for name, value in order.facts.items() if name != "request"},
        "id": order.id,
        "kind": order.kind,
        "status": order.status,
        "product": {
            "code": order.product_code,
            "name": order.product_name,
            "category": order.category,
        },
        "billing_mode": order.billing_mode,
        "term": (
            {"unit": order.term_unit, "length": order.term_length} if order.term_unit else None
        ),
        "purchased_at": _instant(order.purchased_at),
        "effective_at": _instant(order.effective_at),
        "starts_at": _instant(order.starts_at),
        "ends_at": _instant(order.ends_at),
        "list_price": _money(order.list_price),
        "amount": _money(order.amount),
        "payments": {payment.kind: _money(payment.amount) for payment in order.payments},
        "refunded": _money(order.refunded),
        "promotion": (
            {
                "name": order.promotion.name,
                "kind": order.promotion.kind,
                "refund_clause": order.promotion.refund_clause,
            }
            if order.promotion
            else None
        ),
        "contract": {"id": order.contract_id} if order.contract_id else None,
        "invoice": {"issued": order.invoice.issued} if order.invoice else None,
        "bundle": (
            {"id": order.bundle.id, "separable": order.bundle.separable} if order.bundle else None
        ),
    }


def _resource_json(resource: Resource) -> dict[str, Any]:
    return {
        **resource.facts,
        "id": resource.id,
        "status": resource.status,
        "police_frozen": resource.police_frozen,
        "in_transaction": resource.in_transaction,
        "unfinished_orders": [
            {"id": order.id, "kind": order.kind} for order in resource.unfinished_orders
        ],
        "used": resource.used,
        "effective": resource.effective,
        "support_benefits_used": resource.support_benefits_used,
        "spec_changed_after_renewal": resource.spec_changed_after_renewal,
    }


def refund_case(account: Account, order: Order, on_resource: Iterable[Order]) -> RefundCase:
    """Everything a decision about ``order`` may look at.

    Args:
        account: the account the order belongs to, with its past refunds loaded.
        order: the order asked about, with resource, payments, promotion, invoice and bundle.
        on_resource: the account's orders on the same resource; ``order`` itself is left out.

    Raises:
        refund_core.CaseError: the rows hold what the rule core does not allow.
    """
    related = [other for other in on_resource if other.id != order.id]
    account_facts = dict(account.facts)
    currency = account_facts.pop("currency", None)
    request = order.facts.get("request")
    return RefundCase.from_json(
        {
            "vendor": account.vendor,
            "site": account.site,
            **({"currency": currency} if currency else {}),
            **({"request": request} if request else {}),
            "account": {
                **account_facts,
                "id": account.id,
                "frozen": account.frozen,
                "risk_flagged": account.risk_flagged,
            },
            "order": _order_json(order),
            "related_orders": [
                _order_json(other) for other in sorted(related, key=lambda o: o.purchased_at)
            ],
            "resource": _resource_json(order.resource),
            "history": {
                "refunds": [
                    {
                        **refund.facts,
                        "product_code": refund.product_code,
                        "at": _instant(refund.at),
                        "route": refund.route,
                        "count": refund.count,
                    }
                    for refund in account.past_refunds
                ]
            },
        }
    )


def term_text(unit: str | None, length: int | None) -> str:
    """A term in Chinese, such as ``1 个月``; "" when there is none."""
    return f"{length} {_UNITS[unit]}" if unit and length else ""


def order_record(account: Account, order: Order, on_resource: Iterable[Order]) -> OrderRecord:
    """The record of one order; arguments and errors as `refund_case`."""
    paid_by = {kind: Decimal("0.00") for kind in PAYMENT_KINDS}
    paid_by.update({payment.kind: payment.amount for payment in order.payments})
    return OrderRecord(
        id=order.id,
        account_id=order.account_id,
        vendor=account.vendor,
        product_code=order.product_code,
        product_name=order.product_name,
        category=order.category,
        kind=order.kind,
        status=order.status,
        billing_mode=order.billing_mode,
        term=term_text(order.term_unit, order.term_length),
        purchased_at=order.purchased_at,
        starts_at=order.starts_at,
        ends_at=order.ends_at,
        amount=order.amount,
        paid=sum(paid_by.values(), Decimal("0.00")) - paid_by["voucher"],
        cash=paid_by["cash"],
        gift=paid_by["gift"],
        stored_value=paid_by["stored_value"],
        cash_coupon=paid_by["cash_coupon"],
        voucher=paid_by["voucher"],
        refunded=order.refunded,
        promotion=order.promotion.name if order.promotion else None,
        resource_id=order.resource_id,
        resource_status=order.resource.status,
        case=refund_case(account, order, on_resource),
    )
