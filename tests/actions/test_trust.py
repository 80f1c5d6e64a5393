"""Who may see what: the account comes from the signed turn token and from nowhere else."""

from collections.abc import Callable

import pytest

from actions.base import RefundAction
from actions.order_question import QUESTIONS
from refundbot.identity import Turn, mint_turn_token
from tests.actions.conftest import SECRET, Customer

Make = Callable[..., Customer]
FOREIGN = "BD20261114001"


def test_a_customer_asking_about_a_foreign_order_is_told_only_that_it_is_not_theirs(
    customer: Make,
) -> None:
    for question in sorted(QUESTIONS):
        said = customer("A1002").ask(question, order_id=FOREIGN)
        assert said.text == f"在您名下没有找到订单 {FOREIGN}。请核对订单号。", question
        assert said.decision is None
        assert said.titles == ["我的订单", "转人工"]


def test_a_foreign_and_an_unknown_order_get_the_same_words(customer: Make) -> None:
    foreign = customer("A1002").ask("ask_refund_amount", order_id=FOREIGN).text
    unknown = customer("A1002").ask("ask_refund_amount", order_id="BD20991231999").text
    assert foreign.replace(FOREIGN, "X") == unknown.replace("BD20991231999", "X")


def test_a_remembered_order_of_another_account_is_not_answered_about(customer: Make) -> None:
    stranger = customer("A1002")
    stranger.slots.update(order_id=FOREIGN, candidates=[FOREIGN])
    for question in sorted(QUESTIONS):
        said = stranger.ask(question, ordinal=1)
        assert FOREIGN not in said.text
        assert "186.67" not in said.text


def test_a_visitor_sees_no_order(customer: Make) -> None:
    visitor = customer(None)
    assert len(QUESTIONS) > 8
    for question in sorted(QUESTIONS):
        said = visitor.ask(question, order_id=FOREIGN)
        assert "登录" in said.text, question
        assert "186.67" not in said.text
        assert said.decision is None


def _token(account: str, secret: str = SECRET, **kwargs: float) -> str:
    turn = Turn("test:1", account, "baidu", "console", "text")
    return mint_turn_token(turn, b"{}", secret, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "token",
    [
        None,
        "",
        "not a token",
        _token("A1001", "x" * 64),
        _token("A1001", at=1_600_000_000),
        "eyJhbGciOiJub25lIn0.eyJhY2NvdW50IjoiQTEwMDEifQ.",
    ],
    ids=["none", "empty", "garbage", "wrong key", "expired", "alg none"],
)
def test_without_a_valid_turn_token_nothing_is_looked_up(customer: Make, token: str | None) -> None:
    said = customer("A1001").ask("ask_refund_amount", token=token, order_id=FOREIGN)
    assert said.text == "登录状态已失效，请刷新页面后再问一次。"
    assert said.decision is None


def test_every_action_of_the_domain_exists_and_none_is_left_over(customer: Make) -> None:
    made = customer()
    named = {name for name in made.domain["actions"] if name.startswith("action_")}
    bases = {RefundAction().name()}
    assert named == set(made.executor.actions) - bases
