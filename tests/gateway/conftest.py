"""A gateway with a fake Rasa behind it and a database of its own."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from refundbot.db import Base, make_engine, session_factory
from refundbot.desk import tables as desk
from refundbot.desk.tickets import Tickets
from refundbot.gateway import late, questions, tables
from refundbot.gateway.app import create_app
from refundbot.review import tables as review
from refundbot.settings import Settings
from tests.desk.conftest import AT
from tests.gateway.asking import Client
from tests.gateway.fakes import FakeRasa, custom, headers, make_settings, message

ORDER = {"id": "BD1", "product": "云服务器 BCC"}
Say = Callable[..., httpx.Response]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = make_settings(tmp_path)
    engine = create_engine(made.database_url)
    wanted = (
        *(tables.InboundMessage, tables.OutboundMessage, tables.ButtonToken),
        tables.WaitingQuestion,
        *(desk.DeskTicket, desk.DeskLine, review.Feedback, review.ReviewItem),
    )
    Base.metadata.create_all(engine, tables=[model.__table__ for model in wanted])
    engine.dispose()
    return made


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def client(settings: Settings, rasa: FakeRasa) -> Iterator[TestClient]:
    with TestClient(create_app(settings, transport=rasa, rate="1000/minute")) as made:
        yield made


@pytest.fixture
def say(client: TestClient) -> Say:
    """Say something as A1001 in conversation c1, unless told otherwise."""

    def say(text: str | None = None, *, account: str = "A1001", **more: Any) -> httpx.Response:
        content = {} if text is None else {"text": text}
        body = message(**content, **more)
        return client.post("/api/chat/messages", json=body, headers=headers(account))

    return say


@pytest.fixture
async def gateway(settings: Settings, rasa: FakeRasa) -> AsyncIterator[httpx.AsyncClient]:
    """The same gateway for tests in which several requests are under way at once."""
    app = create_app(settings, transport=rasa, rate="1000/minute")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as made,
    ):
        yield made


@pytest.fixture
def tickets(settings: Settings) -> Tickets:
    """The desk's side of the same database, as another process has it."""
    return Tickets(session_factory(make_engine(settings.database_url)))


@pytest.fixture
def handing_over(rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa hands over when it hears 转人工, else answers with a decision; it is ten o'clock."""

    def answer(said: str) -> list[dict[str, Any]]:
        if said == "转人工":
            return [custom("好的，为您转接。", kind="notice", handoff={"orders": [ORDER]})]
        return [custom(f"答：{said}", decision={"order_id": "BD1", "outcome": "refundable"})]

    monkeypatch.setattr(rasa, "answer", answer)
    monkeypatch.setenv("REFUNDBOT_NOW", AT.isoformat())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries to answer what waits follow each other at once, and it is ten o'clock."""
    for module in (late, questions):
        monkeypatch.setattr(module, "pause", lambda tries: timedelta(seconds=0.01))
    monkeypatch.setattr(late, "PROBE", 0.01)
    monkeypatch.setenv("REFUNDBOT_NOW", AT.isoformat())


@pytest.fixture
async def asker(gateway: httpx.AsyncClient) -> Client:
    """A customer of `gateway`."""
    return Client(gateway)
