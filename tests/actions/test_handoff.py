"""转人工 carries the orders talked about, and works when the orders cannot be read."""

from typing import Any

import pytest

from actions import handoff
from actions.ask import read_ask
from actions.handoff import Handoff
from actions.not_understood import NotUnderstood
from refundbot.clock import now
from refundbot.identity import Turn, mint_turn_token
from refundbot.orders import OrderRecord, OrdersUnavailable
from tests.actions.conftest import SECRET

BCC = "BD20261114001"


def reply(action: Any, account: str | None = "A1001", **slots: Any) -> dict[str, Any]:
    """What the gateway gets."""
    turn = Turn("test:c1", account, "baidu", "console", "text")
    message = {
        "text": "咕噜",
        "intent": {"name": "handoff", "confidence": 1.0},
        "intent_ranking": [
            {"name": "nlu_fallback", "confidence": 0.7},
            {"name": "ask_policy", "confidence": 0.412},
            {"name": "greet", "confidence": 0.1},
        ],
        "metadata": {"identity": mint_turn_token(turn, b"{}", SECRET)},
    }
    said: dict[str, Any] = action.answer(read_ask(message, slots, now())).reply.to_json()
    return said


def test_the_orders_talked_about_go_along_with_their_facts() -> None:
    said = reply(Handoff(), order_id=BCC, candidates=[BCC, "BD20261120002"])
    first, second = said["handoff"]["orders"]
    assert (first["id"], second["id"]) == (BCC, "BD20261120002")
    assert (first["product"], first["paid"], first["voucher"]) == (
        "云服务器 BCC",
        "¥280.00",
        "¥20.00",
    )
    assert BCC in said["text"]


def test_an_order_of_another_account_does_not_go_along() -> None:
    said = reply(Handoff(), account="A1002", candidates=[BCC])
    assert said["handoff"] == {"orders": []}


def test_a_visitor_is_handed_over_without_orders() -> None:
    assert reply(Handoff(), account=None, candidates=[BCC])["handoff"] == {"orders": []}


class _Down:
    def get_order(self, account_id: str, order_id: str) -> OrderRecord | None:
        raise OrdersUnavailable("the orders are gone")


def test_a_person_can_be_reached_when_the_orders_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handoff, "get_source", _Down)
    said = reply(Handoff(), order_id=BCC)
    assert said["handoff"] == {"orders": [{"id": BCC}]}
    assert "转接人工" in said["text"]


def test_what_was_not_understood_is_noted_with_the_best_guesses() -> None:
    note = reply(NotUnderstood())["review"]
    assert note["guesses"] == [
        {"intent": "ask_policy", "confidence": "0.41"},
        {"intent": "greet", "confidence": "0.10"},
    ]
