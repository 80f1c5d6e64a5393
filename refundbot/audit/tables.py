"""The table of decisions told to customers. It only grows: triggers refuse change and deletion."""

from sqlalchemy import Column, Index, String, Text

from refundbot.db import Base, Instant, Money


class DecisionRow(Base):
    """One decision told in a conversation.

    Nothing here points at the orders' tables: orders may be kept by another service, and what
    was said outlives what the order became. ``facts`` and ``decision`` are the JSON forms of the
    `refund_core.RefundCase` and the `refund_core.Decision`; the other columns are for finding.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_account_id", "account_id", "created_at"),
        Index("ix_decisions_order_id", "order_id", "created_at"),
        Index("ix_decisions_created_at", "created_at"),
    )

    id = Column(String(16), primary_key=True)
    account_id = Column(String(128), nullable=False)
    conversation = Column(String(200), nullable=False)
    order_id = Column(String(128), nullable=False)
    outcome = Column(String(32), nullable=False)
    amount = Column(Money)
    currency = Column(String(8), nullable=False)
    policy_id = Column(String(128))
    policy_version = Column(String(64))
    as_of = Column(Instant, nullable=False)
    created_at = Column(Instant, nullable=False)
    core_version = Column(String(64), nullable=False)
    facts = Column(Text, nullable=False)
    decision = Column(Text, nullable=False)
