"""Every message is answered once, in order, whatever arrives twice or late."""

import asyncio
from typing import Any

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from starlette.testclient import TestClient

from refundbot.db import Base, make_engine
from refundbot.gateway.app import create_app
from refundbot.gateway.turns import MAX_WAITING
from refundbot.orders.migrate import upgrade
from refundbot.settings import Settings
from tests.gateway.conftest import Say
from tests.gateway.fakes import FakeRasa, custom, headers, make_settings, message

CHAT = "/api/chat/messages"


def post(gateway: httpx.AsyncClient, **content: Any) -> "asyncio.Task[httpx.Response]":
    request = gateway.post(CHAT, json=message(**content), headers=headers())
    return asyncio.create_task(request)


async def until(condition: Any) -> None:
    """Give way until something holds; fails after five seconds."""

    async def wait() -> None:
        while not condition():
            await asyncio.sleep(0.001)

    await asyncio.wait_for(wait(), 5)


def test_a_message_sent_again_gets_the_same_answer_and_runs_no_turn(
    say: Say, rasa: FakeRasa
) -> None:
    rasa.answer = lambda text: [
        custom(f"第 {len(rasa.turns)} 次", {"title": "看", "payload": "/x"})
    ]
    first = say("能退吗", message_id="same").json()
    again = say("能退吗", message_id="same").json()
    assert again["replies"] == first["replies"]
    assert (first["outcome"], again["outcome"]) == ("answered", "repeated")
    assert len(rasa.turns) == 1


def test_the_same_message_id_in_another_conversation_is_another_message(
    say: Say, rasa: FakeRasa
) -> None:
    say("一", message_id="same")
    say("二", message_id="same", conversation="c2")
    say("三", message_id="same", account="A1002")
    assert rasa.texts == ["一", "二", "三"]


def test_an_answer_survives_a_restart(settings: Settings, rasa: FakeRasa) -> None:
    body = message(message_id="same", text="能退吗")
    for _ in range(2):
        with TestClient(create_app(settings, transport=rasa)) as client:
            answer = client.post(CHAT, json=body, headers=headers())
            assert answer.json()["replies"][0]["text"] == "答：能退吗"
    assert len(rasa.turns) == 1


