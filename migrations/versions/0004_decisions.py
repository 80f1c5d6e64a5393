"""Every decision told to a customer, for good."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A later migration that copies the table (SQLite's batch mode) must create them again.
APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER decisions_keep BEFORE UPDATE ON decisions
        BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END""",
        """CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
        BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END""",
        # INSERT OR REPLACE deletes the old row without asking the trigger above.
        """CREATE TRIGGER decisions_once BEFORE INSERT ON decisions
        WHEN EXISTS (SELECT 1 FROM decisions WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'decisions is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION decisions_refuse() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'decisions is append-only'; END $$ LANGUAGE plpgsql""",
        """CREATE TRIGGER decisions_keep BEFORE UPDATE OR DELETE ON decisions
        FOR EACH ROW EXECUTE FUNCTION decisions_refuse()""",
        """CREATE TRIGGER decisions_stay BEFORE TRUNCATE ON decisions
        FOR EACH STATEMENT EXECUTE FUNCTION decisions_refuse()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.String(length=128), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("policy_id", sa.String(length=128), nullable=True),
        sa.Column("policy_version", sa.String(length=64), nullable=True),
        sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("core_version", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_decisions_account_id", "decisions", ["account_id", "created_at"])
    op.create_index("ix_decisions_order_id", "decisions", ["order_id", "created_at"])
    op.create_index("ix_decisions_created_at", "decisions", ["created_at"])
    for statement in APPEND_ONLY.get(op.get_context().dialect.name, ()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("decisions")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION decisions_refuse()")
