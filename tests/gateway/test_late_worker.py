"""Who answers the questions that wait: through restarts, one at a time, and on the record."""

import asyncio
import dataclasses
import json
import logging
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from refundbot.db import make_engine
from refundbot.gateway import late, questions
from refundbot.gateway.delivery import ConsoleDelivery
from refundbot.gateway.waiting import pause
from refundbot.settings import Settings
from tests.gateway.asking import C1, ORDERS_DOWN, Client, gateways, until_none_waits
from tests.gateway.fakes import FakeRasa, custom

pytestmark = pytest.mark.usefixtures("impatient")


async def test_the_promise_outlives_the_gateway(settings: Settings, rasa: FakeRasa) -> None:
    async for asker in gateways(settings, rasa):
        rasa.down.add("webhook")
        await asker.say("还能退吗", message_id="m-a")
    rasa.down.clear()
    async for asker in gateways(settings, rasa):
        await asker.follow()
        (entry,) = await asker.history()
        assert entry["replies"][1]["text"].endswith("答：还能退吗")


async def test_what_a_stopping_gateway_is_trying_is_given_back_at_once(
    settings: Settings, rasa: FakeRasa
) -> None:
    async for asker in gateways(settings, rasa):
        rasa.down.add("webhook")
        await asker.say("还能退吗")
        rasa.hold = asyncio.Event()
        rasa.down.clear()
        while not rasa.running:
            await asyncio.sleep(0)
    rasa.hold = None
    async for asker in gateways(settings, rasa):
        await asker.follow()  # gives up long before a lease of a minute is over
        assert len((await asker.history())[0]["replies"]) == 2


async def test_a_slow_turn_that_fails_in_the_end_is_kept_as_well(
    settings: Settings, rasa: FakeRasa
) -> None:
    quick = dataclasses.replace(settings, turn_timeout=0.05)
    rasa.hold, rasa.response = asyncio.Event(), httpx.Response(500)
    async for asker in gateways(quick, rasa):
        slow = await asker.say("还能退吗", message_id="m-a")
        assert slow["outcome"] == "pending"
        rasa.hold.set()
        while (again := await asker.say("还能退吗", message_id="m-a"))["outcome"] == "pending":
            pass
        assert again["outcome"] == "waiting"
        rasa.response = None
        await asker.follow()
        assert len((await asker.history())[0]["replies"]) == 2


async def test_two_gateways_answer_a_question_once(settings: Settings, rasa: FakeRasa) -> None:
    async for first in gateways(settings, rasa):
        async for second in gateways(settings, rasa):
            rasa.down.add("webhook")
            await asyncio.gather(
                *(first.say(f"问题{n}", conversation=f"c{n}") for n in range(1, 6))
            )
            rasa.down.clear()
            for asker in (first, second):
                await asker.follow()
            while (await first.http.get("/healthz")).json()["waiting_questions"]:
                pass
    assert sorted(rasa.texts) == [f"问题{n}" for n in range(1, 6)]


async def test_the_first_answer_that_gets_through_brings_all_conversations_forward(
    asker: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    def answer(said: str) -> list[dict[str, Any]]:
        if len({turn.conversation for turn, _ in rasa.turns if turn.late}) == 2:
            tried.set()
        return [ORDERS_DOWN]

    rasa.answer = answer
    monkeypatch.setattr(late, "pause", lambda tries: timedelta(hours=1))
    await asker.say("一")
    await asker.say("二", conversation="c2")
    await asyncio.wait_for(tried.wait(), 10)
    rasa.answer = lambda said: [custom(f"答：{said}")]
    await asker.say("你好")
    await until_none_waits(asker)
    assert rasa.texts[-3:] == ["你好", "一", "二"]


async def test_while_nothing_gets_through_one_question_is_tried_at_a_time(
    settings: Settings, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa.answer = lambda said: [ORDERS_DOWN]
    monkeypatch.setattr(questions, "pause", lambda tries: timedelta(hours=1))
    async for asker in gateways(settings, rasa):
        for number in range(5):
            answer = await asker.say("还能退吗", conversation=f"c{number}")
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
    asker: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST", 2)
    rasa.down.add("webhook")
    outcomes = [(await asker.say(said))["outcome"] for said in ("一", "二", "三")]
    assert outcomes == ["waiting", "waiting", "failed"]
    assert (await asker.http.get("/healthz")).json()["waiting_questions"] == 2


async def test_each_late_answer_is_one_line_of_the_log_without_what_was_said(
    asker: Client, rasa: FakeRasa, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="refundbot.late")
    rasa.down.add("webhook")
    await asker.say("还能退吗", message_id="m-a")
    rasa.down.clear()
    await asker.follow()
    lines = [json.loads(line.message) for line in caplog.records if line.message[0] == "{"]
    (told,) = [line for line in lines if line["event"] == "late_answer"]
    assert (told["conversation"], told["message_id"]) == (C1, "m-a")
    assert (told["outcome"], told["waited_s"]) == ("answered", 0)
    assert told["tries"] >= 1
    assert "还能退吗" not in caplog.text


async def test_an_answer_that_could_not_be_delivered_is_in_the_history(
    asker: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise ConnectionError("the channel is down")

    monkeypatch.setattr(ConsoleDelivery, "deliver", broken)
    rasa.down.add("webhook")
    await asker.say("还能退吗")
    rasa.down.clear()
    await until_none_waits(asker)
    assert len((await asker.history())[0]["replies"]) == 2


async def test_nobody_hears_of_anothers_waiting_questions(asker: Client, rasa: FakeRasa) -> None:
    rasa.down.add("webhook")
    await asker.say("还能退吗")
    assert [event["event"] for event in await asker.follow("A1002")] == ["end"]


def test_pauses_grow_to_half_a_minute_and_differ() -> None:
    longest = [max(pause(tries).total_seconds() for _ in range(200)) for tries in range(12)]
    assert all(seconds <= 30 for seconds in longest)
    assert longest[0] < 1.01 < longest[2] < 4.01
    assert longest[11] > 25
    assert len({pause(3) for _ in range(20)}) > 1
