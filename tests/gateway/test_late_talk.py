"""Questions that wait, in the middle of a talk: in order, once, and never over a person."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from refundbot.desk.tickets import Tickets
from refundbot.gateway import late, questions
from tests.desk.conftest import later
from tests.gateway.asking import C1, ORDERS_DOWN, Client, texts, until_none_waits
from tests.gateway.fakes import FakeRasa, custom

pytestmark = pytest.mark.usefixtures("impatient")


async def test_several_questions_are_answered_in_the_order_asked_and_one_at_a_time(
    asker: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    for said in ("一", "二", "三"):
        await asker.say(said)
    rasa.down.clear()
    live = asyncio.create_task(asker.say("四"))
    await asker.follow()
    await live
    assert [said for said in rasa.texts if said != "四"] == ["一", "二", "三"]
    assert rasa.most_running == 1


async def test_the_answer_says_after_which_message_it_comes(asker: Client, rasa: FakeRasa) -> None:
    rasa.answer = lambda said: [custom("可以退")] if rasa.turns[-1][0].late else [ORDERS_DOWN]
    rasa.down.add("webhook")
    await asker.say("还能退吗", message_id="m-a")
    await asker.say("转人工", message_id="m-b")  # a person needs no Rasa; the bot is silent now
    await asker.say("退出排队", message_id="m-c")
    rasa.down.clear()
    await asker.follow()
    entry = (await asker.history())[0]
    assert entry["replies"][1]["late"] == {"after": "m-c"}


async def test_the_same_question_again_is_promised_in_other_words_and_answered_once(
    asker: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    await asker.say("还能退吗", message_id="m-a")
    again = await asker.say("还能退吗", message_id="m-b")
    assert again["outcome"] == "waiting"
    assert again["replies"][0]["text"].startswith("系统还没有恢复。您的问题我一直记着")
    rasa.down.clear()
    await asker.follow()
    first, second = await asker.history()
    assert [len(entry["replies"]) for entry in (first, second)] == [1, 2]
    assert [entry["status"] for entry in (first, second)] == ["answered", "answered"]
    assert rasa.texts == ["还能退吗"]


async def test_another_question_is_promised_in_other_words_too(
    asker: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    promises = [(await asker.say(said))["replies"][0]["text"] for said in ("一", "二", "一")]
    assert [text.split("；")[0] for text in promises] == [
        "系统暂时连不上，您的问题我已经记下，恢复后会在这里回复您",
        "系统还没有恢复。这个问题我也记下了，恢复后会在这里逐个回复您",
        "系统还没有恢复。您的问题我一直记着，恢复后会在这里回复您一次",
    ]


async def test_the_same_question_answered_meanwhile_needs_no_late_answer(
    asker: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "pause", lambda tries: timedelta(hours=1))
    rasa.down.add("webhook")
    await asker.say("还能退吗")
    rasa.down.clear()
    assert (await asker.say("还能退吗"))["outcome"] == "answered"
    assert [event["event"] for event in await asker.follow()] == ["end"]
    assert rasa.texts == ["还能退吗"]


async def test_an_answered_message_brings_the_conversations_others_forward(
    asker: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "pause", lambda tries: timedelta(hours=1))
    rasa.down.add("webhook")
    await asker.say("还能退吗")
    rasa.down.clear()
    await asker.say("你好")
    await asker.follow()
    assert rasa.texts == ["你好", "还能退吗"]


async def test_sending_the_same_message_again_repeats_the_promise(
    asker: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    first = await asker.say("还能退吗", message_id="same")
    again = await asker.say("还能退吗", message_id="same")
    assert (again["outcome"], texts(again["replies"])) == ("waiting", texts(first["replies"]))
    rasa.down.clear()
    await asker.follow()
    done = await asker.say("还能退吗", message_id="same")
    assert (done["outcome"], len(done["replies"])) == ("repeated", 2)


async def test_an_agent_who_has_the_talk_answers_instead_of_the_bot(
    asker: Client, rasa: FakeRasa, tickets: Tickets
) -> None:
    rasa.down.add("webhook")
    await asker.say("还能退吗")
    await asker.say("转人工")
    ticket = tickets.current(C1)
    assert ticket is not None
    assert "还能退吗" in [line.text for line in tickets.lines(ticket.number)]
    tickets.take(ticket.number, "陈晨", later(1))
    rasa.down.clear()
    await until_none_waits(asker)
    tickets.hand_back(ticket.number, "陈晨", later(2))
    assert rasa.turns == []
    assert len((await asker.history())[0]["replies"]) == 1


async def test_in_the_queue_the_bot_is_silent_and_who_leaves_it_is_answered(
    asker: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, put_off = asyncio.Event(), late.LateAnswers._put_off

    async def listening(*arguments: Any, **more: Any) -> None:
        await put_off(*arguments, **more)
        looked.set()

    monkeypatch.setattr(late.LateAnswers, "_put_off", listening)
    rasa.down.add("webhook")
    await asker.say("还能退吗")
    await asker.say("转人工")
    rasa.down.clear()
    for _ in range(2):
        looked.clear()
        await asyncio.wait_for(looked.wait(), 10)
    assert rasa.turns == []
    assert (await asker.http.get("/healthz")).json()["waiting_questions"] == 1
    await asker.say("退出排队")
    await asker.follow()
    assert len((await asker.history())[0]["replies"]) == 2
    assert rasa.texts == ["还能退吗"]


async def test_the_button_of_the_promise_reaches_a_person_while_everything_is_down(
    asker: Client, rasa: FakeRasa, tickets: Tickets
) -> None:
    rasa.down.add("webhook")
    (promise,) = (await asker.say("还能退吗"))["replies"]
    answer = await asker.say(button=promise["buttons"][0]["token"])
    assert answer["replies"][0]["kind"] == "handoff"
    assert tickets.current(C1) is not None


async def test_a_wish_for_a_person_is_offered_late_and_nobody_is_called(
    asker: Client, rasa: FakeRasa, tickets: Tickets
) -> None:
    rasa.answer = lambda said: [custom("好的，为您转接。", handoff={"orders": []})]
    rasa.down.add("webhook")
    await asker.say("有没有活人能跟我说话啊")
    rasa.down.clear()
    await asker.follow()
    (entry,) = await asker.history()
    assert "您当时要找人工客服" in entry["replies"][1]["text"]
    assert entry["replies"][1]["buttons"][0]["title"] == "转人工"
    assert tickets.current(C1) is None


async def test_after_a_day_the_customer_is_told_that_there_is_no_answer(
    asker: Client, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "GIVES_UP", timedelta(seconds=0))
    rasa.down.add("webhook")
    await asker.say("还能退吗")
    await asker.follow()
    (entry,) = await asker.history()
    assert entry["replies"][1]["text"].startswith("您 10:00 问的「还能退吗」：\n抱歉，")
    assert "没能回答" in entry["replies"][1]["text"]
    assert [button["title"] for button in entry["replies"][1]["buttons"]] == [
        "转人工",
        "自己去退订页面看",
    ]
