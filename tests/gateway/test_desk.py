"""While a person has the conversation the bot is silent, and every word reaches the other side."""

from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from refundbot.desk.tickets import Tickets
from refundbot.gateway.app import create_app
from refundbot.settings import Settings
from tests.desk.conftest import later
from tests.gateway.conftest import ORDER, Say
from tests.gateway.fakes import FakeRasa, custom, headers

C1 = "console:baidu:A1001:c1"
pytestmark = pytest.mark.usefixtures("handing_over")


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
