"""Lines and rows: how a ticket's parts go into the database and come out."""

import json
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from refundbot.desk.interface import Line, Ticket
from refundbot.desk.tables import DeskLine, DeskTicket

MAX_REPLY = 1000  # characters an agent may write at once
_MOST = 500  # lines read at once


def mark(session: Session, which: Any) -> Any:
    """The one ticket that fits, locked until this transaction ends; None when there is none.

    The empty update takes the row's lock on PostgreSQL and the writer's on SQLite, so that two
    steps on one ticket come one after the other and line ids grow in the order they are seen.
    """
    session.execute(
        update(DeskTicket)
        .where(which)
        .values(last_line=DeskTicket.last_line)
        .execution_options(synchronize_session=False)
    )
    return session.execute(
        select(DeskTicket).where(which).execution_options(populate_existing=True)
    ).scalar_one_or_none()


def add_line(session: Session, row: Any, line: Line, *, live: bool) -> Line:
    """Append a line to a locked ticket, unless its key is there; the line as stored."""
    found = session.execute(
        select(DeskLine).where(DeskLine.ticket == row.number, DeskLine.key == line.key)
    ).scalar_one_or_none()
    if found is not None:
        return to_line(found)
    follows = line.message_id
    if follows is None:
        follows = session.execute(
            select(DeskLine.message_id)
            .where(DeskLine.ticket == row.number, DeskLine.message_id.isnot(None))
            .order_by(DeskLine.position.desc())
            .limit(1)
        ).scalar_one_or_none()
    row.last_line += 1
    stored = DeskLine(
        ticket=row.number,
        position=row.last_line,
        conversation=row.conversation,
        key=line.key,
        role=line.role,
        sender=line.sender,
        text=line.text,
        message_id=follows,
        live=live,
        at=line.at,
    )
    session.add(stored)
    session.flush()
    return to_line(stored)


def lines_after(
    session: Session, after: int, *, conversation: str | None = None, ticket: int | None = None
) -> list[Line]:
    """Lines of a ticket, or the live lines of a conversation, oldest first."""
    wanted = select(DeskLine).where(DeskLine.id > after).order_by(DeskLine.id)
    if ticket is not None:
        wanted = wanted.where(DeskLine.ticket == ticket)
    else:
        wanted = wanted.where(DeskLine.conversation == conversation, DeskLine.live.is_(True))
    return [to_line(row) for row in session.execute(wanted.limit(_MOST)).scalars()]


def to_line(row: Any) -> Line:
    """A row as a line."""
    return Line(row.id, row.key, row.role, row.sender, row.text, row.message_id, row.at)


def to_ticket(row: Any) -> Ticket:
    """A row as a ticket."""
    return Ticket(
        number=row.number,
        conversation=row.conversation,
        account=row.account,
        vendor=row.vendor,
        channel=row.channel,
        status=row.status,
        outcome=row.outcome,
        agent=row.agent,
        opened_at=row.opened_at,
        taken_at=row.taken_at,
        ended_at=row.ended_at,
        last_line=row.last_line,
        orders=tuple(json.loads(row.orders)),
        decisions=tuple(json.loads(row.decisions)),
    )
