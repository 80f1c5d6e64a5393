"""👍 and 👎: one vote an answer, changeable, only on one's own, and 👎 is reviewed."""

from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from refundbot.db import make_engine, session_factory
from refundbot.review.store import Reviews
from refundbot.settings import Settings
from tests.gateway.conftest import Say
from tests.gateway.fakes import FakeRasa, custom, headers

GUESSES = {"guesses": [{"intent": "ask_policy", "confidence": "0.41"}]}


@pytest.fixture
def reviews(settings: Settings) -> Reviews:
    return Reviews(session_factory(make_engine(settings.database_url)))


def vote(client: TestClient, account: str = "A1001", **body: Any) -> httpx.Response:
    whole = {"conversation": "c1", "message_id": "m-a", **body}
    return client.post("/api/chat/feedback", json=whole, headers=headers(account))


def test_a_thumb_down_with_its_reason_is_on_the_list(
    client: TestClient, say: Say, reviews: Reviews
) -> None:
    say("能退吗", message_id="m-a")
    answer = vote(client, value="down", reason=" 金额看不明白 ")
    assert answer.json() == {"message_id": "m-a", "value": "down"}
    (item,) = reviews.items()
    assert (item.source, item.text, item.answer) == ("down_vote", "能退吗", "答：能退吗")
    assert (item.reason, item.account) == ("金额看不明白", "A1001")


def test_a_vote_can_be_changed_and_is_one(client: TestClient, say: Say, reviews: Reviews) -> None:
    say("能退吗", message_id="m-a")
    for value in ("down", "down", "up"):
        assert vote(client, value=value).status_code == 200
    assert reviews.items() == []
    history = client.get("/api/chat/history?conversation=c1", headers=headers()).json()
    assert history["messages"][0]["vote"] == "up"
    vote(client, value="down", reason="还是不对")
    assert [item.reason for item in reviews.items()] == ["还是不对"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"value": "maybe"}, "value"),
        ({"value": None}, "value"),
        ({}, "value"),
        ({"value": "up", "message_id": "a b"}, "message_id"),
        ({"value": "up", "conversation": 7}, "conversation"),
        ({"value": "down", "reason": "长" * 501}, "reason"),
        ({"value": "down", "reason": 5}, "reason"),
        ({"value": "up", "stars": 5}, "只能有"),
    ],
)
def test_a_vote_in_the_wrong_shape_is_refused_and_named(
    client: TestClient, say: Say, reviews: Reviews, body: dict[str, Any], named: str
) -> None:
    say("能退吗", message_id="m-a")
    answer = vote(client, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert named in answer.json()["message"]
    assert reviews.items() == []


def test_only_the_own_answers_can_be_voted_on(
    client: TestClient, say: Say, rasa: FakeRasa, reviews: Reviews
) -> None:
    say("能退吗", message_id="m-a")
    assert vote(client, "A1002", value="down").status_code == 404
    assert vote(client, value="down", message_id="m-none").status_code == 404
    body = {"conversation": "c1", "message_id": "m-a", "value": "down"}
    assert client.post("/api/chat/feedback", json=body).status_code == 401
    rasa.down.add("webhook")
    say("能退吗", message_id="m-failed")
    assert vote(client, value="down", message_id="m-failed").status_code == 404
    assert reviews.items() == []


def test_what_was_not_understood_is_on_the_list_and_not_in_the_reply(
    say: Say, rasa: FakeRasa, reviews: Reviews
) -> None:
    rasa.answer = lambda text: [custom("没太明白", review=GUESSES)]
    for _ in range(2):
        (reply,) = say("咕噜咕噜", message_id="m-a").json()["replies"]
        assert "review" not in reply
    (item,) = reviews.items()
    assert (item.source, item.text, item.guesses) == (
        "not_understood",
        "咕噜咕噜",
        ({"intent": "ask_policy", "confidence": "0.41"},),
    )


@pytest.mark.parametrize(
    "note", [{}, {"guesses": "x"}, {"guesses": [5, {"intent": 3}, {"confidence": "1"}]}]
)
def test_guesses_that_are_none_leave_the_message_on_the_list(
    say: Say, rasa: FakeRasa, reviews: Reviews, note: dict[str, Any]
) -> None:
    rasa.answer = lambda text: [custom("没太明白", review=note)]
    say("咕噜咕噜")
    assert [item.guesses for item in reviews.items()] == [()]
