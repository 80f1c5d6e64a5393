"""Questions that wait for an answer because something was down when they were asked.

Synchronous, called in a thread pool. A row is there exactly as long as an answer is owed: it is
written together with the sentence that promises the answer, and deleted together with the
answer. Whoever answers leases the row first, so that two processes never both do.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from refundbot.gateway import waiting as rows
from refundbot.gateway.rows import add_replies, replies_of
from refundbot.gateway.store import WAITING, Store
from refundbot.gateway.tables import InboundMessage, WaitingQuestion
from refundbot.gateway.waiting import Already, Part, Question, pause
from refundbot.identity import Turn

GIVES_UP = timedelta(hours=24)  # after that the customer is told that there is no answer
LEASE = timedelta(seconds=60)  # longer than one try; then a process that ended has lost it
MOST = 20  # questions one conversation may have waiting

_row = WaitingQuestion


class NotKept(Exception):  # noqa: N818 -- says what happened
    """Too many questions of this conversation wait already."""


class Questions:
    """The waiting questions in the gateway's database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- asked ---------------------------------------------------------------------------

    def already(self, turn: Turn, said: str) -> Already | None:
        """What this conversation has waiting already: this very question, others, or nothing."""

        def work(session: Session) -> Already | None:
            same = select(func.count()).select_from(_row).where(*rows.equal(turn, said))
            if session.execute(same).scalar_one():
                return "this"
            return "others" if rows.waiting(session, turn.conversation) else None

        found: Already | None = self._store.run(work)
        return found

    def keep(
        self,
        inbound_id: int,
        turn: Turn,
        said: str,
        part: Part,
        promise: dict[str, Any],
        at: datetime,
        real: datetime,
    ) -> list[dict[str, Any]]:
        """Store a question and the sentence that promises its answer, both or neither.

        The same question waiting already is superseded: one answer is enough.

        Args:
            inbound_id: row of the message.
            turn: identity and kind.
            said: what Rasa is to get.
            part: what is down.
            promise: the reply for now.
            at: when it was asked, on the stack's clock.
            real: the same instant on the real clock.

        Returns:
            The reply as stored.

        Raises:
            NotKept: `MOST` questions wait already.
            StoreUnavailable: the database did not answer. Nothing may be promised.
        """

        def along(session: Session) -> None:
            rows.supersede(session, turn, said)
            if len(rows.waiting(session, turn.conversation)) >= MOST:
                raise NotKept
            session.add(
                _row(
                    inbound_id=inbound_id,
                    conversation=turn.conversation,
                    account=turn.account,
                    vendor=turn.vendor,
                    channel=turn.channel,
                    kind=turn.kind,
                    said=said,
                    part=part,
                    asked_at=at,
                    tries=0,
                    next_try_at=real + pause(0),
                    gives_up_at=real + GIVES_UP,
                )
            )

        return self._store.answer(
            inbound_id, turn.conversation, [promise], at, real, along, WAITING
        )

    def settle(self, session: Session, turn: Turn, said: str, real: datetime) -> bool:
        """A live turn was answered: the same question needs no late answer any more.

        Its conversation's other questions are worth a try at once.

        Returns:
            Whether others wait.
        """
        rows.supersede(session, turn, said)
        hurried = session.execute(
            update(_row)
            .where(_row.conversation == turn.conversation, _row.next_try_at > real)
            .values(next_try_at=real)
            .execution_options(synchronize_session=False)
        )
        return bool(hurried.rowcount)

    # --- tried again ---------------------------------------------------------------------

    def due(self, real: datetime) -> list[str]:
        """Conversations with a question to try now, the one that waited longest first."""
        query = (
            select(_row.conversation)
            .where(_row.next_try_at <= real, rows.free(real))
            .group_by(_row.conversation)
            .order_by(func.min(_row.next_try_at))
        )
        return list(self._store.run(lambda session: session.execute(query).scalars().all()))

    def hurry(self, real: datetime) -> None:
        """Something got through again: try everything now."""
        change = (
            update(_row)
            .where(_row.lease.is_(None), _row.next_try_at > real)
            .values(next_try_at=real)
            .execution_options(synchronize_session=False)
        )
        self._store.run(lambda session: session.execute(change))

    def next_due(self) -> datetime | None:
        """When there is something to try next, on the real clock; None when nothing waits."""
        when = case(
            (_row.leased_until > _row.next_try_at, _row.leased_until), else_=_row.next_try_at
        )
        found: datetime | None = self._store.run(
            lambda session: session.execute(select(func.min(when))).scalar_one()
        )
        return found

    def of(self, conversation: str) -> list[Question]:
        """A conversation's waiting questions, in the order asked."""
        query = (
            select(_row, InboundMessage.message_id, InboundMessage.text)
            .join(InboundMessage, InboundMessage.id == _row.inbound_id)
            .where(_row.conversation == conversation)
            .order_by(_row.inbound_id)
        )

        def work(session: Session) -> list[Question]:
            return [rows.question(*found) for found in session.execute(query)]

        questions: list[Question] = self._store.run(work)
        return questions

    def claim(self, question: Question, real: datetime) -> str | None:
        """Lease a question to answer it; None when it is gone or another process has it."""
        lease = secrets.token_hex(16)
        change = (
            update(_row)
            .where(_row.inbound_id == question.inbound_id, rows.free(real))
            .values(lease=lease, leased_until=real + LEASE, tries=_row.tries + 1)
            .execution_options(synchronize_session=False)
        )
        taken = self._store.run(lambda session: session.execute(change).rowcount)
        return lease if taken else None

    def put_off(self, question: Question, lease: str, until: datetime, *, rest: bool) -> None:
        """Give a question back, to be tried again at an instant of the real clock.

        Args:
            question: the question.
            lease: of `claim`.
            until: when.
            rest: the conversation's further questions wait until then as well.
        """
        mine = _row.lease == lease
        others = and_(_row.conversation == question.turn.conversation, _row.lease.is_(None))
        change = (
            update(_row)
            .where(or_(mine, others) if rest else mine)
            .values(lease=None, leased_until=None, next_try_at=until)
            .execution_options(synchronize_session=False)
        )
        self._store.run(lambda session: session.execute(change))

    def answer(
        self,
        question: Question,
        lease: str,
        replies: Sequence[dict[str, Any]],
        at: datetime,
        real: datetime,
    ) -> list[dict[str, Any]] | None:
        """Store the late answer behind the promise and owe nothing any more, in one step.

        Each reply gets ``late.after``: the message it follows in the conversation.

        Args:
            question: the question.
            lease: of `claim`.
            replies: the answer; empty when there is none to give, as a person has the talk.
            at: when, on the stack's clock.
            real: when, on the real clock, from which buttons live.

        Returns:
            The replies as stored, or None when the lease was lost and nothing is stored.
        """
        conversation = question.turn.conversation

        def work(session: Session) -> list[dict[str, Any]] | None:
            done = session.execute(
                delete(_row)
                .where(_row.inbound_id == question.inbound_id, _row.lease == lease)
                .execution_options(synchronize_session=False)
            )
            if not done.rowcount:
                return None
            rows.settled(session, [question.inbound_id])
            after = session.execute(
                select(InboundMessage.message_id)
                .where(InboundMessage.conversation == conversation)
                .order_by(InboundMessage.id.desc())
                .limit(1)
            ).scalar_one()
            marked = [{**reply, "late": {"after": after}} for reply in replies]
            return add_replies(session, question.inbound_id, conversation, marked, at, real)

        stored: list[dict[str, Any]] | None = self._store.run(work)
        return stored

    # --- looked at -----------------------------------------------------------------------

    def waiting(self, conversation: str) -> dict[str, int]:
        """The client's ids of the messages whose answers are owed, each with its row."""
        found: dict[str, int] = self._store.run(lambda session: rows.waiting(session, conversation))
        return found

    def replies(self, inbound_id: int) -> list[dict[str, Any]]:
        """All stored replies to a message."""
        found: list[dict[str, Any]] = self._store.run(
            lambda session: replies_of(session, inbound_id)
        )
        return found

    def count(self) -> int:
        """How many questions wait, of all conversations."""
        query = select(func.count()).select_from(_row)
        return int(self._store.run(lambda session: session.execute(query).scalar_one()))
