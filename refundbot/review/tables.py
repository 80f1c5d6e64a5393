"""Tables of feedback and of the list that people review."""

from sqlalchemy import Column, Index, Integer, String, Text, UniqueConstraint

from refundbot.db import Base, Instant


class Feedback(Base):
    """A customer's 👍 or 👎 on the answer to one of their messages; the last one counts."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("conversation", "message_id"),)

    id = Column(Integer, primary_key=True, autoincrement=True)
    conversation = Column(String(200), nullable=False)
    message_id = Column(String(64), nullable=False)
    value = Column(String(8), nullable=False)
    reason = Column(Text, nullable=False)
    at = Column(Instant, nullable=False)


class ReviewItem(Base):
    """A message somebody should look at: it was not understood, or its answer got a 👎."""

    __tablename__ = "review_items"
    __table_args__ = (
        UniqueConstraint("source", "conversation", "message_id"),
        Index("ix_review_items_status", "status"),
    )

    id = Column(Integer, primary_key=True, autoincrement=True)
    source = Column(String(16), nullable=False)
    status = Column(String(16), nullable=False)
    conversation = Column(String(200), nullable=False)
    message_id = Column(String(64), nullable=False)
    text = Column(Text, nullable=False)
    answer = Column(Text, nullable=False)
    reason = Column(Text, nullable=False)
    guesses = Column(Text, nullable=False)
    at = Column(Instant, nullable=False)
