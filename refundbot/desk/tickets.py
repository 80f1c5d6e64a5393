"""The tickets' life in the database: every step is one transaction and survives a restart.

waiting --take--> open --hand_back or close--> closed; the customer may leave from either.
Synchronous, called in a thread pool. A step that does not fit raises; a step done twice is done
once. `SQLAlchemyError` passes through: the caller knows what to tell whom.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from refundbot.desk import words
from refundbot.desk.bell import Bell
from refundbot.desk.interface import BuiltInDesk, Desk, DeskError, Line, Opening, Outcome, Ticket
from refundbot.desk.lines import MAX_REPLY, add_line, lines_after, mark, to_ticket
from refundbot.desk.tables import DeskTicket

logger = logging.getLogger(__name__)

WAITING = "waiting"
OPEN = "open"
CLOSED = "closed"


class Tickets:
    """All tickets; the built-in desk and any other act through the same steps."""

    def __init__(
        self, sessions: Callable[[], Session], desk: Desk | None = None, bell: Bell | None = None
    ) -> None:
        self._sessions = sessions
        self._desk: Desk = desk or BuiltInDesk()
        self.bell = bell or Bell()

    def _run(self, work: Callable[[Session], Any]) -> Any:
        with self._sessions() as session, session.begin():
            return work(session)

    def _tell(self, tell: Callable[[], None], ticket: Ticket) -> None:
        self.bell.ring(ticket.conversation)
        try:
            tell()
        except Exception:  # an outside desk's failure must not undo what is stored
            logger.exception("the desk was not told about ticket %s", ticket.number)

    # --- the customer's side -------------------------------------------------------------

    def current(self, conversation: str) -> Ticket | None:
        """The waiting or open ticket of a conversation."""

        def work(session: Session) -> Ticket | None:
            row = session.execute(
                select(DeskTicket).where(DeskTicket.active == conversation)
            ).scalar_one_or_none()
            return None if row is None else to_ticket(row)

        ticket: Ticket | None = self._run(work)
        return ticket

    def open(self, opening: Opening) -> Ticket:
        """Open a ticket, or give the one this conversation has already."""
        found = self.current(opening.conversation)
        if found is not None:
            return found

        def work(session: Session) -> Ticket:
            row = DeskTicket(
                conversation=opening.conversation,
                active=opening.conversation,
                account=opening.account,
                vendor=opening.vendor,
                channel=opening.channel,
                status=WAITING,
                opened_at=opening.at,
                orders=json.dumps(opening.orders, ensure_ascii=False),
                decisions=json.dumps(opening.decisions, ensure_ascii=False),
                last_line=0,
            )
            session.add(row)
            session.flush()
            for line in opening.transcript:
                add_line(session, row, line, live=False)
            session.flush()
            return to_ticket(row)

        try:
            ticket: Ticket = self._run(work)
        except IntegrityError:  # two processes at once: the other one's ticket is the ticket
            found = self.current(opening.conversation)
            if found is None:
                raise
            return found
        self._tell(lambda: self._desk.opened(ticket, opening), ticket)
        return ticket

    def message(self, conversation: str, message_id: str, text: str, at: datetime) -> Ticket | None:
        """Add what a customer writes to their ticket; None when they have none any more."""

        def work(session: Session) -> tuple[Ticket, Line] | None:
            row = mark(session, DeskTicket.active == conversation)
            if row is None:
                return None
            said = Line(0, f"in-{message_id}", "customer", "客户", text, message_id, at)
            line = add_line(session, row, said, live=False)
            return to_ticket(row), line

        done: tuple[Ticket, Line] | None = self._run(work)
        if done is None:
            return None
        self._tell(lambda: self._desk.message(*done), done[0])
        return done[0]

    def leave(self, conversation: str, at: datetime) -> Ticket | None:
        """The customer goes back to the bot; the ticket they left, or None when there was none."""

        def work(session: Session) -> tuple[Ticket, bool] | None:
            row = mark(session, DeskTicket.active == conversation)
            if row is None:
                return None
            taken = row.status == OPEN
            self._end(session, row, "left", words.CUSTOMER_LEFT, at, live=False)
            return to_ticket(row), taken

        done: tuple[Ticket, bool] | None = self._run(work)
        if done is None:
            return None
        self._tell(lambda: self._desk.changed(done[0]), done[0])
        return done[0]

    def ahead(self, ticket: Ticket) -> int:
        """How many waiting tickets are older."""

        def work(session: Session) -> int:
            return session.execute(
                select(func.count())
                .select_from(DeskTicket)
                .where(DeskTicket.status == WAITING, DeskTicket.number < ticket.number)
            ).scalar_one()

        return int(self._run(work))

    def live(self, conversation: str, after: int = 0) -> list[Line]:
        """What agents and the desk said to this customer after a line id, oldest first."""
        found: list[Line] = self._run(
            lambda session: lines_after(session, after, conversation=conversation)
        )
        return found

    # --- the agents' side ----------------------------------------------------------------

    def listed(self, ended: int = 20) -> list[Ticket]:
        """Waiting tickets, oldest first; then open ones; then the ones that ended last."""

        def work(session: Session) -> list[Ticket]:
            def of(status: str, *order: Any, limit: int = 200) -> list[Ticket]:
                rows = session.execute(
                    select(DeskTicket)
                    .where(DeskTicket.status == status)
                    .order_by(*order)
                    .limit(limit)
                ).scalars()
                return [to_ticket(row) for row in rows]

            closed = of(CLOSED, DeskTicket.ended_at.desc(), DeskTicket.number.desc(), limit=ended)
            return of(WAITING, DeskTicket.number) + of(OPEN, DeskTicket.number) + closed

        tickets: list[Ticket] = self._run(work)
        return tickets

    def get(self, number: int) -> Ticket | None:
        """One ticket."""

        def work(session: Session) -> Ticket | None:
            row = session.get(DeskTicket, number)
            return None if row is None else to_ticket(row)

        ticket: Ticket | None = self._run(work)
        return ticket

    def lines(self, number: int, after: int = 0) -> list[Line]:
        """All lines of a ticket after a line id, oldest first."""
        found: list[Line] = self._run(lambda session: lines_after(session, after, ticket=number))
        return found

    def take(self, number: int, agent: str, at: datetime) -> Ticket:
        """An agent takes a waiting ticket, or takes an open one over; the customer is told.

        Raises:
            DeskError: missing, ended.
        """

        def work(session: Session) -> Ticket:
            row = self._active(session, number)
            if row.agent != agent:
                row.agent, row.status = agent, OPEN
                row.taken_at = row.taken_at or at
                text = words.TAKEN.format(agent=agent)
                self._notice(session, row, f"taken-{row.last_line + 1}", text, at)
            return to_ticket(row)

        ticket: Ticket = self._run(work)
        self._tell(lambda: self._desk.changed(ticket), ticket)
        return ticket

    def reply(self, number: int, agent: str, key: str, text: str, at: datetime) -> Line:
        """An agent's words to the customer; ``key`` makes a repeat the same line.

        Raises:
            DeskError: missing, ended, not_taken, not_yours, empty, too_long.
        """
        said = text.strip()
        if not said:
            raise DeskError("empty", words.EMPTY)
        if len(said) > MAX_REPLY:
            raise DeskError("too_long", words.TOO_LONG.format(length=len(said), limit=MAX_REPLY))

        def work(session: Session) -> tuple[Ticket, Line]:
            row = self._mine(session, number, agent)
            line = Line(0, f"agent-{key}", "agent", f"客服 {agent}", said, None, at)
            return to_ticket(row), add_line(session, row, line, live=True)

        ticket, line = self._run(work)
        self._tell(lambda: self._desk.message(ticket, line), ticket)
        stored: Line = line
        return stored

    def hand_back(self, number: int, agent: str, at: datetime) -> Ticket:
        """Give the conversation back to the bot; the customer is told.

        Raises:
            DeskError: missing, ended, not_taken, not_yours.
        """
        return self._finish(number, agent, "handed_back", words.HANDED_BACK, at)

    def close(self, number: int, agent: str, at: datetime) -> Ticket:
        """End the ticket as done; the customer is told, and the bot answers again.

        Raises:
            DeskError: missing, ended, not_taken, not_yours.
        """
        return self._finish(number, agent, "closed", words.CLOSED, at)

    def _finish(self, number: int, agent: str, outcome: Outcome, text: str, at: datetime) -> Ticket:
        def work(session: Session) -> Ticket:
            row = self._mine(session, number, agent)
            self._end(session, row, outcome, text.format(agent=agent), at, live=True)
            return to_ticket(row)

        ticket: Ticket = self._run(work)
        self._tell(lambda: self._desk.changed(ticket), ticket)
        return ticket

    def _active(self, session: Session, number: int) -> Any:
        row = mark(session, DeskTicket.number == number)
        if row is None:
            raise DeskError("missing", words.MISSING)
        if row.status == CLOSED:
            raise DeskError("ended", words.ENDED)
        return row

    def _mine(self, session: Session, number: int, agent: str) -> Any:
        row = self._active(session, number)
        if row.status == WAITING:
            raise DeskError("not_taken", words.NOT_TAKEN)
        if row.agent != agent:
            raise DeskError("not_yours", words.NOT_YOURS.format(agent=row.agent))
        return row

    def _notice(self, session: Session, row: Any, key: str, text: str, at: datetime) -> None:
        add_line(session, row, Line(0, key, "notice", "", text, None, at), live=True)

    def _end(
        self, session: Session, row: Any, outcome: Outcome, text: str, at: datetime, *, live: bool
    ) -> None:
        add_line(session, row, Line(0, "ended", "notice", "", text, None, at), live=live)
        row.status, row.outcome, row.active, row.ended_at = CLOSED, outcome, None, at
        session.flush()
