"""Feedback and the review list in the database. Synchronous; `SQLAlchemyError` passes through."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from refundbot.review.tables import Feedback, ReviewItem

Value = Literal["up", "down"]
Source = Literal["not_understood", "down_vote"]

OPEN = "open"
DONE = "done"


@dataclass(frozen=True)
class Item:
    """One entry of the review list.

    Attributes:
        id: row id.
        source: ``not_understood`` or ``down_vote``.
        status: ``open``, or ``done`` once somebody has dealt with it.
        account: account in the conversation's name, to be masked; None for a visitor.
        text: what the customer wrote.
        answer: what the bot said.
        reason: what the customer gave as the reason of a 👎.
        guesses: the best intents, each with ``intent`` and ``confidence``.
        at: when.
    """

    id: int
    source: Source
    status: str
    account: str | None
    text: str
    answer: str
    reason: str
    guesses: tuple[dict[str, str], ...]
    at: datetime


class Reviews:
    """Votes, and the list made of 👎 and of what was not understood."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions

    def _run(self, work: Callable[[Session], Any]) -> Any:
        with self._sessions() as session, session.begin():
            return work(session)

    def not_understood(
        self,
        conversation: str,
        message_id: str,
        text: str,
        answer: str,
        guesses: Sequence[dict[str, str]],
        at: datetime,
    ) -> None:
        """Put a message on the list, once."""
        about = {"text": text, "answer": answer, "reason": "", "guesses": guesses}
        self._once(lambda s: _list(s, "not_understood", conversation, message_id, at, about))

    def vote(
        self,
        conversation: str,
        message_id: str,
        value: Value,
        reason: str,
        *,
        text: str,
        answer: str,
        at: datetime,
    ) -> None:
        """Count a vote; a later one on the same message takes its place.

        A 👎 is on the list until it becomes a 👍 or somebody has dealt with it.
        """

        def work(session: Session) -> None:
            row = session.execute(
                select(Feedback).where(
                    Feedback.conversation == conversation, Feedback.message_id == message_id
                )
            ).scalar_one_or_none()
            if row is None:
                row = Feedback(conversation=conversation, message_id=message_id)
                session.add(row)
            row.value, row.reason, row.at = value, reason, at
            if value == "down":
                about = {"text": text, "answer": answer, "reason": reason, "guesses": []}
                _list(session, "down_vote", conversation, message_id, at, about)
            else:
                session.execute(
                    delete(ReviewItem).where(
                        ReviewItem.source == "down_vote",
                        ReviewItem.conversation == conversation,
                        ReviewItem.message_id == message_id,
                        ReviewItem.status == OPEN,
                    )
                )

        self._once(work)

    def votes(self, conversation: str) -> dict[str, str]:
        """The votes of a conversation by message id."""

        def work(session: Session) -> dict[str, str]:
            rows = session.execute(
                select(Feedback.message_id, Feedback.value).where(
                    Feedback.conversation == conversation
                )
            )
            return {message_id: value for message_id, value in rows}

        found: dict[str, str] = self._run(work)
        return found

    def items(self, *, done: bool = False, source: Source | None = None) -> list[Item]:
        """The list, oldest first; with ``done`` also what is dealt with."""

        def work(session: Session) -> list[Item]:
            wanted = select(ReviewItem).order_by(ReviewItem.id)
            if not done:
                wanted = wanted.where(ReviewItem.status == OPEN)
            if source is not None:
                wanted = wanted.where(ReviewItem.source == source)
            return [_item(row) for row in session.execute(wanted).scalars()]

        found: list[Item] = self._run(work)
        return found

    def finish(self, ids: Sequence[int]) -> int:
        """Mark entries as dealt with; how many were open."""

        def work(session: Session) -> int:
            changed = session.execute(
                update(ReviewItem)
                .where(ReviewItem.id.in_(list(ids)), ReviewItem.status == OPEN)
                .values(status=DONE)
                .execution_options(synchronize_session=False)
            )
            return int(changed.rowcount)

        count: int = self._run(work)
        return count

    def _once(self, work: Callable[[Session], None]) -> None:
        """Run it, and once more when another process wrote the same row first."""
        try:
            self._run(work)
        except IntegrityError:
            self._run(work)


def _list(
    session: Session,
    source: Source,
    conversation: str,
    message_id: str,
    at: datetime,
    about: dict[str, Any],
) -> None:
    row = session.execute(
        select(ReviewItem).where(
            ReviewItem.source == source,
            ReviewItem.conversation == conversation,
            ReviewItem.message_id == message_id,
        )
    ).scalar_one_or_none()
    if row is None:
        row = ReviewItem(
            source=source, conversation=conversation, message_id=message_id, status=OPEN, at=at
        )
        session.add(row)
    row.text, row.answer, row.reason = about["text"], about["answer"], about["reason"]
    row.guesses = json.dumps(list(about["guesses"]), ensure_ascii=False)


def _item(row: Any) -> Item:
    parts = row.conversation.split(":")
    account = parts[2] if parts[0] == "console" and len(parts) > 3 else None
    guesses = tuple(json.loads(row.guesses))
    return Item(
        row.id,
        row.source,
        row.status,
        account,
        row.text,
        row.answer,
        row.reason,
        guesses,
        row.at,
    )