async def test_duplicates_at_the_same_time_run_one_turn(
    gateway: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.hold = asyncio.Event()
    calls = [post(gateway, message_id="same", text="能退吗") for _ in range(5)]
    await until(lambda: rasa.running == 1)
    rasa.hold.set()
    answers = [answer.json()["replies"] for answer in await asyncio.gather(*calls)]
    assert answers == [answers[0]] * 5
    assert len(rasa.turns) == 1


async def test_messages_of_one_conversation_run_one_after_the_other_in_order(
    gateway: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    texts = ["一", "二", "三", "四"]
    answers = await asyncio.gather(*(post(gateway, text=text) for text in texts))
    assert [a.json()["replies"][0]["text"] for a in answers] == [f"答：{text}" for text in texts]
    assert rasa.texts == texts
    assert rasa.most_running == 1


async def test_conversations_do_not_wait_for_each_other(
    gateway: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.hold = asyncio.Event()
    calls = [post(gateway, text="能退吗", conversation=f"c{n}") for n in range(3)]
    await until(lambda: rasa.running == 3)
    rasa.hold.set()
    await asyncio.gather(*calls)


async def test_only_a_few_messages_of_one_conversation_may_wait(
    gateway: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.hold = asyncio.Event()
    waiting = [post(gateway, text=str(n)) for n in range(MAX_WAITING)]
    await until(lambda: rasa.running == 1)
    refused = await post(gateway, text="再来一条")
    assert (refused.status_code, refused.json()["code"]) == (429, "queue_full")
    assert refused.headers["retry-after"]
    other = post(gateway, text="别的对话", conversation="c2")
    rasa.hold.set()
    answers = await asyncio.gather(*waiting, other)
    assert {answer.status_code for answer in answers} == {200}


async def test_a_slow_turn_is_said_to_be_slow_and_its_answer_can_be_fetched(
    settings: Settings, tmp_path: Any, rasa: FakeRasa
) -> None:
    quick = make_settings(tmp_path, turn_timeout=0.05)
    app = create_app(quick, transport=rasa)
    rasa.hold = asyncio.Event()
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://g") as gateway,
    ):
        slow = (await post(gateway, message_id="slow", text="能退吗")).json()
        assert slow["outcome"] == "pending"
        assert slow["replies"][0]["kind"] == "outage"
        assert "还在处理" in slow["replies"][0]["text"]
        assert [button["title"] for button in slow["replies"][0]["buttons"]] == [
            "转人工",
            "去退订页面",
        ]
        rasa.hold.set()
        late = slow
        for _ in range(100):  # each waits for the answer 0.05 s
            if late["outcome"] != "pending":
                break
            late = (await post(gateway, message_id="slow", text="能退吗")).json()
        assert late["replies"][0]["text"] == "答：能退吗"
    assert len(rasa.turns) == 1


async def test_a_customer_who_hangs_up_still_finds_the_answer(
    gateway: httpx.AsyncClient, rasa: FakeRasa
) -> None:
    rasa.hold = asyncio.Event()
    call = post(gateway, message_id="gone", text="能退吗")
    await until(lambda: rasa.running == 1)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    rasa.hold.set()
    again = (await post(gateway, message_id="gone", text="能退吗")).json()
    assert again["replies"][0]["text"] == "答：能退吗"
    assert len(rasa.turns) == 1


@pytest.fixture
def keeping_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question is kept for later, so that a message without an answer has failed."""
    monkeypatch.setattr("refundbot.gateway.questions.MOST", 0)


@pytest.mark.usefixtures("keeping_nothing")
def test_a_message_that_failed_may_be_sent_again(say: Say, rasa: FakeRasa) -> None:
    rasa.down.add("webhook")
    failed = say("能退吗", message_id="same").json()
    assert failed["outcome"] == "failed"
    rasa.down.clear()
    answered = say("能退吗", message_id="same").json()
    assert answered["outcome"] == "answered"
    assert answered["replies"][0]["text"] == "答：能退吗"


@pytest.mark.parametrize("text", ["", "😀"])
def test_a_fixed_answer_is_repeated_too(say: Say, rasa: FakeRasa, text: str) -> None:
    first, again = (say(text, message_id="same").json() for _ in range(2))
    assert first["replies"] == again["replies"]
    assert rasa.turns == []


def test_history_gives_the_conversation_back_to_its_owner_only(
    client: TestClient, say: Say, rasa: FakeRasa
) -> None:
    decision = {"outcome": "refundable"}
    rasa.answer = lambda text: [custom(f"答：{text}", decision=decision)]
    say("一", message_id="m-a")
    say("二", message_id="m-b")
    say("别的对话", conversation="c2")

    def history(account: str, conversation: str = "c1") -> list[dict[str, Any]]:
        answer = client.get(
            f"/api/chat/history?conversation={conversation}", headers=headers(account)
        )
        assert answer.status_code == 200
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    mine = history("A1001")
    assert [(m["message_id"], m["text"], m["status"]) for m in mine] == [
        ("m-a", "一", "answered"),
        ("m-b", "二", "answered"),
    ]
    assert mine[1]["replies"][0]["text"] == "答：二"
    assert mine[1]["replies"][0]["decision"] == decision
    assert history("A1002") == []
    visitor = client.post("/api/chat/visitor-token").json()["token"]
    answer = client.get(
        "/api/chat/history?conversation=c1", headers={"Authorization": f"Bearer {visitor}"}
    )
    assert answer.json() == {"messages": [], "live": [], "desk": None}


@pytest.mark.parametrize("query", ["", "?conversation=", "?conversation=a:b", "?conversation=%00"])
def test_history_of_no_proper_conversation_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/chat/history{query}", headers=headers())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.usefixtures("keeping_nothing")
def test_history_shows_what_failed(client: TestClient, say: Say, rasa: FakeRasa) -> None:
    rasa.down.add("webhook")
    say("能退吗")
    (entry,) = client.get("/api/chat/history?conversation=c1", headers=headers()).json()["messages"]
    assert (entry["status"], entry["replies"]) == ("failed", [])


def test_the_migration_makes_the_tables_the_code_declares(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path / 'migrated.db'}"
    upgrade(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    ours = ("inbound_messages", "outbound_messages", "button_tokens")
    assert [
        str(change) for change in differences if any(name in str(change) for name in ours)
    ] == []
