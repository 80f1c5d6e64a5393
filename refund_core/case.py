# ruff: noqa: RUF009  -- `about` only describes a field, it is `dataclasses.field` with a text
"""The facts a refund decision may look at.

Amounts are yuan (or the case's currency) as `Decimal`, written in JSON as strings ("280.00").
Instants are aware and read into Asia/Shanghai. A fact that is null or absent is *unknown*:
a rule that needs it answers "a person must decide" and names it. Three fields are different,
because there null means "there is none": `promotion`, `contract` and `bundle`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from refund_core import codec
from refund_core.codec import DECIMAL_PATTERN, ShapeError, about

ZERO = Decimal("0.00")


class CaseError(ShapeError):
    """A case does not fit: names the field path, the value and what is allowed."""


Site = Literal["cn", "intl"]
Currency = Literal["CNY", "USD"]
OrderKind = Literal["new", "renewal", "upgrade", "downgrade", "conversion"]
OrderStatus = Literal[
    "paid", "creating", "failed", "effective", "completed", "refunded", "archived"
]
Category = Literal["instance", "usage_pack", "storage_pack", "support_plan", "marketplace", "other"]
BillingMode = Literal["prepaid", "postpaid", "one_off", "free", "trial"]
TermUnit = Literal["day", "month", "year"]
PromotionKind = Literal[
    "bundle", "coupon", "coupon_pack", "discount_plan", "lottery", "referral", "other"
]
RefundClause = Literal["allowed", "no_refund", "no_seven_day_refund", "unknown"]
ResourceStatus = Literal["running", "expired", "creating", "create_failed", "not_found", "released"]
Scope = Literal["resource", "renewal", "downgrade"]
PaymentChannel = Literal["balance", "alipay", "wechat", "bank", "unionpay", "other"]


@dataclass(frozen=True, slots=True)
class Account:
    """The customer's account."""

    id: str = about("account id", min_length=1, max_length=128)
    frozen: bool = about("frozen by the public security organs", False)
    risk_flagged: bool = about("a suspected abnormal or malicious return was flagged", False)
    entity_id: str | None = about("verified entity (主体) behind the account", None, max_length=128)
    in_arrears: bool | None = about("the account owes money", None)
    framework_contract: bool | None = about("a framework contract waives handling fees", None)


@dataclass(frozen=True, slots=True)
class Product:
    """What was bought."""

    code: str = about(
        "canonical product code, like bcc", min_length=1, max_length=64, pattern=r"^[a-z0-9_.-]+$"
    )
    name: str = about("name shown to the customer, like 云服务器 BCC", min_length=1, max_length=128)
    category: Category = about("kind of product, as far as refund rules tell them apart")


@dataclass(frozen=True, slots=True)
class Term:
    """The length of the subscription that was bought."""

    unit: TermUnit = about("unit of the length")
    length: int = about("how many units", minimum=1, maximum=3660)


@dataclass(frozen=True, slots=True)
class Payments:
    """How an order was paid, by kind; yuan."""

    cash: Decimal = about("cash, whatever the channel", ZERO)
    gift: Decimal = about("gift balance (赠送金)", ZERO)
    stored_value: Decimal = about("stored-value card (储值卡)", ZERO)
    cash_coupon: Decimal = about("cash coupon (现金券)", ZERO)
    voucher: Decimal = about("voucher (代金券)", ZERO)


@dataclass(frozen=True, slots=True)
class Promotion:
    """A campaign the order took part in."""

    name: str = about("campaign name", min_length=1, max_length=128)
    kind: PromotionKind = about("kind of campaign")
    refund_clause: RefundClause = about(
        "what the campaign's own rules say about refunds", "unknown"
    )


@dataclass(frozen=True, slots=True)
class Contract:
    """A sales contract the order is linked to."""

    id: str = about("contract number", min_length=1, max_length=128)


