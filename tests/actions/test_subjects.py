"""Several subjects in one message: each gets its answer, and none is invented."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.actions.conftest import Customer

Make = Callable[..., Customer]
BCC = "BD20261114001"
BOS = "BD20261120002"


def clauses(*asked: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"text": words, "intent": intent, "confidence": 0.9} for words, intent in asked]


def test_an_invoice_and_a_refund_are_both_answered(customer: Make) -> None:
    asked = clauses(("怎么开发票", "faq"), ("存储包能退吗", "ask_refund_eligibility"))
    for intent in ("faq", "ask_refund_eligibility"):
        said = customer().ask(intent, text="怎么开发票？存储包能退吗", order_id=BOS, clauses=asked)
        assert "申请百度智能云发票" in said.text
        assert "可以全额退 ¥99.00" in said.text
        assert said.titles[0] == "去退订"
        assert said.titles[-1] == "转人工"
        assert said.decision is not None


@pytest.mark.parametrize("intent", ["greet", "affirm", "deny", "out_of_scope"])
def test_small_talk_around_a_question_does_not_hide_it(customer: Make, intent: str) -> None:
    asked = clauses(("你好", intent), ("能退多少", "ask_refund_amount"))
    said = customer("A1002").ask(intent, text="你好，能退多少", clauses=asked)
    assert "可以退，预计退 ¥416.74。" in said.text


def test_how_far_the_refund_is_and_how_much_another_order_gives(customer: Make) -> None:
    asked = clauses(("退款到哪了", "ask_refund_status"), ("能退多少", "ask_refund_amount"))
    said = customer("A1002").ask("ask_refund_status", text="退款到哪了，能退多少", clauses=asked)
    assert said.text.startswith("在您名下没有找到退款申请")
    assert "¥416.74" in said.text


def test_how_far_the_refund_is_says_when_it_is_there(customer: Make) -> None:
    asked = clauses(("退款到哪了", "ask_refund_status"), ("几天到账", "ask_refund_timing"))
    said = customer("A1006").ask("ask_refund_status", text="退款到哪了，几天到账", clauses=asked)
    assert said.text.startswith("退款单 RF")
    assert "\n\n" not in said.text, "one answer, not two"


def test_a_clause_that_no_curated_answer_fits_is_not_answered_with_a_leaflet(
    customer: Make,
) -> None:
    asked = clauses(("我是新来的", "faq"), ("能退多少", "ask_refund_amount"))
    said = customer("A1002").ask("ask_refund_amount", text="我是新来的，能退多少", clauses=asked)
    assert "财务相关" not in said.text


def test_an_unsure_clause_is_not_answered(customer: Make) -> None:
    asked = clauses(("怎么开发票", "faq"), ("能退多少", "ask_refund_amount"))
    asked[0]["confidence"] = 0.3
    said = customer("A1002").ask("ask_refund_amount", text="…", clauses=asked)
    assert "申请百度智能云发票" not in said.text


def test_demand_time_and_voucher_in_the_order_asked_with_the_confirmation_at_hand(
    customer: Make,
) -> None:
    asked = clauses(
        ("帮我退了吧", "apply_refund"),
        ("钱几天能到", "ask_refund_timing"),
        ("代金券还给我吗", "ask_voucher_refund"),
    )
    said = customer().ask("apply_refund", order_id=BCC, clauses=asked)
    lines = said.text.split("\n")
    assert lines[0] == "好的，先给您 3 个结果："
    assert lines[1].startswith("1. 退款：可以退，预计退 ¥186.67。需要您在退订页面确认后才会提交")
    assert lines[2] == (
        "2. 多久到账：退款退到账户余额。到账时间规则没有写明，以退订页面显示为准；"
        "要回到银行卡，需要再做一次提现。"
    )
    assert lines[3] == "3. 代金券：代金券 ¥20.00 不退回。"
    assert said.titles[:2] == ["去确认退订", "先不退"]
