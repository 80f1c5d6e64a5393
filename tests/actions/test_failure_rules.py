"""No rules for an order, or a fact they need is missing: a person decides, and why is said."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from refundbot.db import make_engine
from refundbot.identity import Turn, mint_turn_token
from refundbot.settings import get_settings
from tests.actions.conftest import SECRET, Customer, Said

Make = Callable[..., Customer]
BCC = {"order_id": "BD20261114001"}
PACK = {"order_id": "BD20261118003"}


def needs_a_person(said: Said) -> None:
    assert said.text.startswith("需要人工确认")
    assert said.decision is not None
    assert said.decision["outcome"] == "needs_review"
    assert said.decision["amount"] is None
    assert "转人工" in said.titles
    assert "退 ¥" not in said.text


def change(statement: str) -> None:
    engine = make_engine(get_settings().database_url)
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount
    engine.dispose()


QUESTIONS = ["ask_refund_eligibility", "ask_refund_amount", "ask_refund_process"]


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("question", QUESTIONS)
def test_an_order_of_a_vendor_without_rules_is_for_a_person(customer: Make, question: str) -> None:
    change("UPDATE accounts SET vendor = 'kingsoft' WHERE id = 'A1001'")
    said = customer().ask(question, **BCC)
    needs_a_person(said)
    assert "没有找到适用于这个订单的退订规则" in said.text


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_order_after_the_last_live_policy_ended_is_for_a_person(
    customer: Make, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUNDBOT_POLICIES", "baidu-unsubscribe@7day-2016")
    get_settings.cache_clear()
    needs_a_person(customer().ask(question, **BCC))


@pytest.mark.parametrize("account", ["A1001", None])
def test_general_rules_of_a_vendor_without_any_are_said_not_to_be_there(
    customer: Make, account: str | None
) -> None:
    turn = Turn("test:1", account, "kingsoft", "console", "text")
    said = customer(account).ask("ask_policy", token=mint_turn_token(turn, b"{}", SECRET))
    assert said.text == "目前没有适用的退订规则资料，请转人工。"
    assert said.titles == ["转人工"]


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("order", "statement", "missing"),
    [
        (PACK, "UPDATE resources SET used = NULL WHERE id = 'pkg-lin-cdn'", "资源包是否已经使用"),
        (
            BCC,
            "UPDATE resources SET police_frozen = NULL WHERE id = 'i-lin-web'",
            "资源是否被公安冻结",
        ),
    ],
)
def test_a_missing_fact_is_named(
    customer: Make, question: str, order: dict[str, str], statement: str, missing: str
) -> None:
    change(statement)
    said = customer().ask(question, **order)
    needs_a_person(said)
    assert f"还缺少一项信息：{missing}" in said.text