@dataclass(frozen=True, slots=True)
class Invoice:
    """Invoice state of the order."""

    issued: bool = about("an invoice has been issued for the order")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A combined purchase the order is part of."""

    id: str = about("bundle id", min_length=1, max_length=128)
    separable: bool | None = about("its parts may be returned one by one", None)


@dataclass(frozen=True, slots=True)
class PaygTier:
    """One step of a pay-as-you-go price."""

    price: Decimal = about("price of one hour, yuan", pattern=DECIMAL_PATTERN)
    up_to_hours: int | None = about("this price holds up to this many hours; null: no end", None)


@dataclass(frozen=True, slots=True)
class TermDiscount:
    """Discount of the price list for terms from this many months on."""

    months: int = about("shortest term the discount holds for", minimum=1, maximum=120)
    discount: Decimal = about("factor on the list price, like 0.83", pattern=DECIMAL_PATTERN)


@dataclass(frozen=True, slots=True)
class Pricing:
    """Price-book facts of the order, needed by rules that price the used time anew."""

    month_price: Decimal | None = about(
        "list price of a month, yuan", None, pattern=DECIMAL_PATTERN
    )
    discount: Decimal | None = about(
        "current discount of the order, like 0.83", None, pattern=DECIMAL_PATTERN
    )
    used_discount: Decimal | None = about(
        "discount that belongs to the used duration", None, pattern=DECIMAL_PATTERN
    )
    term_discounts: tuple[TermDiscount, ...] = about("discount tiers by term", ())
    payg: tuple[PaygTier, ...] = about("pay-as-you-go price tiers", ())
    unit_price: Decimal | None = about(
        "price of one unit used (of the pack, or of a day), yuan", None, pattern=DECIMAL_PATTERN
    )
    part_month_price: Decimal | None = about(
        "price of the used part of a month, when the price book gives it, yuan",
        None,
        pattern=DECIMAL_PATTERN,
    )


@dataclass(frozen=True, slots=True)
class Order:
    """One order on the resource."""

    id: str = about("order number", min_length=1, max_length=128)
    kind: OrderKind = about("what the order did")
    status: OrderStatus = about("where the order stands")
    product: Product = about("what was bought")
    billing_mode: BillingMode = about("how it is charged")
    purchased_at: datetime = about("instant of payment")
    amount: Decimal = about("order amount (订单金额) after discounts and before vouchers, yuan")
    payments: Payments = about("how it was paid; the kinds add up to the amount")
    term: Term | None = about("length bought; null: unknown or none", None)
    effective_at: datetime | None = about("delivered / activated at", None)
    starts_at: datetime | None = about("the period this order pays for begins", None)
    ends_at: datetime | None = about("the period this order pays for ends", None)
    list_price: Decimal | None = about("list price of the whole order, yuan", None)
    refunded: Decimal = about("already returned on this order, yuan", ZERO)
    quantity: int = about("resources in the order", 1, minimum=1, maximum=100_000)
    payment_channel: PaymentChannel | None = about("channel the cash came through", None)
    promotion: Promotion | None = about("campaign; null: none", None)
    contract: Contract | None = about("linked sales contract; null: none", None)
    invoice: Invoice | None = about("invoice state; null: not looked up", None)
    bundle: Bundle | None = about("combined purchase; null: bought alone", None)
    pricing: Pricing | None = about("price-book facts; null: not looked up", None)


@dataclass(frozen=True, slots=True)
class UnfinishedOrder:
    """An order on the resource that is still being processed."""

    id: str = about("order number", min_length=1, max_length=128)
    kind: OrderKind = about("what that order does")


@dataclass(frozen=True, slots=True)
class Usage:
    """What has been used of a pack, in the pack's own unit."""

    size: Decimal = about("size of the pack", pattern=DECIMAL_PATTERN)
    used: Decimal = about("used so far", pattern=DECIMAL_PATTERN)


@dataclass(frozen=True, slots=True)
class Resource:
    """The resource the order is for. Null: unknown."""

    id: str = about("resource id", min_length=1, max_length=128)
    status: ResourceStatus = about("where the resource stands")
    police_frozen: bool | None = about("frozen by the public security organs", None)
    in_transaction: bool | None = about("another transaction is running on it", None)
    unfinished_orders: tuple[UnfinishedOrder, ...] = about("unfinished orders on it", ())
    used: bool | None = about("used since purchase (usage packs)", None)
    effective: bool | None = about("has become effective (storage packs)", None)
    support_benefits_used: bool | None = about("benefits of a support plan were used", None)
    spec_changed_after_renewal: bool | None = about("scaled after the last renewal", None)
    usage: Usage | None = about("quantity used of a pack", None)
    deployed: bool | None = about("a server was deployed / initialised", None)
    ddos_record: bool | None = about("was attacked by DDoS", None)
    illegal_content: bool | None = about("illegal content was found", None)
    transferred: bool | None = about("was transferred to another account", None)
    os_changed: bool | None = about("its operating system was changed", None)
    marketplace_image: bool | None = about("is tied to a paid marketplace image", None)
    restored_at: datetime | None = about("restored from the recycle bin at", None)


@dataclass(frozen=True, slots=True)
class Request:
    """What the customer asks for."""

    scope: Scope = about(
        "return the whole resource, only renewal periods not started, or go to a smaller size",
        "resource",
    )
    requested_at: datetime | None = about("instant of the application; null: now", None)
    approved_at: datetime | None = about("instant of the success; null: now", None)
    new_month_price: Decimal | None = about(
        "downgrade: list price of a month afterwards, yuan", None, pattern=DECIMAL_PATTERN
    )
    new_discount: Decimal | None = about(
        "downgrade: discount of the new size for the remaining time",
        None,
        pattern=DECIMAL_PATTERN,
    )


@dataclass(frozen=True, slots=True)
class PastRefund:
    """A return that used up quota."""

    product_code: str = about("product code", min_length=1, max_length=64)
    at: datetime = about("when it was returned")
    route: str = about("route of the policy it went", max_length=64)
    count: int = about("how many resources", 1, minimum=1, maximum=100_000)
    account_id: str | None = about(
        "account it was returned under; null: the account of the case", None, max_length=128
    )


@dataclass(frozen=True, slots=True)
class History:
    """What was returned before."""

    refunds: tuple[PastRefund, ...] = about(
        "returns of this account and of others of the same entity (主体)", ()
    )


@dataclass(frozen=True, slots=True)
class RefundCase:
    """Everything a refund decision may look at; see `schema/case.schema.json`."""

    vendor: str = about(
        "cloud vendor, like baidu", min_length=1, max_length=32, pattern=r"^[a-z][a-z0-9_]*$"
    )
    account: Account = about("the customer's account")
    order: Order = about("the order asked about")
    resource: Resource = about("the resource it is for")
    site: Site = about("the vendor's Chinese or international site", "cn")
    currency: Currency = about("currency of every amount", "CNY")
    related_orders: tuple[Order, ...] = about("other orders on the same resource", ())
    request: Request = about("what the customer asks for", Request())
    history: History | None = about("earlier returns; null: not looked up", None)

    @classmethod
    def from_json(cls, data: Any) -> "RefundCase":
        """Read a case from parsed JSON.

        Raises:
            CaseError: a field is unknown, missing, or holds what is not allowed.
        """
        try:
            return codec.read(cls, data)
        except ShapeError as error:
            raise CaseError(error.path, error.value, error.allowed) from None

    def to_json(self) -> dict[str, Any]:
        """The JSON form; `from_json` gives an equal case back."""
        result: dict[str, Any] = codec.write(self)
        return result
