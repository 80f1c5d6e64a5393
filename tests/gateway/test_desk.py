"""While a person has the conversation the bot is silent, and every word reaches the other side."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from refundbot.db import make_engine, session_factory
from refundbot.desk.tickets import Tickets
from refundbot.gateway import live
from refundbot.gateway.app import create_app
from refundbot.settings import Settings
from tests.desk.conftest import AT, later
from tests.gateway.conftest import Say
from tests.gateway.fakes import FakeRasa, custom, headers

C1 = "console:baidu:A1001:c1"
ORDER = {"id": "BD1", "product": "云服务器 BCC"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFUNDBOT_NOW", AT.isoformat())


@pytest.fixture
def rasa() -> FakeRasa:
    """Hands over when it hears 转人工, else answers with a decision."""
    fake = FakeRasa()

    def answer(said: str) -> list[dict[str, Any]]:
        if said == "转人工":
            return [custom("好的，为您转接。", kind="notice", handoff={"orders": [ORDER]})]
        return [custom(f"答：{said}", decision={"order_id": "BD1", "outcome": "refundable"})]

    fake.answer = answer
    return fake


@pytest.fixture
def tickets(settings: Settings) -> Tickets:
    return Tickets(session_factory(make_engine(settings.database_url)))


def current(tickets: Tickets) -> int:
    ticket = tickets.current(C1)
    assert ticket is not None
    return ticket.number


def texts(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    return [reply["text"] for reply in answer.json()["replies"]]


def test_a_wish_for_a_person_is_announced_with_queue_time_and_hours(say: Say) -> None:
    (reply,) = say("转人工").json()["replies"]
    assert "前面没有人排队，预计等待约 4 分钟（服务时间：工作日 09:00–18:00）" in reply["text"]
    assert reply["kind"] == "handoff"
    assert "handoff" not in reply
    assert [button["title"] for button in reply["buttons"]] == ["退出排队"]
    (other,) = say("转人工", account="A1002").json()["replies"]
    assert "前面还有 1 位，预计等待约 8 分钟" in other["text"]


def test_the_ticket_has_the_transcript_the_orders_and_the_decisions(
    say: Say, tickets: Tickets
) -> None:
    say("能退吗", message_id="m-a")
    say("转人工", message_id="m-b")
    ticket = tickets.get(current(tickets))
    assert ticket is not None
    assert (ticket.account, ticket.vendor, ticket.channel) == ("A1001", "baidu", "console")
    assert ticket.orders == (ORDER,)
    assert [decision["order_id"] for decision in ticket.decisions] == ["BD1"]
    lines = [(line.role, line.text) for line in tickets.lines(ticket.number)]
    assert lines == [("customer", "能退吗"), ("bot", "答：能退吗"), ("customer", "转人工")]


def test_the_bot_is_silent_while_a_ticket_waits_and_while_it_is_open(
    say: Say, rasa: FakeRasa, tickets: Tickets
) -> None:
    say("转人工")
    (waiting,) = say("还能退吗").json()["replies"]
    assert waiting["kind"] == "queue"
    assert "已转人工，前面没有人排队" in waiting["text"]
    number = current(tickets)
    tickets.take(number, "陈晨", later(1))
    assert texts(say("人呢")) == []
    assert texts(say("😀")) == []
    assert rasa.texts == ["转人工"]
    said = [line.text for line in tickets.lines(number) if line.role == "customer"]
    assert said == ["转人工", "还能退吗", "人呢", "😀"]


def test_a_message_repeated_while_a_person_has_the_talk_reaches_the_desk_once(
    say: Say, tickets: Tickets
) -> None:
    say("转人工")
    number = current(tickets)
    tickets.take(number, "陈晨", later(1))
    first, again = (say("人呢", message_id="same").json() for _ in range(2))
    assert (first["outcome"], again["outcome"]) == ("answered", "repeated")
    assert [line.text for line in tickets.lines(number)].count("人呢") == 1


def test_an_old_button_pressed_meanwhile_goes_to_the_desk_and_not_to_the_bot(
    say: Say, rasa: FakeRasa, tickets: Tickets
) -> None:
    rasa.answer = lambda said: [custom("好", {"title": "怎么算的", "payload": "/ask_calculation"})]
    token = say("能退吗").json()["replies"][0]["buttons"][0]["token"]
    rasa.answer = lambda said: [custom("好的", handoff={})]
    say("转人工")
    say(button=token)
    assert rasa.texts == ["能退吗", "转人工"]
    assert tickets.lines(current(tickets))[-1].text == "怎么算的"


@pytest.mark.parametrize("typed", ["退出排队", "退出排队。", "取消排队"])
def test_typing_it_leaves_the_queue(say: Say, rasa: FakeRasa, tickets: Tickets, typed: str) -> None:
    say("转人工")
    assert "已退出排队" in texts(say(typed))[0]
    assert tickets.current(C1) is None
    assert texts(say("能退吗")) == ["答：能退吗"]
    assert "没有在排队" in texts(say(typed))[0]
    assert rasa.texts == ["转人工", "能退吗"]


def test_the_button_leaves_the_queue_once(say: Say, tickets: Tickets) -> None:
    token = say("转人工").json()["replies"][0]["buttons"][0]["token"]
    assert "已退出排队" in texts(say(button=token))[0]
    assert "已失效" in texts(say(button=token))[0]
    assert tickets.current(C1) is None


def test_the_leave_payload_cannot_be_typed(say: Say, tickets: Tickets) -> None:
    say("转人工")
    say("/desk_leave")
    assert tickets.current(C1) is not None


@pytest.mark.parametrize(
    ("step", "words"), [("hand_back", "交还给退款助手"), ("close", "已结束本次人工服务")]
)
def test_after_hand_back_or_close_the_bot_answers_again(
    client: TestClient, say: Say, tickets: Tickets, step: str, words: str
) -> None:
    say("转人工")
    number = current(tickets)
    tickets.take(number, "陈晨", later(1))
    getattr(tickets, step)(number, "陈晨", later(2))
    looked = look(client)
    assert looked["state"] is None
    assert words in looked["lines"][-1]["text"]
    assert texts(say("能退吗")) == ["答：能退吗"]


def test_a_second_ticket_shows_what_the_first_agent_said(say: Say, tickets: Tickets) -> None:
    say("转人工", message_id="m-a")
    first = current(tickets)
    tickets.take(first, "陈晨", later(1))
    tickets.reply(first, "陈晨", "key-0001", "已为您核对", later(2))
    tickets.hand_back(first, "陈晨", later(3))
    say("转人工", message_id="m-b")
    lines = [(line.role, line.text) for line in tickets.lines(current(tickets))]
    assert ("agent", "已为您核对") in lines
    assert lines[-1] == ("customer", "转人工")


def look(client: TestClient, account: str = "A1001", after: int = 0) -> dict[str, Any]:
    answer = client.get(f"/api/chat/live?conversation=c1&after={after}", headers=headers(account))
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def events(client: TestClient, account: str = "A1001", last: str = "0") -> list[dict[str, Any]]:
    """What a stream of a moment brings."""
    accept = {"Accept": "text/event-stream", "Last-Event-ID": last}
    answer = client.get("/api/chat/live?conversation=c1", headers={**headers(account), **accept})
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in answer.text.replace("\r\n", "\n").split("\n\n"):
        pairs = [line.partition(": ") for line in block.split("\n") if not line.startswith(":")]
        fields = {name: value for name, _, value in pairs if name}
        if fields:
            found.append({**fields, "data": json.loads(fields["data"])})
    return found


def test_an_agents_words_come_by_the_stream_and_stay_in_the_history(
    client: TestClient, say: Say, tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "STREAM_LIFE", 0.2)
    say("转人工", message_id="m-a")
    number = current(tickets)
    assert [each["event"] for each in events(client)] == ["state"]
    tickets.take(number, "陈晨", later(1))
    line = tickets.reply(number, "陈晨", "key-0001", "您好，我来看看\n请稍等", later(2))
    came = events(client)
    assert [each["event"] for each in came] == ["line", "line", "state"]
    assert came[1]["data"]["text"] == "您好，我来看看\n请稍等"
    assert (came[1]["data"]["sender"], came[1]["id"]) == ("客服 陈晨", str(line.id))
    assert came[2]["data"] == {"status": "open", "agent": "陈晨", "text": "客服 陈晨 为您服务"}
    assert [each["event"] for each in events(client, last=str(line.id))] == ["state"]
    history = client.get("/api/chat/history?conversation=c1", headers=headers()).json()
    assert [(each["text"], each["after"]) for each in history["live"]][1:] == [
        ("您好，我来看看\n请稍等", "m-a")
    ]
    assert history["desk"]["status"] == "open"


def test_the_stream_says_when_the_bot_is_back(
    client: TestClient, say: Say, tickets: Tickets
) -> None:
    say("转人工")
    number = current(tickets)
    tickets.take(number, "陈晨", later(1))
    tickets.close(number, "陈晨", later(2))
    assert [each["event"] for each in events(client)] == ["line", "line", "end"]


def test_nobody_follows_or_reads_anothers_conversation(
    client: TestClient, say: Say, tickets: Tickets
) -> None:
    say("转人工")
    number = current(tickets)
    tickets.take(number, "陈晨", later(1))
    tickets.reply(number, "陈晨", "key-0001", "只给您看", later(2))
    assert [each["event"] for each in events(client, "A1002")] == ["end"]
    assert look(client, "A1002") == {"lines": [], "state": None}
    assert "只给您看" in json.dumps(look(client), ensure_ascii=False)
    for name in ("console:baidu:A1001:c1", "A1001:c1", "../c1"):
        answer = client.get(
            "/api/chat/live", params={"conversation": name}, headers=headers("A1002")
        )
        assert answer.status_code == 422
    assert client.get("/api/chat/live?conversation=c1").status_code == 401


def test_one_caller_has_only_so_many_streams(
    settings: Settings, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_STREAMS", 0)
    with TestClient(create_app(settings, transport=rasa)) as client:
        accept = {"Accept": "text/event-stream", **headers()}
        answer = client.get("/api/chat/live?conversation=c1", headers=accept)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_streams")


def test_a_restart_keeps_the_silence_and_the_place_in_the_queue(
    settings: Settings, rasa: FakeRasa, tickets: Tickets, say: Say
) -> None:
    say("转人工")
    with TestClient(create_app(settings, transport=rasa)) as again:
        body = {"conversation": "c1", "message_id": "m-after", "text": "在吗"}
        answer = again.post("/api/chat/messages", json=body, headers=headers())
    assert answer.json()["replies"][0]["kind"] == "queue"
    assert rasa.texts == ["转人工"]
    assert tickets.lines(current(tickets))[-1].text == "在吗"


@pytest.mark.parametrize("said", ["转人工", "人工客服！"])
def test_a_person_can_be_reached_when_rasa_is_down(
    say: Say, rasa: FakeRasa, tickets: Tickets, said: str
) -> None:
    rasa.down.add("webhook")
    assert "预计等待" in texts(say(said))[0]
    assert tickets.current(C1) is not None
    assert tickets.lines(current(tickets))[-1].text == said


def test_when_no_ticket_can_be_opened_the_customer_hears_of_another_way(
    say: Say, settings: Settings, rasa: FakeRasa
) -> None:
    def lock_out(said: str) -> list[dict[str, Any]]:
        engine = create_engine(settings.database_url)
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE desk_lines RENAME TO gone"))
        engine.dispose()
        return [custom("好的", handoff={})]

    rasa.answer = lock_out
    (reply,) = say("转人工").json()["replies"]
    assert "没有为您排上队" in reply["text"]
    assert reply["buttons"] == [{"title": "联系人工", "url": settings.support_url}]


@pytest.mark.parametrize("note", ["yes", 1, [], None])
def test_a_note_that_is_none_opens_no_ticket(
    say: Say, rasa: FakeRasa, tickets: Tickets, note: object
) -> None:
    rasa.answer = lambda said: [custom("好的", handoff=note)]
    say("转人工")
    assert tickets.current(C1) is None


def test_a_visitor_gets_a_person_too(client: TestClient, tickets: Tickets) -> None:
    token = client.post("/api/chat/visitor-token").json()["token"]
    body = {"conversation": "c1", "message_id": "m1", "text": "转人工"}
    client.post("/api/chat/messages", json=body, headers={"Authorization": f"Bearer {token}"})
    (ticket,) = tickets.listed()
    assert ticket.account is None
