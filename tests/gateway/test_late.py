"""A question asked while something is down is kept, and answered by itself afterwards."""

import asyncio
import dataclasses
import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from refundbot.db import make_engine
from refundbot.desk.tickets import Tickets
from refundbot.gateway import late, questions
from refundbot.gateway.app import create_app
from refundbot.gateway.delivery import ConsoleDelivery
from refundbot.settings import Settings
from tests.desk.conftest import AT, later
from tests.gateway.fakes import FakeRasa, custom, headers, message
from tests.gateway.streams import events_of

PROMISE = "您的问题我已经记下，恢复后会在这里回复您"
C1 = "console:baidu:A1001:c1"
ORDERS_DOWN = custom("订单系统暂时查不到，请过几分钟再问一次。", later={"part": "orders"})


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once, and it is ten o'clock."""
    for module in (late, questions):
        monkeypatch.setattr(module, "pause", lambda tries: timedelta(seconds=0.01))
    monkeypatch.setattr(late, "PROBE", 0.01)
    monkeypatch.setenv("REFUNDBOT_NOW", AT.isoformat())


class Client:
    """A customer of a gateway in this process, A1001 in conversation c1 unless told otherwise."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def say(
        self, said: str | None = None, account: str = "A1001", **more: Any
    ) -> dict[str, Any]:
        body = message(**({} if said is None else {"text": said}), **more)
        answer = await self.http.post("/api/chat/messages", json=body, headers=headers(account))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def follow(self, account: str = "A1001") -> list[dict[str, Any]]:
        """The whole stream: it ends when nothing is owed any more."""
        accept = {"Accept": "text/event-stream", **headers(account)}
        stream = self.http.get("/api/chat/live?conversation=c1", headers=accept)
        return events_of((await asyncio.wait_for(stream, 10)).text)

    async def history(self, account: str = "A1001") -> list[dict[str, Any]]:
        answer = await self.http.get("/api/chat/history?conversation=c1", headers=headers(account))
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found


@pytest.fixture
async def client(gateway: httpx.AsyncClient) -> Client:
    return Client(gateway)


def texts(replies: list[dict[str, Any]]) -> list[str]:
    return [reply["text"] for reply in replies]


async def test_a_question_during_an_outage_is_promised_an_answer_and_gets_it(
    client: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    promised = await client.say("还能退吗", message_id="m-a")
    assert promised["outcome"] == "waiting"
    (reply,) = promised["replies"]
    assert reply["text"] == f"系统暂时连不上，{PROMISE}；着急的话可以转人工，或自己去退订页面看。"
    assert [button["title"] for button in reply["buttons"]] == ["转人工", "自己去退订页面看"]
    assert "token" in reply["buttons"][0]
    rasa.answer = lambda said: [custom(f"答：{said}", decision={"outcome": "refundable"})]
    rasa.down.clear()
    first, came, last = await client.follow()
    assert (first["event"], first["data"]) == ("waiting", {"message_ids": ["m-a"]})
    assert last["event"] == "end"
    assert (came["event"], came["data"]["message_id"]) == ("late", "m-a")
    assert texts(came["data"]["replies"]) == [
        reply["text"],
        "系统恢复了。您 10:00 问的「还能退吗」：\n答：还能退吗",
    ]
    assert came["data"]["replies"][1]["decision"] == {"outcome": "refundable"}
    assert came["data"]["replies"][1]["late"] == {"after": "m-a"}
    (entry,) = await client.history()
    assert (entry["status"], texts(entry["replies"])) == (
        "answered",
        texts(came["data"]["replies"]),
    )


async def test_the_late_turn_is_the_same_customers_under_a_token_of_its_own(
    client: Client, rasa: FakeRasa
) -> None:
    rasa.answer = lambda said: [ORDERS_DOWN] if len(rasa.turns) == 1 else [custom("可以退")]
    await client.say("还能退吗")
    await client.follow()
    (live, said), (again, said_again) = rasa.turns
    assert (live.late, again.late) == (False, True)
    assert (said, said_again) == ("还能退吗", "还能退吗")
    assert (again.conversation, again.account, again.vendor) == (C1, "A1001", "baidu")


async def test_orders_that_are_down_are_named_and_notes_never_reach_a_client(
    client: Client, rasa: FakeRasa
) -> None:
    rasa.answer = lambda said: [ORDERS_DOWN] if len(rasa.turns) < 4 else [custom("可以退")]
    promised = await client.say("还能退吗")
    assert promised["outcome"] == "waiting"
    assert promised["replies"][0]["text"].startswith(f"订单系统暂时查不到，{PROMISE}")
    await client.follow()
    (entry,) = await client.history()
    assert entry["replies"][1]["text"].startswith("订单系统恢复了。您 10:00 问的「还能退吗」：")
    assert "later" not in json.dumps(entry, ensure_ascii=False)
    assert len(rasa.turns) == 4


async def test_a_visitors_question_is_kept_too(client: Client, rasa: FakeRasa) -> None:
    granted = (await client.http.post("/api/chat/visitor-token")).json()
    visitor = {"Authorization": f"Bearer {granted['token']}"}
    rasa.down.add("webhook")
    body = message(text="哪些情况不能退")
    answer = await client.http.post("/api/chat/messages", json=body, headers=visitor)
    assert answer.json()["outcome"] == "waiting"
    rasa.down.clear()
    stream = await client.http.get(
        "/api/chat/live?conversation=c1", headers={"Accept": "text/event-stream", **visitor}
    )
    came = [each for each in events_of(stream.text) if each["event"] == "late"]
    assert came[0]["data"]["replies"][1]["text"].endswith("答：哪些情况不能退")
    assert rasa.turns[0][0].account is None


async def test_the_promise_outlives_the_gateway(settings: Settings, rasa: FakeRasa) -> None:
    async for client in gateways(settings, rasa):
        rasa.down.add("webhook")
        await client.say("还能退吗", message_id="m-a")
    rasa.down.clear()
    async for client in gateways(settings, rasa):
        await client.follow()
        (entry,) = await client.history()
        assert entry["replies"][1]["text"].endswith("答：还能退吗")


async def gateways(settings: Settings, rasa: FakeRasa) -> AsyncIterator[Client]:
    """A gateway from its start to its end."""
    app = create_app(settings, transport=rasa, rate="1000/minute")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://g") as http,
    ):
        yield Client(http)


async def test_what_a_stopping_gateway_is_trying_is_given_back_at_once(
    settings: Settings, rasa: FakeRasa
) -> None:
    async for client in gateways(settings, rasa):
        rasa.down.add("webhook")
        await client.say("还能退吗")
        rasa.hold = asyncio.Event()
        rasa.down.clear()
        while not rasa.running:
            await asyncio.sleep(0)
    rasa.hold = None
    async for client in gateways(settings, rasa):
        await client.follow()  # gives up long before a lease of a minute is over
        assert len((await client.history())[0]["replies"]) == 2


async def test_a_slow_turn_that_fails_in_the_end_is_kept_as_well(
    settings: Settings, rasa: FakeRasa
) -> None:
    quick = dataclasses.replace(settings, turn_timeout=0.05)
    rasa.hold, rasa.response = asyncio.Event(), httpx.Response(500)
    async for client in gateways(quick, rasa):
        slow = await client.say("还能退吗", message_id="m-a")
        assert slow["outcome"] == "pending"
        rasa.hold.set()
        while (again := await client.say("还能退吗", message_id="m-a"))["outcome"] == "pending":
            pass
        assert again["outcome"] == "waiting"
        rasa.response = None
        await client.follow()
        assert len((await client.history())[0]["replies"]) == 2


async def test_two_gateways_answer_a_question_once(settings: Settings, rasa: FakeRasa) -> None:
    async for first in gateways(settings, rasa):
        async for second in gateways(settings, rasa):
            rasa.down.add("webhook")
            await asyncio.gather(
                *(first.say(f"问题{n}", conversation=f"c{n}") for n in range(1, 6))
            )
            rasa.down.clear()
            for client in (first, second):
                await client.follow()
            while (await first.http.get("/healthz")).json()["waiting_questions"]:
                pass
    assert sorted(rasa.texts) == [f"问题{n}" for n in range(1, 6)]


async def test_what_cannot_be_stored_is_not_promised(
    settings: Settings, client: Client, rasa: FakeRasa
) -> None:
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE waiting_questions"))
    engine.dispose()
    rasa.down.add("webhook")
    answer = await client.say("还能退吗", message_id="m-a")
    assert answer["outcome"] == "failed"
    assert answer["replies"][0]["text"].startswith("系统暂时连不上，您这条消息没有处理成功。")
    assert [button["url"] for button in answer["replies"][0]["buttons"]] == [
        "http://testserver/support",
        "http://testserver/#orders",
    ]
    (entry,) = await client.history()
    assert (entry["status"], entry["replies"]) == ("failed", [])


@pytest.mark.parametrize("down", ["system", "orders"])
async def test_a_button_that_changes_something_is_not_pressed_again_unasked(
    client: Client, rasa: FakeRasa, down: str
) -> None:
    payload = '/cancel_refund{"refund_id": "RF1", "only": "confirmed"}'
    rasa.answer = lambda said: [custom("要撤销吗", {"title": "确认撤销", "payload": payload})]
    (asked,) = (await client.say("撤销申请"))["replies"]
    rasa.answer = lambda said: [ORDERS_DOWN]
    if down == "system":
        rasa.down.add("webhook")
    answer = await client.say(button=asked["buttons"][0]["token"])
    assert answer["outcome"] == "failed"
    assert "记下" not in answer["replies"][0]["text"]
    assert [event["event"] for event in await client.follow()] == ["end"]


async def test_a_button_that_asks_is_asked_again(client: Client, rasa: FakeRasa) -> None:
    button = {"title": "看每一步怎么算的", "payload": '/ask_calculation{"order_id": "BD1"}'}
    rasa.answer = lambda said: [custom("可以退", button)]
    (asked,) = (await client.say("能退吗"))["replies"]
    rasa.down.add("webhook")
    assert (await client.say(button=asked["buttons"][0]["token"]))["outcome"] == "waiting"
    rasa.down.clear()
    await client.follow()
    turn, said = rasa.turns[-1]
    assert (turn.kind, said) == ("button", button["payload"])
    entry = (await client.history())[-1]
    assert entry["replies"][1]["text"].startswith("系统恢复了。您 10:00 点的「看每一步怎么算的」：")


async def test_several_questions_are_answered_in_the_order_asked_and_one_at_a_time(
    client: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    for said in ("一", "二", "三"):
        await client.say(said)
    rasa.down.clear()
    live = asyncio.create_task(client.say("四"))
    await client.follow()
    await live
    assert [said for said in rasa.texts if said != "四"] == ["一", "二", "三"]
    assert rasa.most_running == 1


async def test_the_answer_says_after_which_message_it_comes(client: Client, rasa: FakeRasa) -> None:
    rasa.answer = lambda said: [custom("可以退")] if rasa.turns[-1][0].late else [ORDERS_DOWN]
    rasa.down.add("webhook")
    await client.say("还能退吗", message_id="m-a")
    await client.say("转人工", message_id="m-b")  # a person needs no Rasa; the bot is silent now
    await client.say("退出排队", message_id="m-c")
    rasa.down.clear()
    await client.follow()
    entry = (await client.history())[0]
    assert entry["replies"][1]["late"] == {"after": "m-c"}


async def test_the_same_question_again_is_promised_in_other_words_and_answered_once(
    client: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    await client.say("还能退吗", message_id="m-a")
    again = await client.say("还能退吗", message_id="m-b")
    assert again["outcome"] == "waiting"
    assert again["replies"][0]["text"].startswith("系统还没有恢复。您的问题我一直记着")
    rasa.down.clear()
    await client.follow()
    first, second = await client.history()
    assert [len(entry["replies"]) for entry in (first, second)] == [1, 2]
    assert [entry["status"] for entry in (first, second)] == ["answered", "answered"]
    assert rasa.texts == ["还能退吗"]


async def test_another_question_is_promised_in_other_words_too(
    client: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    promises = [(await client.say(said))["replies"][0]["text"] for said in ("一", "二", "一")]
    assert [text.split("；")[0] for text in promises] == [
        "系统暂时连不上，您的问题我已经记下，恢复后会在这里回复您",
        "系统还没有恢复。这个问题我也记下了，恢复后会在这里逐个回复您",
        "系统还没有恢复。您的问题我一直记着，恢复后会在这里回复您一次",
    ]


async def test_the_same_question_answered_meanwhile_needs_no_late_answer(
    client: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "pause", lambda tries: timedelta(hours=1))
    rasa.down.add("webhook")
    await client.say("还能退吗")
    rasa.down.clear()
    assert (await client.say("还能退吗"))["outcome"] == "answered"
    assert [event["event"] for event in await client.follow()] == ["end"]
    assert rasa.texts == ["还能退吗"]


async def test_an_answered_message_brings_the_conversations_others_forward(
    client: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "pause", lambda tries: timedelta(hours=1))
    rasa.down.add("webhook")
    await client.say("还能退吗")
    rasa.down.clear()
    await client.say("你好")
    await client.follow()
    assert rasa.texts == ["你好", "还能退吗"]


async def test_the_first_answer_that_gets_through_brings_all_conversations_forward(
    client: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    def answer(said: str) -> list[dict[str, Any]]:
        if len({turn.conversation for turn, _ in rasa.turns if turn.late}) == 2:
            tried.set()
        return [ORDERS_DOWN]

    rasa.answer = answer
    monkeypatch.setattr(late, "pause", lambda tries: timedelta(hours=1))
    await client.say("一")
    await client.say("二", conversation="c2")
    await asyncio.wait_for(tried.wait(), 10)
    rasa.answer = lambda said: [custom(f"答：{said}")]
    await client.say("你好")
    await until_none_waits(client)
    assert rasa.texts[-3:] == ["你好", "一", "二"]


async def test_sending_the_same_message_again_repeats_the_promise(
    client: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    first = await client.say("还能退吗", message_id="same")
    again = await client.say("还能退吗", message_id="same")
    assert (again["outcome"], texts(again["replies"])) == ("waiting", texts(first["replies"]))
    rasa.down.clear()
    await client.follow()
    done = await client.say("还能退吗", message_id="same")
    assert (done["outcome"], len(done["replies"])) == ("repeated", 2)


async def test_an_agent_who_has_the_talk_answers_instead_of_the_bot(
    client: Client, rasa: FakeRasa, tickets: Tickets
) -> None:
    rasa.down.add("webhook")
    await client.say("还能退吗")
    await client.say("转人工")
    ticket = tickets.current(C1)
    assert ticket is not None
    assert "还能退吗" in [line.text for line in tickets.lines(ticket.number)]
    tickets.take(ticket.number, "陈晨", later(1))
    rasa.down.clear()
    await until_none_waits(client)
    tickets.hand_back(ticket.number, "陈晨", later(2))
    assert rasa.turns == []
    assert len((await client.history())[0]["replies"]) == 1


async def until_none_waits(client: Client) -> None:
    async def wait() -> None:
        while (await client.http.get("/healthz")).json()["waiting_questions"]:
            pass

    await asyncio.wait_for(wait(), 10)


async def test_in_the_queue_the_bot_is_silent_and_who_leaves_it_is_answered(
    client: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, put_off = asyncio.Event(), late.LateAnswers._put_off

    async def listening(*arguments: Any, **more: Any) -> None:
        await put_off(*arguments, **more)
        looked.set()

    monkeypatch.setattr(late.LateAnswers, "_put_off", listening)
    rasa.down.add("webhook")
    await client.say("还能退吗")
    await client.say("转人工")
    rasa.down.clear()
    for _ in range(2):
        looked.clear()
        await asyncio.wait_for(looked.wait(), 10)
    assert rasa.turns == []
    assert (await client.http.get("/healthz")).json()["waiting_questions"] == 1
    await client.say("退出排队")
    await client.follow()
    assert len((await client.history())[0]["replies"]) == 2
    assert rasa.texts == ["还能退吗"]


async def test_the_button_of_the_promise_reaches_a_person_while_everything_is_down(
    client: Client, rasa: FakeRasa, tickets: Tickets
) -> None:
    rasa.down.add("webhook")
    (promise,) = (await client.say("还能退吗"))["replies"]
    answer = await client.say(button=promise["buttons"][0]["token"])
    assert answer["replies"][0]["kind"] == "handoff"
    assert tickets.current(C1) is not None


async def test_a_wish_for_a_person_is_offered_late_and_nobody_is_called(
    client: Client, rasa: FakeRasa, tickets: Tickets
) -> None:
    rasa.answer = lambda said: [custom("好的，为您转接。", handoff={"orders": []})]
    rasa.down.add("webhook")
    await client.say("有没有活人能跟我说话啊")
    rasa.down.clear()
    await client.follow()
    (entry,) = await client.history()
    assert "您当时要找人工客服" in entry["replies"][1]["text"]
    assert entry["replies"][1]["buttons"][0]["title"] == "转人工"
    assert tickets.current(C1) is None


async def test_after_a_day_the_customer_is_told_that_there_is_no_answer(
    client: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "GIVES_UP", timedelta(seconds=0))
    rasa.down.add("webhook")
    await client.say("还能退吗")
    await client.follow()
    (entry,) = await client.history()
    assert entry["replies"][1]["text"].startswith("您 10:00 问的「还能退吗」：\n抱歉，")
    assert "没能回答" in entry["replies"][1]["text"]
    assert [button["title"] for button in entry["replies"][1]["buttons"]] == [
        "转人工",
        "自己去退订页面看",
    ]


async def test_while_nothing_gets_through_one_question_is_tried_at_a_time(
    settings: Settings, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa.answer = lambda said: [ORDERS_DOWN]
    monkeypatch.setattr(questions, "pause", lambda tries: timedelta(hours=1))
    async for client in gateways(settings, rasa):
        for number in range(5):
            answer = await client.say("还能退吗", conversation=f"c{number}")
            assert answer["outcome"] == "waiting"
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE waiting_questions SET next_try_at = '2020-01-01 00:00:00'"))
    engine.dispose()
    rests, sleep = asyncio.Event(), asyncio.sleep

    async def listening(seconds: float) -> None:
        if seconds == 3600:
            rests.set()
        await sleep(seconds)

    monkeypatch.setattr(late, "PROBE", 3600)
    monkeypatch.setattr(asyncio, "sleep", listening)
    async for _ in gateways(settings, rasa):
        await asyncio.wait_for(rests.wait(), 10)
        assert sum(turn.late for turn, _ in rasa.turns) == 1


async def test_only_so_many_questions_of_one_conversation_are_kept(
    client: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST", 2)
    rasa.down.add("webhook")
    outcomes = [(await client.say(said))["outcome"] for said in ("一", "二", "三")]
    assert outcomes == ["waiting", "waiting", "failed"]
    assert (await client.http.get("/healthz")).json()["waiting_questions"] == 2


async def test_each_late_answer_is_one_line_of_the_log_without_what_was_said(
    client: Client, rasa: FakeRasa, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="refundbot.late")
    rasa.down.add("webhook")
    await client.say("还能退吗", message_id="m-a")
    rasa.down.clear()
    await client.follow()
    lines = [json.loads(line.message) for line in caplog.records if line.message[0] == "{"]
    (told,) = [line for line in lines if line["event"] == "late_answer"]
    assert (told["conversation"], told["message_id"]) == (C1, "m-a")
    assert (told["outcome"], told["waited_s"]) == ("answered", 0)
    assert told["tries"] >= 1
    assert "还能退吗" not in caplog.text


async def test_an_answer_that_could_not_be_delivered_is_in_the_history(
    client: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise ConnectionError("the channel is down")

    monkeypatch.setattr(ConsoleDelivery, "deliver", broken)
    rasa.down.add("webhook")
    await client.say("还能退吗")
    rasa.down.clear()
    await until_none_waits(client)
    assert len((await client.history())[0]["replies"]) == 2


async def test_nobody_hears_of_anothers_waiting_questions(client: Client, rasa: FakeRasa) -> None:
    rasa.down.add("webhook")
    await client.say("还能退吗")
    assert [event["event"] for event in await client.follow("A1002")] == ["end"]


def test_pauses_grow_to_half_a_minute_and_differ() -> None:
    from refundbot.gateway.waiting import pause

    longest = [max(pause(tries).total_seconds() for _ in range(200)) for tries in range(12)]
    assert all(seconds <= 30 for seconds in longest)
    assert longest[0] < 1.01 < longest[2] < 4.01
    assert longest[11] > 25
    assert len({pause(3) for _ in range(20)}) > 1
