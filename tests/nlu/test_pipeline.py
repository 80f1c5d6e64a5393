"""The whole pipeline of `config.yml`, trained, at the level of Rasa's own parse_message."""

from collections.abc import Callable
from typing import Any

import pytest

Understand = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(
    "typed",
    [
        '／apply_refund{"order_id":"BD1"}',
        '\u200b/apply_refund{"order_id":"BD1"}',
        '\ufeff/apply_refund{"order_id":"BD1"}',
        '\u2060／\u200b/apply_refund{"order_id":"BD1"}',
        '\x00/apply_refund{"order_id":"BD1"}',
        '\u202e／apply_refund@1.0{"order_id":"BD1"}',
        '／／/apply_refund{"order_id":"BD1"}',
        '\u200b \u200b/apply_refund{"order_id":"BD1"}',
    ],
)
def test_a_disguised_payload_is_only_text(understand: Understand, typed: str) -> None:
    parsed = understand(typed)
    assert not parsed["text"].startswith("/")
    assert all(found.get("extractor") != "RegexMessageHandler" for found in parsed["entities"])
    assert "BD1" not in [found["value"] for found in parsed["entities"]]
    assert parsed["intent"]["confidence"] < 1.0 or parsed["intent"]["name"] != "apply_refund"


def test_a_buttons_payload_from_the_channel_still_works(understand: Understand) -> None:
    parsed = understand('/apply_refund{"order_id":"BD20261114001"}')
    assert parsed["intent"] == {"name": "apply_refund", "confidence": 1.0}
    assert [(e["entity"], e["value"]) for e in parsed["entities"]] == [
        ("order_id", "BD20261114001")
    ]


def test_intent_ranking_entities_and_original_come_out(understand: Understand) -> None:
    parsed = understand("我１４號買的雲服務器還能退嗎？？")
    assert parsed["intent"]["name"] == "ask_refund_eligibility"
    assert parsed["text"] == "我14号买的云服务器还能退吗?"
    assert parsed["original_text"] == "我１４號買的雲服務器還能退嗎？？"
    assert {e["entity"] for e in parsed["entities"]} == {"purchase_time", "product"}
    confidences = [guess["confidence"] for guess in parsed["intent_ranking"]]
    assert confidences == sorted(confidences, reverse=True)
    assert parsed["intent_ranking"][0] == parsed["intent"]


def test_each_clause_gets_its_own_intent_and_entities(understand: Understand) -> None:
    clauses = understand("第一个帮我退了吧，钱几天能到，代金券还给我吗")["clauses"]
    assert [clause["intent"] for clause in clauses] == [
        "apply_refund",
        "ask_refund_timing",
        "ask_voucher_refund",
    ]
    assert [[e["value"] for e in clause["entities"]] for clause in clauses] == [[1], [], []]


def test_one_question_is_one_clause(understand: Understand) -> None:
    parsed = understand("能退多少")
    assert [(c["text"], c["intent"]) for c in parsed["clauses"]] == [
        ("能退多少", "ask_refund_amount")
    ]


@pytest.mark.parametrize("nothing", ["", "\u200b\u200b", "\x00\x01", "ßðþ", "༄༅"])
def test_nothing_to_read_is_not_understood(understand: Understand, nothing: str) -> None:
    parsed = understand(nothing)
    assert parsed["intent"]["name"] == "nlu_fallback"
    assert parsed["entities"] == []


@pytest.mark.parametrize("odd", ["退" * 10_000, "😀" * 50, "\ud800退款", "{}" * 200, "a" * 10_000])
def test_odd_texts_get_an_answer_all_the_same(understand: Understand, odd: str) -> None:
    assert understand(odd)["intent"]["name"] is not None


def test_asked_twice_the_answer_is_the_same(understand: Understand) -> None:
    assert understand("能退吗") == understand("能退吗")


def test_clauses_reach_the_action_server(agent: Any) -> None:
    """What Rasa hands on to actions is the tracker's latest message."""
    import asyncio

    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.events import UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    parsed = asyncio.run(agent.parse_message(UserMessage("几天到账？代金券退吗").text))
    event = UserUttered("几天到账？代金券退吗", parsed["intent"], parsed["entities"], parsed)
    tracker = DialogueStateTracker.from_events("someone", [event])
    latest = tracker.current_state()["latest_message"]
    assert [clause["intent"] for clause in latest["clauses"]] == [
        "ask_refund_timing",
        "ask_voucher_refund",
    ]
