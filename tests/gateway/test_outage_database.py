"""The gateway's database may only be read, or somebody holds it: an honest sentence, no halves."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from refundbot.gateway import app as gateway_app
from refundbot.gateway.app import create_app
from refundbot.settings import Settings
from tests.gateway.fakes import FakeRasa, headers, message

CHAT = "/api/chat/messages"
HISTORY = "/api/chat/history?conversation=c1"


class Switch:
    """Makes the gateway's connections read-only, as a disk that is full or a standby does."""

    def __init__(self) -> None:
        self.read_only = False

    def __call__(self, connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA query_only={'ON' if self.read_only else 'OFF'}")


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Switch:
    switch, make_engine = Switch(), gateway_app.make_engine

    def listening(url: str) -> Engine:
        engine = make_engine(url)
        event.listen(engine, "checkout", switch)
        return engine

    monkeypatch.setattr(gateway_app, "make_engine", listening)
    return switch


@pytest.fixture
async def gateway(
    settings: Settings, rasa: FakeRasa, switch: Switch
) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, transport=rasa, rate="1000/minute")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://g") as made,
    ):
        yield made


async def say(gateway: httpx.AsyncClient, text: str, message_id: str) -> httpx.Response:
    body = message(text=text, message_id=message_id)
    return await gateway.post(CHAT, json=body, headers=headers())


async def history(gateway: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await gateway.get(HISTORY, headers=headers())
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found


def is_not_delivered(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "store_down")
    assert "这条没有送达" in answer.json()["message"]
    assert "readonly" not in answer.text


async def test_a_message_that_cannot_be_stored_is_said_not_to_be_delivered(
    gateway: httpx.AsyncClient, rasa: FakeRasa, switch: Switch
) -> None:
    await say(gateway, "你好", "m-a")
    switch.read_only = True
    is_not_delivered(await say(gateway, "能退吗", "m-b"))
    assert rasa.texts == ["你好"]
    assert [entry["text"] for entry in await history(gateway)] == ["你好"]
    switch.read_only = False
    answer = await say(gateway, "能退吗", "m-b")
    assert answer.json()["replies"][0]["text"] == "答：能退吗"


async def test_an_answer_that_cannot_be_stored_is_not_given_by_halves(
    gateway: httpx.AsyncClient, rasa: FakeRasa, switch: Switch
) -> None:
    rasa.hold = asyncio.Event()
    asking = asyncio.create_task(say(gateway, "能退吗", "m-a"))
    while not rasa.running:
        await asyncio.sleep(0)
    switch.read_only = True
    rasa.hold.set()
    is_not_delivered(await asking)
    (entry,) = await history(gateway)
    assert (entry["status"], entry["replies"]) == ("failed", [])
    switch.read_only = False
    assert (await say(gateway, "能退吗", "m-a")).json()["outcome"] == "answered"
    (entry,) = await history(gateway)
    assert (entry["status"], len(entry["replies"])) == ("answered", 1)


async def test_in_an_outage_nothing_is_promised_that_cannot_be_kept(
    gateway: httpx.AsyncClient, rasa: FakeRasa, switch: Switch
) -> None:
    rasa.hold = asyncio.Event()
    rasa.response = httpx.Response(500)
    asking = asyncio.create_task(say(gateway, "能退吗", "m-a"))
    while not rasa.running:
        await asyncio.sleep(0)
    switch.read_only = True
    rasa.hold.set()
    answer = (await asking).json()
    assert answer["outcome"] == "failed"
    assert "没有处理成功" in answer["replies"][0]["text"]
    assert "记下" not in answer["replies"][0]["text"]


@contextmanager
def a_stuck_writer(settings: Settings) -> Iterator[None]:
    """Another process that began to write and does not end."""
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


def test_a_database_that_is_held_by_another_is_told_in_time(
    settings: Settings, rasa: FakeRasa
) -> None:
    with TestClient(create_app(settings, transport=rasa)) as client:
        client.post(CHAT, json=message(text="你好"), headers=headers())
        with a_stuck_writer(settings):
            started = time.monotonic()
            is_not_delivered(client.post(CHAT, json=message(text="能退吗"), headers=headers()))
            assert time.monotonic() - started < 5
        assert rasa.texts == ["你好"]
        answer = client.post(CHAT, json=message(text="能退吗"), headers=headers())
        assert answer.json()["outcome"] == "answered"
