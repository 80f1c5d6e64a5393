"""The gateway's memory: what came in, what was answered, and which buttons may still be used.

Synchronous, called in a thread pool. One row of ``inbound_messages`` a message, unique by
conversation and message id, so that a message delivered twice is answered once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from refundbot.clock import SHANGHAI
from refundbot.gateway.rows import add_replies, only_live, replies_of
from refundbot.gateway.tables import ButtonToken, InboundMessage, OutboundMessage

HISTORY_LENGTH = 50  # messages

RECEIVED = "received"
ANSWERED = "answered"
FAILED = "failed"
WAITING = "waiting"  # answered for now: the real answer comes when what is down is back


class StoreUnavailable(Exception):  # noqa: N818 -- says what happened
    """The database did not do what was asked; nothing about why goes to the customer."""


def real_now() -> datetime:
    """The real clock, for what must expire even when ``REFUNDBOT_NOW`` stops the stack's."""
    return datetime.now(SHANGHAI)


@dataclass(frozen=True)
class Received:
    """A message in the inbox.

    Attributes:
        id: row id.
        replies: the stored replies when it was answered before, else None.
        waiting: these replies are for now; the real answer is still to come.
    """

    id: int
    replies: list[dict[str, Any]] | None
    waiting: bool = False


@dataclass(frozen=True)
class Button:
    """A button that may be used: what the customer reads, and what Rasa gets."""

    title: str
    payload: str


class Store:
    """Inbox, outbox and buttons in one database."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions

    def run(self, work: Callable[[Session], Any]) -> Any:
        """Do some work in a transaction of its own.

        Raises:
            StoreUnavailable: the database did not answer; nothing is stored.
        """
        try:
            with self._sessions() as session, session.begin():
                return work(session)
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise StoreUnavailable(type(error).__name__) from error

    def ping(self) -> None:
        """Raise StoreUnavailable unless the database answers and has our tables."""

        def work(session: Session) -> None:
            session.execute(text("SELECT 1 FROM inbound_messages WHERE 1 = 0"))

        self.run(work)

    def receive(
        self, conversation: str, message_id: str, kind: str, shown: str, at: datetime
    ) -> Received:
        """Put a message into the inbox, or find it there with its replies.

        Raises:
            StoreUnavailable: the database did not answer.
        """

        def add(session: Session) -> Received:
            row = InboundMessage(
                conversation=conversation,
                message_id=message_id,
                kind=kind,
                text=shown,
                status=RECEIVED,
                received_at=at,
            )
            session.add(row)
            session.flush()
            return Received(row.id, None)

        def find(session: Session) -> Received | None:
            row = session.execute(
                select(InboundMessage).where(
                    InboundMessage.conversation == conversation,
                    InboundMessage.message_id == message_id,
                )
            ).scalar_one_or_none()
            if row is None:
                return None
            said = replies_of(session, row.id) if row.status in (ANSWERED, WAITING) else None
            return Received(row.id, said, row.status == WAITING)

        found: Received | None = self.run(find)
        if found is not None:
            return found
        try:
            added: Received = self.run(add)
        except IntegrityError as error:
            found = self.run(find)
            if found is None:
                raise StoreUnavailable("IntegrityError") from error
            return found
        return added

    def answer(
        self,
        inbound_id: int,
        conversation: str,
        replies: Sequence[dict[str, Any]],
        at: datetime,
        button_at: datetime,
        along: Callable[[Session], None] | None = None,
        status: str = ANSWERED,
    ) -> list[dict[str, Any]]:
        """Store the replies to a message, instead of those it had.

        Args:
            inbound_id: the message answered.
            conversation: the only conversation the buttons work in.
            replies: as `refundbot.gateway.replies.read` gives them.
            at: when, on the stack's clock.
            button_at: when, on the real clock, from which buttons live 30 minutes.
            along: what else belongs into the same transaction.
            status: what the message is now.

        Raises:
            StoreUnavailable: the database did not answer; nothing is stored.
        """

        def work(session: Session) -> list[dict[str, Any]]:
            session.execute(delete(OutboundMessage).where(OutboundMessage.inbound_id == inbound_id))
            stored = add_replies(session, inbound_id, conversation, replies, at, button_at)
            session.execute(
                update(InboundMessage).where(InboundMessage.id == inbound_id).values(status=status)
            )
            session.execute(
                delete(ButtonToken).where(ButtonToken.expires_at < button_at - timedelta(days=1))
            )
            if along is not None:
                along(session)
            return stored

        stored: list[dict[str, Any]] = self.run(work)
        return stored

    def fail(self, inbound_id: int) -> None:
        """Note that a message got no answer, so that a repeat of it is tried again."""

        def work(session: Session) -> None:
            session.execute(
                update(InboundMessage)
                .where(InboundMessage.id == inbound_id, InboundMessage.status != ANSWERED)
                .values(status=FAILED)
            )

        self.run(work)

    def use_button(
        self, button_id: str, conversation: str, inbound_id: int, at: datetime
    ) -> Button | None:
        """Spend a button in one atomic step; None when it is used, expired or another's.

        The message that spent it may spend it again: its turn failed and is tried once more.
        """

        def work(session: Session) -> Button | None:
            mine = (
                ButtonToken.id == button_id,
                ButtonToken.conversation == conversation,
            )
            session.execute(
                update(ButtonToken)
                .where(*mine, ButtonToken.used_at.is_(None), ButtonToken.expires_at > at)
                .values(used_at=at, used_by=inbound_id)
                .execution_options(synchronize_session=False)
            )
            row = session.execute(
                select(ButtonToken).where(*mine, ButtonToken.used_by == inbound_id)
            ).scalar_one_or_none()
            if row is None:
                return None
            session.execute(
                update(InboundMessage).where(InboundMessage.id == inbound_id).values(text=row.title)
            )
            return Button(row.title, row.payload)

        button: Button | None = self.run(work)
        return button

    def history(self, conversation: str, button_at: datetime) -> list[dict[str, Any]]:
        """The latest messages of a conversation, oldest first, with their replies.

        Buttons that can no longer be used come as ``{"title", "used": true}``.
        """

        def work(session: Session) -> list[dict[str, Any]]:
            rows = session.execute(
                select(InboundMessage)
                .where(InboundMessage.conversation == conversation)
                .order_by(InboundMessage.id.desc())
                .limit(HISTORY_LENGTH)
            ).scalars()
            live = set(
                session.execute(
                    select(ButtonToken.id).where(
                        ButtonToken.conversation == conversation,
                        ButtonToken.used_at.is_(None),
                        ButtonToken.expires_at > button_at,
                    )
                ).scalars()
            )
            return [
                {
                    "message_id": row.message_id,
                    "kind": row.kind,
                    "text": row.text,
                    "at": row.received_at.isoformat(),
                    "status": row.status,
                    "replies": [only_live(reply, live) for reply in replies_of(session, row.id)],
                }
                for row in reversed(list(rows))
            ]

        entries: list[dict[str, Any]] = self.run(work)
        return entries
