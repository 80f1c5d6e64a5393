"""Tables of the desk: tickets, and every line said in them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from refundbot.db import Base, Instant


class DeskTicket(Base):
    """One customer's wish to talk to a person.

    ``active`` holds the conversation while the ticket is waiting or open and NULL afterwards:
    its uniqueness is what allows one ticket at a time in a conversation.
    """

    __tablename__ = "desk_tickets"
    __table_args__ = (
        UniqueConstraint("active"),
        Index("ix_desk_tickets_conversation", "conversation"),
        Index("ix_desk_tickets_status", "status"),
    )

    number = Column(Integer, primary_key=True, autoincrement=True)
    conversation = Column(String(200), nullable=False)
    active = Column(String(200), nullable=True)
    account = Column(String(64), nullable=True)
    vendor = Column(String(64), nullable=False)
    channel = Column(String(64), nullable=False)
    status = Column(String(16), nullable=False)
    outcome = Column(String(16), nullable=True)
    agent = Column(String(64), nullable=True)
    opened_at = Column(Instant, nullable=False)
    taken_at = Column(Instant, nullable=True)
    ended_at = Column(Instant, nullable=True)
    orders = Column(Text, nullable=False)
    decisions = Column(Text, nullable=False)
    last_line = Column(Integer, nullable=False)


class DeskLine(Base):
    """One line of a ticket.

    ``key`` makes a line that is sent twice one line. ``message_id`` is the customer's message, or
    for any other line the message it follows. ``live`` lines are the ones a customer is sent.
    """

    __tablename__ = "desk_lines"
    __table_args__ = (
        UniqueConstraint("ticket", "key"),
        Index("ix_desk_lines_conversation", "conversation", "id"),
    )

    id = Column(Integer, primary_key=True, autoincrement=True)
    ticket = Column(Integer, ForeignKey("desk_tickets.number", ondelete="CASCADE"), nullable=False)
    position = Column(Integer, nullable=False)
    conversation = Column(String(200), nullable=False)
    key = Column(String(96), nullable=False)
    role = Column(String(16), nullable=False)
    sender = Column(String(64), nullable=False)
    text = Column(Text, nullable=False)
    message_id = Column(String(64), nullable=True)
    live = Column(Boolean, nullable=False)
    at = Column(Instant, nullable=False)
