"""Tables of the orders: what the console knows about a customer, their orders and resources.

A fact nobody recorded is NULL, never a guess: the rule core then answers ``needs_review`` and
names it. Whatever belongs to an account carries ``account_id`` in its key, so a row of one
account cannot point at a row of another.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    false,
)
from sqlalchemy.orm import relationship

from refundbot.db import Base, Instant, Money

ID = String(64)
CODE = String(32)
NAME = String(200)


def _facts() -> Column:
    """Further facts by the rule core's names (`further.names`); what has a column is not here."""
    return Column(JSON, nullable=False, default=dict, server_default="{}")


def _account_column(**options: bool) -> Column:
    return Column(
        "account_id", ID, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, **options
    )


def _order_key() -> Column:
    return Column(
        "order_id",
        ID,
        ForeignKey("orders.id", ondelete="CASCADE"),
        primary_key=True,
        nullable=False,
    )


class Account(Base):
    """A customer of one vendor's console.

    ``demo`` marks what the demo loader put here and may replace; orders imported into a demo
    account are not marked and stay.
    """

    __tablename__ = "accounts"

    id = Column(ID, primary_key=True)
    name = Column(NAME, nullable=False)
    kind = Column(CODE, nullable=False)
    vendor = Column(CODE, nullable=False)
    site = Column(CODE, nullable=False)
    frozen = Column(Boolean, nullable=False)
    risk_flagged = Column(Boolean, nullable=False)
    demo = Column(Boolean, nullable=False, server_default=false())
    facts = _facts()

    past_refunds = relationship("PastRefund", order_by="PastRefund.at", viewonly=True)


class Resource(Base):
    """What an order bought: an instance, a pack, a support plan."""

    __tablename__ = "resources"

    account_id = _account_column(primary_key=True)
    id = Column(ID, primary_key=True)
    status = Column(CODE, nullable=False)
    police_frozen = Column(Boolean)
    in_transaction = Column(Boolean)
    used = Column(Boolean)
    effective = Column(Boolean)
    support_benefits_used = Column(Boolean)
    spec_changed_after_renewal = Column(Boolean)
    facts = _facts()

    unfinished_orders = relationship(
        "UnfinishedOrder", order_by="UnfinishedOrder.id", viewonly=True
    )


class UnfinishedOrder(Base):
    """An order on a resource that the vendor has not finished: a renewal, an upgrade."""

    __tablename__ = "unfinished_orders"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "resource_id"],
            ["resources.account_id", "resources.id"],
            name="fk_unfinished_orders_resource",
            ondelete="CASCADE",
        ),
    )

    account_id = Column(ID, primary_key=True)
    resource_id = Column(ID, primary_key=True)
    id = Column(ID, primary_key=True)
    kind = Column(CODE, nullable=False)


class Contract(Base):
    """A sales contract that orders may be linked to."""

    __tablename__ = "contracts"

    account_id = _account_column(primary_key=True)
    id = Column(ID, primary_key=True)


class Bundle(Base):
    """A combined subscription; ``separable`` says whether its parts can be refunded alone."""

    __tablename__ = "bundles"

    account_id = _account_column(primary_key=True)
    id = Column(ID, primary_key=True)
    separable = Column(Boolean)


class Order(Base):
    """One order. Amounts in yuan; ``amount`` is 订单金额, before vouchers are taken off."""

    __tablename__ = "orders"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "resource_id"],
            ["resources.account_id", "resources.id"],
            name="fk_orders_resource",
        ),
        ForeignKeyConstraint(
            ["account_id", "contract_id"],
            ["contracts.account_id", "contracts.id"],
            name="fk_orders_contract",
        ),
        ForeignKeyConstraint(
            ["account_id", "bundle_id"],
            ["bundles.account_id", "bundles.id"],
            name="fk_orders_bundle",
        ),
        CheckConstraint("amount >= 0 AND refunded >= 0", name="ck_orders_money"),
        Index("ix_orders_account_id_purchased_at", "account_id", "purchased_at"),
        Index("ix_orders_account_id_resource_id", "account_id", "resource_id"),
    )

    id = Column(ID, primary_key=True)
    account_id = _account_column()
    resource_id = Column(ID, nullable=False)
    contract_id = Column(ID)
    bundle_id = Column(ID)
    kind = Column(CODE, nullable=False)
    status = Column(CODE, nullable=False)
    product_code = Column(CODE, nullable=False)
    product_name = Column(NAME, nullable=False)
    category = Column(CODE, nullable=False)
    billing_mode = Column(CODE, nullable=False)
    term_unit = Column(CODE)
    term_length = Column(Integer)
    purchased_at = Column(Instant, nullable=False)
    effective_at = Column(Instant)
    starts_at = Column(Instant)
    ends_at = Column(Instant)
    list_price = Column(Money)
    amount = Column(Money, nullable=False)
    refunded = Column(Money, nullable=False)
    demo = Column(Boolean, nullable=False, server_default=false())
    facts = _facts()

    account = relationship("Account", viewonly=True)
    resource = relationship("Resource", viewonly=True)
    bundle = relationship("Bundle", viewonly=True)
    payments = relationship("Payment", cascade="all, delete-orphan", passive_deletes=True)
    promotion = relationship(
        "Promotion", uselist=False, cascade="all, delete-orphan", passive_deletes=True
    )
    invoice = relationship(
        "Invoice", uselist=False, cascade="all, delete-orphan", passive_deletes=True
    )


class Payment(Base):
    """How much of an order was paid in one kind, by the rule core's name: cash, voucher …"""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount > 0", name="ck_payments_amount"),)

    order_id = _order_key()
    kind = Column(CODE, primary_key=True)
    amount = Column(Money, nullable=False)


class Promotion(Base):
    """The promotion an order was bought under, as its terms stood at the purchase."""

    __tablename__ = "promotions"

    order_id = _order_key()
    name = Column(NAME, nullable=False)
    kind = Column(CODE, nullable=False)
    refund_clause = Column(CODE, nullable=False)


class Invoice(Base):
    """An order's invoice; ``issued`` is False while it is only applied for."""

    __tablename__ = "invoices"

    order_id = _order_key()
    issued = Column(Boolean, nullable=False)


class PastRefund(Base):
    """A refund the account has already had; quotas are counted over these."""

    __tablename__ = "past_refunds"
    __table_args__ = (Index("ix_past_refunds_account_id", "account_id"),)

    id = Column(Integer, primary_key=True)
    account_id = _account_column()
    product_code = Column(CODE, nullable=False)
    at = Column(Instant, nullable=False)
    route = Column(CODE, nullable=False)
    count = Column(Integer, nullable=False)
    facts = _facts()
