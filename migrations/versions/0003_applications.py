"""Refund applications, their claims on orders, and a history that can only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A later migration that copies application_events (SQLite's batch mode) must create them again.
APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER application_events_keep BEFORE UPDATE ON application_events
        BEGIN SELECT RAISE(ABORT, 'application_events is append-only'); END""",
        """CREATE TRIGGER application_events_stay BEFORE DELETE ON application_events
        WHEN NOT OLD.demo
        BEGIN SELECT RAISE(ABORT, 'application_events is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION application_events_refuse() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'application_events is append-only'; END $$ LANGUAGE plpgsql""",
        """CREATE TRIGGER application_events_keep BEFORE UPDATE ON application_events
        FOR EACH ROW EXECUTE FUNCTION application_events_refuse()""",
        """CREATE TRIGGER application_events_stay BEFORE DELETE ON application_events
        FOR EACH ROW WHEN (NOT OLD.demo) EXECUTE FUNCTION application_events_refuse()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "refund_applications",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("vendor", sa.String(length=32), nullable=False),
        sa.Column("product_name", sa.String(length=200), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.String(length=32), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=True),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("nudged_at", sa.DateTime(), nullable=True),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_refund_applications_account_id", "refund_applications", ["account_id", "submitted_at"]
    )
    op.create_index("ix_refund_applications_state", "refund_applications", ["state"])
    op.create_table(
        "application_claims",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("application_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["refund_applications.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "order_id"),
    )
    op.create_index(
        "ix_application_claims_application_id", "application_claims", ["application_id"]
    )
    op.create_table(
        "application_events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("application_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=False),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("actor_kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["refund_applications.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("application_id", "position"),
    )
    op.create_table(
        "application_numbers",
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    for statement in APPEND_ONLY.get(op.get_context().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("application_events")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION application_events_refuse()")
    op.drop_table("application_claims")
    op.drop_table("refund_applications")
    op.drop_table("application_numbers")
