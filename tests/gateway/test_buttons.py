"""A button does what its reply meant, once, in its own conversation, for half an hour."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select, update
from starlette.testclient import TestClient

from refundbot.gateway.buttons import ButtonSigner
from refundbot.gateway.rows import BUTTON_LIFE
from refundbot.gateway.store import real_now
from refundbot.gateway.tables import ButtonToken
from refundbot.settings import Settings
from tests.gateway.conftest import Say
from tests.gateway.fakes import FakeRasa, custom, headers

PAYLOAD = '/ask_refund_amount{"order_id": "BD1"}'
DEAD = "这个按钮已失效，请重新提问。"


@pytest.fixture
def token(say: Say, rasa: FakeRasa) -> str:
    """The token of a button that a reply to A1001 in conversation c1 carried."""
    rasa.answer = lambda text: [custom("可以退", {"title": "看明细", "payload": PAYLOAD})]
    (button,) = say("能退吗").json()["replies"][0]["buttons"]
    assert set(button) == {"title", "token"}
    rasa.turns.clear()
    rasa.answer = lambda text: [custom(f"答：{text}")]
    found: str = button["token"]
    return found


def text_of(answer: httpx.Response) -> Any:
    assert answer.status_code == 200
    return answer.json()["replies"][0]["text"]


def test_a_button_sends_the_payload_of_its_reply(say: Say, rasa: FakeRasa, token: str) -> None:
    assert text_of(say(button=token)) == f"答：{PAYLOAD}"
    (turn, text) = rasa.turns[0]
    assert (turn.kind, text) == ("button", PAYLOAD)


def test_the_payload_itself_never_reaches_the_client(token: str) -> None:
    assert "ask_refund_amount" not in token
    assert "BD1" not in token


def test_a_button_works_once(say: Say, rasa: FakeRasa, token: str) -> None:
    say(button=token)
    assert text_of(say(button=token)) == DEAD
    assert len(rasa.turns) == 1


def test_the_same_press_delivered_twice_is_one_press(say: Say, rasa: FakeRasa, token: str) -> None:
    first = say(button=token, message_id="press")
    again = say(button=token, message_id="press")
    assert text_of(first) == text_of(again) == f"答：{PAYLOAD}"
    assert len(rasa.turns) == 1


def test_a_press_that_failed_may_be_tried_again(
    say: Say, rasa: FakeRasa, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refundbot.gateway.questions.MOST", 0)  # kept questions do not fail
    rasa.down.add("webhook")
    say(button=token, message_id="press")
    rasa.down.clear()
    assert text_of(say(button=token, message_id="press")) == f"答：{PAYLOAD}"


def test_a_button_of_another_account_or_conversation_is_dead_and_stays_good_for_its_owner(
    say: Say, rasa: FakeRasa, token: str
) -> None:
    assert text_of(say(button=token, account="A1002")) == DEAD
    assert text_of(say(button=token, conversation="c2")) == DEAD
    assert rasa.turns == []
    assert text_of(say(button=token)) == f"答：{PAYLOAD}"


def _age(settings: Settings, by: timedelta) -> None:
    engine = create_engine(settings.database_url, future=True)
    with engine.begin() as connection:
        expires = connection.execute(select(ButtonToken.expires_at)).scalar_one()
        connection.execute(update(ButtonToken).values(expires_at=expires - by))
    engine.dispose()


def test_a_button_lives_half_an_hour(
    say: Say, rasa: FakeRasa, token: str, settings: Settings
) -> None:
    assert timedelta(minutes=30) == BUTTON_LIFE
    _age(settings, timedelta(minutes=29))
    assert text_of(say(button=token)) == f"答：{PAYLOAD}"


def test_a_button_older_than_that_is_dead(
    say: Say, rasa: FakeRasa, token: str, settings: Settings
) -> None:
    _age(settings, timedelta(minutes=30, seconds=1))
    assert text_of(say(button=token)) == DEAD
    assert rasa.turns == []


def test_a_made_up_token_is_dead(say: Say, rasa: FakeRasa, token: str) -> None:
    forged = ButtonSigner("f" * 40).seal({"buttons": [{"title": "x", "button": "id"}]})
    # Not the last character: its lowest bits carry nothing, so another one may mean the same.
    middle = len(token) - 10
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    for bad in (changed, forged["buttons"][0]["token"], PAYLOAD, "x", token + token):
        assert text_of(say(button=bad)) == DEAD
    assert rasa.turns == []


def test_history_gives_live_buttons_back_and_marks_used_ones(
    client: TestClient, say: Say, token: str
) -> None:
    def buttons() -> Any:
        answer = client.get("/api/chat/history?conversation=c1", headers=headers())
        return answer.json()["messages"][0]["replies"][0]["buttons"]

    assert buttons() == [{"title": "看明细", "token": token}]
    say(button=token)
    assert buttons() == [{"title": "看明细", "used": True}]


def test_a_pressed_button_stands_in_history_by_its_title(
    client: TestClient, say: Say, token: str
) -> None:
    say(button=token)
    answer = client.get("/api/chat/history?conversation=c1", headers=headers())
    assert [entry["text"] for entry in answer.json()["messages"]] == ["能退吗", "看明细"]


def test_the_real_clock_decides_even_when_the_stacks_clock_stands_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REFUNDBOT_NOW", "2020-01-01T00:00:00+08:00")
    assert real_now().year > 2020
