"""Tables of the gateway: the inbox, the outbox, buttons, and questions that wait."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from refundbot.db import Base, Instant


class InboundMessage(Base):
    """A message of a customer. ``text`` is what they see as theirs: typed, or a button's title."""

    __tablename__ = "inbound_messages"
    __table_args__ = (UniqueConstraint("conversation", "message_id"),)

    id = Column(Integer, primary_key=True, autoincrement=True)
    conversation = Column(String(200), nullable=False)
    message_id = Column(String(64), nullable=False)
    kind = Column(String(16), nullable=False)
    text = Column(Text, nullable=False)
    status = Column(String(16), nullable=False)
    received_at = Column(Instant, nullable=False)


class OutboundMessage(Base):
    """One reply to an inbound message, as the client got it (JSON)."""

    __tablename__ = "outbound_messages"
    __table_args__ = (UniqueConstraint("inbound_id", "position"),)

    id = Column(Integer, primary_key=True, autoincrement=True)
    inbound_id = Column(
        Integer, ForeignKey("inbound_messages.id", ondelete="CASCADE"), nullable=False
    )
    position = Column(Integer, nullable=False)
    body = Column(Text, nullable=False)
    created_at = Column(Instant, nullable=False)


class ButtonToken(Base):
    """What a button of ours stands for; used by at most one message of its conversation."""

    __tablename__ = "button_tokens"
    __table_args__ = (Index("ix_button_tokens_expires_at", "expires_at"),)

    id = Column(String(64), primary_key=True)
    conversation = Column(String(200), nullable=False)
    title = Column(String(200), nullable=False)
    payload = Column(Text, nullable=False)
    expires_at = Column(Instant, nullable=False)
    used_by = Column(Integer, ForeignKey("inbound_messages.id", ondelete="SET NULL"), nullable=True)
    used_at = Column(Instant, nullable=True)


class WaitingQuestion(Base):
    """A message that could not be answered because something was down; gone once it is.

    ``said`` is what Rasa is to get, ``part`` what was down. ``asked_at`` is on the stack's clock;
    the other instants are on the real one, which goes on when ``REFUNDBOT_NOW`` stops the
    stack's. Whoever answers it holds the ``lease`` meanwhile.
    """

    __tablename__ = "waiting_questions"
    __table_args__ = (
        Index("ix_waiting_questions_conversation", "conversation"),
        Index("ix_waiting_questions_next_try_at", "next_try_at"),
    )

    inbound_id = Column(
        Integer,
        ForeignKey("inbound_messages.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )
    conversation = Column(String(200), nullable=False)
    account = Column(String(64), nullable=True)
    vendor = Column(String(64), nullable=False)
    channel = Column(String(64), nullable=False)
    kind = Column(String(16), nullable=False)
    said = Column(Text, nullable=False)
    part = Column(String(16), nullable=False)
    asked_at = Column(Instant, nullable=False)
    tries = Column(Integer, nullable=False)
    next_try_at = Column(Instant, nullable=False)
    gives_up_at = Column(Instant, nullable=False)
    lease = Column(String(32), nullable=True)
    leased_until = Column(Instant, nullable=True)
