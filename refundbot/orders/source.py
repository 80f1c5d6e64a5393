"""What the rest of the house may ask about orders, whoever keeps them."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from refund_core import RefundCase
from refund_core.case import ZERO, Request, Scope


class OrdersUnavailable(Exception):  # noqa: N818 -- says what happened
    """The orders cannot be read now. The message is for the log, never for the customer."""


@dataclass(frozen=True)
class AccountRecord:
    """A customer's account.

    Attributes:
        id: account id, such as ``A1001``.
        name: the person's or company's name, in Chinese.
        kind: ``person`` or ``enterprise``.
        vendor: vendor whose console and refund policy this account is under, such as ``baidu``.
        site: ``cn`` or ``intl``.
        demo: the account comes from the demo data, so the demo login may offer it.
    """

    id: str
    name: str
    kind: str
    vendor: str
    site: str
    demo: bool


@dataclass(frozen=True)
class OrderRecord:
    """One order of one account, with everything a refund decision may look at.

    Amounts are yuan to the fen; instants are aware, in Asia/Shanghai. The codes (``kind``,
    ``status``, ``category``, ``billing_mode``) are those of `refund_core.RefundCase`.

    Attributes:
        term: the bought term in Chinese (``1 个月``), or "" when the order has none.
        amount: 订单金额, before vouchers are taken off.
        paid: 实付金额: cash, gift balance, stored value and cash coupons, without vouchers.
        refunded: what has already been refunded of it.
        promotion: name of the promotion it was bought under, if any.
        resource_id: resource it belongs to; renewals and upgrades share it with the first order.
        case: the full case for this order, asking about the whole resource unless an application
            that was imported with it asks otherwise; what a customer means is `asked`.
    """

    id: str
    account_id: str
    vendor: str
    product_code: str
    product_name: str
    category: str
    kind: str
    status: str
    billing_mode: str
    term: str
    purchased_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    amount: Decimal
    paid: Decimal
    cash: Decimal
    gift: Decimal
    stored_value: Decimal
    voucher: Decimal
    refunded: Decimal
    promotion: str | None
    resource_id: str | None
    resource_status: str | None
    case: RefundCase
    cash_coupon: Decimal = ZERO

    def asked(self, at: datetime) -> "OrderRecord":
        """The record with the case that a customer means who asks about this order at ``at``.

        A renewal that has not begun is returned by itself and the resource goes on, as the
        vendors' rules on 退订续费周期 have it; every other order goes back with its whole
        resource. What an imported order asks for stays as it is.
        """
        begun = self.starts_at is None or self.starts_at <= at
        if self.kind != "renewal" or begun or self.case.request != Request():
            return self
        return self.requesting("renewal")

    def requesting(self, scope: Scope) -> "OrderRecord":
        """The record with a case that asks for this much of the resource."""
        request = replace(self.case.request, scope=scope)
        return replace(self, case=replace(self.case, request=request))


class OrderSource(Protocol):
    """Orders by account. Every method raises `OrdersUnavailable` when the source is down.

    ``account_id`` comes from a verified identity, never from what a customer typed.
    """

    def list_orders(self, account_id: str) -> list[OrderRecord]:
        """All orders of the account, newest purchase first; empty for an unknown account."""

    def get_order(self, account_id: str, order_id: str) -> OrderRecord | None:
        """One order of the account; None when there is none, another account's included."""

    def get_account(self, account_id: str) -> AccountRecord | None:
        """The account, or None."""
