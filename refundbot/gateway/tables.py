"""Tables of the gateway: the inbox, the outbox, and the buttons that replies carry."""

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
