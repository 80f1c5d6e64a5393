"""When the page's sum is not the chat's, it says what made the difference."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from refund_core import evaluate
from refundbot.applications.differences import explain_difference
from refundbot.applications.said import Said
from tests.applications.world import NOW, Orders, with_facts

ORDER = Orders().all["BD1"]
SAID = Said.of(evaluate(ORDER.case, NOW))


def test_the_same_answer_needs_no_explanation() -> None:
    later = evaluate(ORDER.case, NOW + timedelta(hours=1))
    assert explain_difference(SAID, later, ORDER.case) == []


def test_a_day_later_it_is_the_day() -> None:
    now = evaluate(ORDER.case, NOW + timedelta(days=2))
    first, *causes = explain_difference(SAID, now, ORDER.case)
    assert "¥186.67" in first
    assert "¥168.00" in first
    assert "少 ¥18.67" in first
    assert causes == ["又过了 2 天，已消费从 ¥93.33 变成 ¥112.00。"]


def test_a_part_refund_in_between_is_named_and_not_blamed_on_time() -> None:
    order = with_facts(ORDER, order={"refunded": "50.00"})
    now = evaluate(order.case, NOW)
    lines = explain_difference(SAID, now, order.case)
    assert now.amount != SAID.amount
    assert any("订单" in line for line in lines[1:])
    assert not any("过了" in line for line in lines)


def test_facts_that_make_it_a_no_give_the_reason() -> None:
    order = with_facts(ORDER, resource={"police_frozen": True})
    lines = explain_difference(SAID, evaluate(order.case, NOW), order.case)
    assert "不能退" in lines[0]
    assert "冻结" in lines[1]


def test_another_policy_version_is_named() -> None:
    earlier = replace(SAID, version="2020-01-01", amount=Decimal("200.00"))
    lines = explain_difference(earlier, evaluate(ORDER.case, NOW), ORDER.case)
    assert any("2020-01-01" in line and "规则换了版本" in line for line in lines)


def test_time_and_facts_together_are_both_named() -> None:
    order = with_facts(ORDER, order={"refunded": "50.00"})
    now = evaluate(order.case, NOW + timedelta(days=1))
    lines = explain_difference(SAID, now, order.case)
    assert len(lines) == 3
    assert "过了 1 天" in lines[2]


def test_past_the_end_the_deadline_is_the_cause() -> None:
    now = evaluate(ORDER.case, NOW + timedelta(days=30))
    assert now.outcome == "not_refundable"
    lines = explain_difference(SAID, now, ORDER.case)
    assert any("2026-12-14 10:20" in line for line in lines), lines
