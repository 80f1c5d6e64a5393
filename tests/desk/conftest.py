"""Tickets in a database of their own, and a desk that keeps what it is told."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from refundbot.clock import parse_instant
from refundbot.db import Base, make_engine, session_factory
from refundbot.desk import tables
from refundbot.desk.interface import Line, Opening, Ticket
from refundbot.desk.tickets import Tickets

AT = parse_instant("2026-11-23T10:00:00+08:00")


def later(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def opening(conversation: str = "console:baidu:A1001:c1", said: str = "转人工") -> Opening:
    lines = (
        Line(0, "in-m1", "customer", "客户", said, "m1", AT),
        Line(0, "out-m1-0", "bot", "退款助手", "好的", "m1", AT),
    )
    return Opening(
        conversation=conversation,
        account="A1001",
        vendor="baidu",
        channel="console",
        message_id="m1",
        transcript=lines,
        orders=({"id": "BD1", "product": "云服务器 BCC"},),
        decisions=({"order_id": "BD1", "outcome": "refundable"},),
        at=AT,
    )


class ListeningDesk:
    """Another desk, which keeps what it is told, or breaks."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.broken = False

    def _keep(self, what: str) -> None:
        if self.broken:
            raise ConnectionError("the other desk is down")
        self.told.append(what)

    def opened(self, ticket: Ticket, opening: Opening) -> None:
        self._keep(f"opened {ticket.number} with {len(opening.transcript)} lines")

    def message(self, ticket: Ticket, line: Line) -> None:
        self._keep(f"{line.role}: {line.text}")

    def changed(self, ticket: Ticket) -> None:
        self._keep(f"{ticket.status} {ticket.outcome} {ticket.agent}")


MODELS = (tables.DeskTicket, tables.DeskLine)


@pytest.fixture(scope="module")
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    Base.metadata.create_all(engine, tables=[model.__table__ for model in MODELS])
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Session]]:
    """Sessions on either database, its tables empty."""
    if request.param == "postgresql":
        engine = request.getfixturevalue("postgres_engine")
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE desk_lines, desk_tickets RESTART IDENTITY"))
        yield session_factory(engine)
        return
    engine = make_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    Base.metadata.create_all(engine, tables=[model.__table__ for model in MODELS])
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def desk() -> ListeningDesk:
    return ListeningDesk()


@pytest.fixture
def tickets(sessions: Callable[[], Session], desk: ListeningDesk) -> Tickets:
    return Tickets(sessions, desk)
