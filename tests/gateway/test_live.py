"""Every word of a person reaches their customer, at once and nobody else."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from refundbot.desk.tickets import Tickets
from refundbot.gateway import live
from refundbot.gateway.app import create_app
from refundbot.settings import Settings
from tests.desk.conftest import later
from tests.gateway.conftest import Say
from tests.gateway.fakes import FakeRasa, headers
from tests.gateway.streams import events_of

C1 = "console:baidu:A1001:c1"
pytestmark = pytest.mark.usefixtures("handing_over")


def current(tickets: Tickets) -> int:
    ticket = tickets.current(C1)
    assert ticket is not None
    return ticket.number


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
    return events_of(answer.text)


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
    assert look(client, "A1002") == {"lines": [], "state": None, "waiting": []}
    assert "只给您看" in json.dumps(look(client), ensure_ascii=False)
    for name in ("console:baidu:A1001:c1", "A1001:c1", "../c1"):
        answer = client.get(
            "/api/chat/live", params={"conversation": name}, headers=headers("A1002")
        )
        assert answer.status_code == 422
    assert client.get("/api/chat/live?conversation=c1").status_code == 401


def test_looking_and_voting_count_against_the_rate(settings: Settings, rasa: FakeRasa) -> None:
    with TestClient(create_app(settings, transport=rasa, rate="2/minute")) as client:
        path = "/api/chat/live?conversation=c1"
        codes = [client.get(path, headers=headers()).status_code for _ in range(3)]
        vote = {"conversation": "c1", "message_id": "m1", "value": "up"}
        refused = client.post("/api/chat/feedback", json=vote, headers=headers())
        other = client.get(path, headers=headers("A1002")).status_code
    assert codes == [200, 200, 429]
    assert refused.status_code == 429
    assert other == 200


def test_one_caller_has_only_so_many_streams(
    settings: Settings, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_STREAMS", 0)
    with TestClient(create_app(settings, transport=rasa)) as client:
        accept = {"Accept": "text/event-stream", **headers()}
        answer = client.get("/api/chat/live?conversation=c1", headers=accept)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_streams")


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
    (answer,) = say("能退吗").json()["replies"]
    assert answer["text"] == "答：能退吗"
