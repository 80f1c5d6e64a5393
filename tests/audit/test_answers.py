"""Whatever is told about an order in a conversation can be found in the audit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from refundbot.audit import store, writer
from refundbot.audit.replay import replay
from tests.actions.conftest import SECRET, Customer
from tests.audit.conftest import ORDER
from tests.orders.documents import Sessions
from tests.stack import ROOT


@pytest.fixture(scope="module")
def customer() -> Callable[[str | None], Customer]:
    executor = ActionExecutor()
    executor.register_package("actions")
    domain: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return lambda account: Customer(executor, domain, account)


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch, database: Path) -> None:
    monkeypatch.setenv("REFUNDBOT_INTERNAL_SECRET", SECRET)


def test_an_answer_with_a_sum_is_kept_with_the_conversation_it_was_given_in(
    sessions: Sessions, customer: Callable[[str | None], Customer]
) -> None:
    said = customer("A1001").ask("ask_refund_amount", order_id=ORDER)
    (kept,) = store.find(sessions)
    assert kept.decision == said.decision
    assert (kept.account, kept.order_id) == ("A1001", ORDER)
    assert kept.conversation == "test:A1001"
    assert replay(kept).holds


def test_a_question_that_ends_in_another_question_keeps_nothing(
    sessions: Sessions, customer: Callable[[str | None], Customer]
) -> None:
    said = customer("A1001").ask("ask_refund_amount")
    assert said.kind == "choice"
    customer("A1002").ask("ask_refund_amount", order_id=ORDER)
    customer(None).ask("ask_refund_amount", order_id=ORDER)
    assert store.find(sessions) == []


def test_the_answer_is_given_when_it_cannot_be_kept(
    sessions: Sessions,
    customer: Callable[[str | None], Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(database_url: str) -> writer.Writer:
        raise RuntimeError("no writer")

    monkeypatch.setattr(writer, "_writer", broken)
    said = customer("A1001").ask("ask_refund_amount", order_id=ORDER)
    assert "¥186.67" in said.text
    assert store.find(sessions) == []
