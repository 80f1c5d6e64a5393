"""The number of a decision: where somebody may want it looked at again, and nowhere else."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from refundbot import audit
from refundbot.audit import store
from refundbot.db import make_engine, session_factory
from refundbot.settings import get_settings
from tests.actions.conftest import Customer

Make = Callable[..., Customer]
pytestmark = pytest.mark.usefixtures("own_database")
BCC = "BD20261114001"
NUMBER = re.compile(r"决定编号 (\w{5}-\w{5}-\w{5})，可供复核。")


def number_in(text: str) -> str:
    found = NUMBER.search(text)
    assert found is not None, text
    return found.group(1)


@pytest.mark.parametrize("question", ["ask_calculation", "ask_dispute"])
def test_the_number_told_finds_the_decision_told(customer: Make, question: str) -> None:
    said = customer().ask(question, order_id=BCC)
    engine = make_engine(get_settings().database_url)
    kept = store.get(session_factory(engine), number_in(said.text))
    engine.dispose()
    assert kept is not None
    assert (kept.account, kept.order_id) == ("A1001", BCC)
    assert kept.decision == said.decision


def test_it_is_the_last_line_of_the_steps(customer: Make) -> None:
    said = customer().ask("ask_calculation", order_id=BCC)
    assert NUMBER.fullmatch(said.text.split("\n")[-1])


@pytest.mark.parametrize("question", ["ask_refund_amount", "ask_refund_process", "apply_refund"])
def test_other_answers_are_not_cluttered_with_it(customer: Make, question: str) -> None:
    assert "决定编号" not in customer().ask(question, order_id=BCC).text


def test_an_answer_that_could_not_be_kept_goes_out_without_a_number(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: Any, **__: Any) -> None:
        return None

    monkeypatch.setattr("actions.view.remember", lost)
    said = customer().ask("ask_calculation", order_id=BCC)
    assert "186.67" in said.text
    assert "决定编号" not in said.text


def test_the_latest_number_of_each_order_is_known_for_the_conversation_only(
    customer: Make,
) -> None:
    regular = customer()
    first = number_in(regular.ask("ask_calculation", order_id=BCC).text)
    second = number_in(regular.ask("ask_calculation", order_id=BCC).text)
    assert first != second
    told = audit.numbers_told(account="A1001", conversation="test:A1001")
    assert audit.numbers.shown(told[BCC]) == second
    assert audit.numbers_told(account="A1001", conversation="another") == {}
    assert audit.numbers_told(account="A1002", conversation="test:A1001") == {}


def test_an_unreadable_audit_names_no_numbers(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr("refundbot.audit.writer._writer", broken)
    assert audit.numbers_told(account="A1001", conversation="test:A1001") == {}


def test_the_hand_over_carries_the_number_of_what_was_told(customer: Make) -> None:
    regular = customer()
    told = number_in(regular.ask("ask_calculation", order_id=BCC).text)
    [order] = regular.ask("handoff").custom["handoff"]["orders"]
    assert (order["id"], order["decision_number"]) == (BCC, told)
