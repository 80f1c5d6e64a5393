"""When something is down or broken: a fixed Chinese sentence with a way on, never silence."""

import time
from collections.abc import Callable

import pytest

from actions import base, order_question
from refundbot.orders.source import OrderRecord, OrdersUnavailable
from tests.actions.conftest import Customer

Make = Callable[..., Customer]


class _Source:
    def __init__(self, behaviour: Callable[[], list[OrderRecord]]) -> None:
        self._behaviour = behaviour

    def list_orders(self, account_id: str) -> list[OrderRecord]:
        return self._behaviour()


def _break(monkeypatch: pytest.MonkeyPatch, behaviour: Callable[[], list[OrderRecord]]) -> None:
    monkeypatch.setattr(order_question, "get_source", lambda: _Source(behaviour))


def test_orders_that_cannot_be_read_are_said_to_be_unavailable(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> list[OrderRecord]:
        raise OrdersUnavailable("connection refused to db.internal")

    _break(monkeypatch, down)
    said = customer().ask("ask_refund_amount")
    assert said.kind == "outage"
    assert "订单系统暂时查不到" in said.text
    assert "db.internal" not in said.text
    assert "转人工" in said.titles


def test_an_unforeseen_error_is_logged_under_the_number_the_customer_is_given(
    customer: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> list[OrderRecord]:
        raise ZeroDivisionError("secret detail")

    _break(monkeypatch, broken)
    said = customer().ask("ask_refund_amount")
    reference = said.text.split("编号 ")[1].split("）")[0]
    assert reference in caplog.text
    assert "secret detail" not in said.text
    assert "转人工" in said.titles
    assert "later" not in said.custom  # it would break again: nothing is promised


def test_an_action_over_its_budget_answers_with_the_outage_sentence(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "BUDGET", 0.05)

    def slow() -> list[OrderRecord]:
        time.sleep(0.3)  # stands for a database that does not answer
        return []

    _break(monkeypatch, slow)
    said = customer().ask("ask_refund_amount")
    assert said.kind == "outage"
    assert said.custom["later"] == {"part": "orders"}


def test_a_failed_turn_changes_nothing_that_is_remembered(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id="BD20261114001")
    before = dict(regular.slots)

    def down() -> list[OrderRecord]:
        raise OrdersUnavailable("down")

    _break(monkeypatch, down)
    regular.ask("ask_refund_amount", order_id="BD20261114002")
    assert regular.slots == before
