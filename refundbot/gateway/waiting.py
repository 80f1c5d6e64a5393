"""One waiting question, and its row in the database."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from refundbot.gateway.store import ANSWERED
from refundbot.gateway.tables import InboundMessage, WaitingQuestion
from refundbot.identity import Turn

LONGEST_PAUSE = 30.0  # seconds between two tries

# What may be down: the orders, or the bot itself (Rasa or the action server).
Part = Literal["orders", "system"]
Already = Literal["this", "others"]
_row = WaitingQuestion


@dataclass(frozen=True)
class Question:
    """A waiting question.

    Attributes:
        inbound_id: row of the message.
        message_id: the client's id of it.
        turn: identity and kind, as the gateway vouched for when it was asked, and late.
        said: what Rasa gets: harmless text or a button's payload.
        shown: what the customer sees as theirs.
        part: what was down.
        asked_at: when, on the stack's clock.
        tries: how often it was tried again.
        gives_up_at: when, on the real clock, nobody tries any longer.
    """

    inbound_id: int
    message_id: str
    turn: Turn
    said: str
    shown: str
    part: Part
    asked_at: datetime
    tries: int
    gives_up_at: datetime


def pause(tries: int) -> timedelta:
    """How long to leave a question alone after so many tries: doubling, jittered, bounded."""
    seconds = min(2.0 ** min(tries, 10), LONGEST_PAUSE)
    return timedelta(seconds=seconds * random.uniform(0.5, 1))


def equal(turn: Turn, said: str) -> tuple[Any, ...]:
    """Where the same thing was said in the same conversation."""
    return (_row.conversation == turn.conversation, _row.kind == turn.kind, _row.said == said)


def free(real: datetime) -> Any:
    """Where nobody answers right now; ``real`` is on the real clock."""
    return or_(_row.leased_until.is_(None), _row.leased_until <= real)


def waiting(session: Session, conversation: str) -> dict[str, int]:
    """The client's ids of a conversation's waiting messages with their rows, as asked."""
    rows = session.execute(
        select(InboundMessage.message_id, _row.inbound_id)
        .join(InboundMessage, InboundMessage.id == _row.inbound_id)
        .where(_row.conversation == conversation)
        .order_by(_row.inbound_id)
    )
    return {message_id: inbound_id for message_id, inbound_id in rows}


def supersede(session: Session, turn: Turn, said: str) -> None:
    """Forget equal questions; who leased one loses it, and the answer is not stored twice."""
    ids = list(session.execute(select(_row.inbound_id).where(*equal(turn, said))).scalars())
    if ids:
        session.execute(
            delete(_row)
            .where(_row.inbound_id.in_(ids))
            .execution_options(synchronize_session=False)
        )
        settled(session, ids)


def settled(session: Session, inbound_ids: list[int]) -> None:
    """These messages have all the replies they will have."""
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.id.in_(inbound_ids))
        .values(status=ANSWERED)
        .execution_options(synchronize_session=False)
    )


def question(row: Any, message_id: str, shown: str) -> Question:
    """A row as a question; the turn it runs in is late."""
    turn = Turn(row.conversation, row.account, row.vendor, row.channel, row.kind, late=True)
    return Question(
        row.inbound_id,
        message_id,
        turn,
        row.said,
        shown,
        cast(Part, row.part),
        row.asked_at,
        row.tries,
        row.gives_up_at,
    )
