"""When something behind the gateway is down, the customer is told so, in Chinese, at once."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from refundbot.gateway import replies
from refundbot.gateway.app import create_app
from refundbot.settings import Settings
from tests.gateway.conftest import Say
from tests.gateway.fakes import FakeRasa, custom, headers, message

BROKEN_ANSWERS = {
    "500": httpx.Response(500, text="Traceback (most recent call last)"),
    "502 of the channel": httpx.Response(502, json={"code": "turn_failed", "message": "x"}),
    "401": httpx.Response(401, json={"code": "expired", "message": "x"}),
    "no model": httpx.Response(503, json={"code": "no_model", "message": "x"}),
    "garbage": httpx.Response(200, text="<html>garbage"),
    "a list": httpx.Response(200, json=[1, 2]),
    "no messages": httpx.Response(200, json={"messages": []}),
    "messages of no use": httpx.Response(
        200,
        json={"messages": [None, 5, {}, {"text": "  "}, {"custom": {"text": 5}}, {"image": "x"}]},
    ),
    "messages that are no list": httpx.Response(200, json={"messages": {"text": "x"}}),
}


@pytest.mark.parametrize("name", BROKEN_ANSWERS)
def test_no_usable_answer_becomes_a_promise_with_two_ways_on(
    say: Say, rasa: FakeRasa, name: str
) -> None:
    rasa.response = BROKEN_ANSWERS[name]
    answer = say("能退吗")
    assert answer.status_code == 200
    (reply,) = answer.json()["replies"]
    assert reply["kind"] == "outage"
    assert reply["text"].startswith("系统暂时连不上，您的问题我已经记下，恢复后会在这里回复您")
    assert [(b["title"], b.get("url")) for b in reply["buttons"]] == [
        ("转人工", None),
        ("自己去退订页面看", "http://testserver/#orders"),
    ]
    assert "Traceback" not in answer.text
    assert answer.json()["outcome"] == "waiting"


def test_rasa_down_is_told_at_once(say: Say, rasa: FakeRasa) -> None:
    rasa.down.add(":5005")
    answer = say("能退吗").json()
    assert answer["replies"][0]["kind"] == "outage"
    assert answer["latency_ms"] < 1000


def test_the_customer_waits_less_than_five_seconds(settings: Settings) -> None:
    assert settings.turn_timeout < 5


@pytest.fixture
def without_tables(settings: Settings) -> Settings:
    engine = create_engine(settings.database_url, future=True)
    with engine.begin() as connection:
        for table in ("button_tokens", "outbound_messages", "inbound_messages"):
            connection.execute(text(f"DROP TABLE {table}"))
    engine.dispose()
    return settings


def test_a_broken_database_is_told_without_its_error(
    without_tables: Settings, rasa: FakeRasa
) -> None:
    with TestClient(create_app(without_tables, transport=rasa)) as client:
        for answer in (
            client.post("/api/chat/messages", json=message(text="能退吗"), headers=headers()),
            client.get("/api/chat/history?conversation=c1", headers=headers()),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "store_down")
            assert "系统暂时存不了消息" in answer.json()["message"]
            assert "sql" not in answer.text.lower()
    assert rasa.turns == []


def test_anything_unforeseen_is_a_500_in_chinese_with_the_headers(
    client: TestClient, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("refundbot.gateway.turns.Turns.answer", crash)
    answer = say("能退吗")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_healthz_is_200_while_every_part_works(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    parts = answer.json()["parts"]
    assert set(parts) == {"gateway", "database", "rasa", "actions"}
    assert all(part["ok"] and part["latency_ms"] >= 0 for part in parts.values())


@pytest.mark.parametrize(("part", "address"), [("rasa", ":5005"), ("actions", ":5055")])
def test_healthz_is_503_and_names_the_part_that_is_down(
    client: TestClient, rasa: FakeRasa, part: str, address: str
) -> None:
    rasa.down.add(address)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    parts = answer.json()["parts"]
    assert [name for name, state in parts.items() if not state["ok"]] == [part]
    assert parts[part]["reason"] == "ConnectError"


def test_healthz_names_a_database_without_our_tables(
    without_tables: Settings, rasa: FakeRasa
) -> None:
    with TestClient(create_app(without_tables, transport=rasa)) as client:
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert not answer.json()["parts"]["database"]["ok"]


async def test_healthz_does_not_wait_for_a_part_that_hangs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hanging(FakeRasa):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if ":5055" in str(request.url):
                await asyncio.Event().wait()
            return await super().handle_async_request(request)

    monkeypatch.setattr("refundbot.gateway.health.TIMEOUT", 0.05)
    app = create_app(settings, transport=Hanging())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://g"
    ) as gateway:
        answer = await asyncio.wait_for(gateway.get("/healthz"), 5)
    assert answer.status_code == 503
    assert not answer.json()["parts"]["actions"]["ok"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "ftp://a/b",
        "http:",
        "https://",
        " https://a.cn",
        "java\nscript:x",
        "refund/BD1",
        "",
        5,
    ],
)
def test_a_link_that_is_neither_http_nor_of_this_site_is_dropped(url: Any) -> None:
    (reply,) = replies.read([custom("x", {"title": "看", "url": url})])
    assert reply["buttons"] == []


def test_links_payloads_and_plain_texts_are_read() -> None:
    buttons = [
        {"title": " 去退订 ", "url": "https://a.cn/refund/BD1?x=1"},
        {"title": "本站", "url": "/refund/BD1"},
        {"title": "看", "payload": "/ask{}"},
        {"title": "", "payload": "/ask{}"},
        {"title": "坏", "payload": "ask"},
        {"payload": "/ask{}"},
        "x",
    ]
    found = replies.read(
        [{"custom": {"text": "一", "buttons": buttons, "kind": "UPPER"}}, {"text": "二"}]
    )
    assert [(reply["text"], reply["kind"]) for reply in found] == [
        ("一", "answer"),
        ("二", "answer"),
    ]
    assert found[0]["buttons"] == [
        {"title": "去退订", "url": "https://a.cn/refund/BD1?x=1"},
        {"title": "本站", "url": "/refund/BD1"},
        {"title": "看", "payload": "/ask{}"},
    ]


def test_an_answer_on_several_orders_keeps_every_decision() -> None:
    decisions = [{"order_id": "BD1"}, {"order_id": "BD2"}]
    (reply,) = replies.read([custom("都算一下", decisions=decisions)])
    assert reply["decisions"] == decisions
