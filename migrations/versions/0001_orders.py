"""The orders: accounts, orders, resources, payments and what decides about their refund."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("vendor", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("risk_flagged", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "bundles",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("separable", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_table(
        "contracts",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_table(
        "past_refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("product_code", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("route", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("past_refunds", schema=None) as batch_op:
        batch_op.create_index("ix_past_refunds_account_id", ["account_id"], unique=False)

    op.create_table(
        "resources",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("police_frozen", sa.Boolean(), nullable=True),
        sa.Column("in_transaction", sa.Boolean(), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=True),
        sa.Column("effective", sa.Boolean(), nullable=True),
        sa.Column("support_benefits_used", sa.Boolean(), nullable=True),
        sa.Column("spec_changed_after_renewal", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "id"),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("resource_id", sa.String(length=64), nullable=False),
        sa.Column("contract_id", sa.String(length=64), nullable=True),
        sa.Column("bundle_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("product_code", sa.String(length=32), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("billing_mode", sa.String(length=32), nullable=False),
        sa.Column("term_unit", sa.String(length=32), nullable=True),
        sa.Column("term_length", sa.Integer(), nullable=True),
        sa.Column("purchased_at", sa.DateTime(), nullable=False),
        sa.Column("effective_at", sa.DateTime(), nullable=True),
        sa.Column("starts_at", sa.DateTime(), nullable=True),
        sa.Column("ends_at", sa.DateTime(), nullable=True),
        sa.Column("list_price", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("amount >= 0 AND refunded >= 0", name="ck_orders_money"),
        sa.ForeignKeyConstraint(
            ["account_id", "bundle_id"],
            ["bundles.account_id", "bundles.id"],
            name="fk_orders_bundle",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "contract_id"],
            ["contracts.account_id", "contracts.id"],
            name="fk_orders_contract",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "resource_id"],
            ["resources.account_id", "resources.id"],
            name="fk_orders_resource",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(
            "ix_orders_account_id_purchased_at", ["account_id", "purchased_at"], unique=False
        )
        batch_op.create_index(
            "ix_orders_account_id_resource_id", ["account_id", "resource_id"], unique=False
        )

    op.create_table(
        "unfinished_orders",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("resource_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "resource_id"],
            ["resources.account_id", "resources.id"],
            name="fk_unfinished_orders_resource",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "resource_id", "id"),
    )
    op.create_table(
        "invoices",
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("issued", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_table(
        "payments",
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_payments_amount"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id", "kind"),
    )
    op.create_table(
        "promotions",
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("refund_clause", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id"),
    )


def downgrade() -> None:
    op.drop_table("promotions")
    op.drop_table("payments")
    op.drop_table("invoices")
    op.drop_table("unfinished_orders")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_account_id_resource_id")
        batch_op.drop_index("ix_orders_account_id_purchased_at")

    op.drop_table("orders")
    op.drop_table("resources")
    with op.batch_alter_table("past_refunds", schema=None) as batch_op:
        batch_op.drop_index("ix_past_refunds_account_id")

    op.drop_table("past_refunds")
    op.drop_table("contracts")
    op.drop_table("bundles")
    op.drop_table("accounts")
