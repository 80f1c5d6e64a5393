"""A question asked while something is down is kept, and answered by itself afterwards."""

import json

import pytest
from sqlalchemy import text

from refundbot.db import make_engine
from refundbot.settings import Settings
from tests.gateway.asking import C1, ORDERS_DOWN, Client, texts
from tests.gateway.fakes import FakeRasa, custom, message
from tests.gateway.streams import events_of

pytestmark = pytest.mark.usefixtures("impatient")
PROMISE = "您的问题我已经记下，恢复后会在这里回复您"


async def test_a_question_during_an_outage_is_promised_an_answer_and_gets_it(
    asker: Client, rasa: FakeRasa
) -> None:
    rasa.down.add("webhook")
    promised = await asker.say("还能退吗", message_id="m-a")
    assert promised["outcome"] == "waiting"
    (reply,) = promised["replies"]
    assert reply["text"] == f"系统暂时连不上，{PROMISE}；着急的话可以转人工，或自己去退订页面看。"
    assert [button["title"] for button in reply["buttons"]] == ["转人工", "自己去退订页面看"]
    assert "token" in reply["buttons"][0]
    rasa.answer = lambda said: [custom(f"答：{said}", decision={"outcome": "refundable"})]
    rasa.down.clear()
    first, came, last = await asker.follow()
    assert (first["event"], first["data"]) == ("waiting", {"message_ids": ["m-a"]})
    assert last["event"] == "end"
    assert (came["event"], came["data"]["message_id"]) == ("late", "m-a")
    assert texts(came["data"]["replies"]) == [
        reply["text"],
        "系统恢复了。您 10:00 问的「还能退吗」：\n答：还能退吗",
    ]
    assert came["data"]["replies"][1]["decision"] == {"outcome": "refundable"}
    assert came["data"]["replies"][1]["late"] == {"after": "m-a"}
    (entry,) = await asker.history()
    assert (entry["status"], texts(entry["replies"])) == (
        "answered",
        texts(came["data"]["replies"]),
    )


async def test_the_late_turn_is_the_same_customers_under_a_token_of_its_own(
    asker: Client, rasa: FakeRasa
) -> None:
    rasa.answer = lambda said: [ORDERS_DOWN] if len(rasa.turns) == 1 else [custom("可以退")]
    await asker.say("还能退吗")
    await asker.follow()
    (live, said), (again, said_again) = rasa.turns
    assert (live.late, again.late) == (False, True)
    assert (said, said_again) == ("还能退吗", "还能退吗")
    assert (again.conversation, again.account, again.vendor) == (C1, "A1001", "baidu")


async def test_orders_that_are_down_are_named_and_notes_never_reach_a_client(
    asker: Client, rasa: FakeRasa
) -> None:
    rasa.answer = lambda said: [ORDERS_DOWN] if len(rasa.turns) < 4 else [custom("可以退")]
    promised = await asker.say("还能退吗")
    assert promised["outcome"] == "waiting"
    assert promised["replies"][0]["text"].startswith(f"订单系统暂时查不到，{PROMISE}")
    await asker.follow()
    (entry,) = await asker.history()
    assert entry["replies"][1]["text"].startswith("订单系统恢复了。您 10:00 问的「还能退吗」：")
    assert "later" not in json.dumps(entry, ensure_ascii=False)
    assert len(rasa.turns) == 4


async def test_a_visitors_question_is_kept_too(asker: Client, rasa: FakeRasa) -> None:
    granted = (await asker.http.post("/api/chat/visitor-token")).json()
    visitor = {"Authorization": f"Bearer {granted['token']}"}
    rasa.down.add("webhook")
    body = message(text="哪些情况不能退")
    answer = await asker.http.post("/api/chat/messages", json=body, headers=visitor)
    assert answer.json()["outcome"] == "waiting"
    rasa.down.clear()
    stream = await asker.http.get(
        "/api/chat/live?conversation=c1", headers={"Accept": "text/event-stream", **visitor}
    )
    came = [each for each in events_of(stream.text) if each["event"] == "late"]
    assert came[0]["data"]["replies"][1]["text"].endswith("答：哪些情况不能退")
    assert rasa.turns[0][0].account is None


async def test_what_cannot_be_stored_is_not_promised(
    settings: Settings, asker: Client, rasa: FakeRasa
) -> None:
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE waiting_questions"))
    engine.dispose()
    rasa.down.add("webhook")
    answer = await asker.say("还能退吗", message_id="m-a")
    assert answer["outcome"] == "failed"
    assert answer["replies"][0]["text"].startswith("系统暂时连不上，您这条消息没有处理成功。")
    assert [button["url"] for button in answer["replies"][0]["buttons"]] == [
        "http://testserver/support",
        "http://testserver/#orders",
    ]
    (entry,) = await asker.history()
    assert (entry["status"], entry["replies"]) == ("failed", [])


@pytest.mark.parametrize("down", ["system", "orders"])
async def test_a_button_that_changes_something_is_not_pressed_again_unasked(
    asker: Client, rasa: FakeRasa, down: str
) -> None:
    payload = '/cancel_refund{"refund_id": "RF1", "only": "confirmed"}'
    rasa.answer = lambda said: [custom("要撤销吗", {"title": "确认撤销", "payload": payload})]
    (asked,) = (await asker.say("撤销申请"))["replies"]
    rasa.answer = lambda said: [ORDERS_DOWN]
    if down == "system":
        rasa.down.add("webhook")
    answer = await asker.say(button=asked["buttons"][0]["token"])
    assert answer["outcome"] == "failed"
    assert "记下" not in answer["replies"][0]["text"]
    assert [event["event"] for event in await asker.follow()] == ["end"]


async def test_a_button_that_asks_is_asked_again(asker: Client, rasa: FakeRasa) -> None:
    button = {"title": "看每一步怎么算的", "payload": '/ask_calculation{"order_id": "BD1"}'}
    rasa.answer = lambda said: [custom("可以退", button)]
    (asked,) = (await asker.say("能退吗"))["replies"]
    rasa.down.add("webhook")
    assert (await asker.say(button=asked["buttons"][0]["token"]))["outcome"] == "waiting"
    rasa.down.clear()
    await asker.follow()
    turn, said = rasa.turns[-1]
    assert (turn.kind, said) == ("button", button["payload"])
    entry = (await asker.history())[-1]
    assert entry["replies"][1]["text"].startswith("系统恢复了。您 10:00 点的「看每一步怎么算的」：")
