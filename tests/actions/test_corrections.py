"""不对，是另一个: a correction keeps the question and offers the other orders."""

from collections.abc import Callable

import pytest

from tests.actions.conftest import Customer

Make = Callable[..., Customer]
BCC = "BD20261114001"
BOS = "BD20261120002"
CDN = "BD20261118003"


@pytest.mark.parametrize("text", ["不对", "不是这个", "搞错了", "不对，是另一个", "说错了，别的"])
def test_a_correction_offers_the_others_and_keeps_the_question(customer: Make, text: str) -> None:
    regular = customer()
    regular.ask("ask_refund_destination", order_id=BCC)
    said = regular.ask("deny", text=text)
    assert said.text.startswith("不是刚才那个的话，是下面哪一个？")
    assert "¥280.00" not in said.text
    answered = regular.ask("inform", action="action_follow_up", ordinal=1)
    assert BOS in answered.text
    assert answered.text.startswith("退款退到账户余额。"), "still about where the money goes"


def test_with_one_other_order_it_is_answered_at_once(customer: Make) -> None:
    company = customer("A1003")
    company.ask("ask_refund_amount", product="bcc")
    company.ask("inform", action="action_follow_up", ordinal=1)
    said = company.ask("inform", action="action_follow_up", ordinal="other")
    assert "BD20261119301" in said.text
    assert said.kind == "answer"


def test_without_another_order_that_is_said(customer: Make) -> None:
    single = customer("A1002")
    single.ask("ask_refund_amount")
    said = single.ask("deny", text="不对，是另一个")
    assert said.text.startswith("除了刚才说的这个，没有找到其它可能要退的订单。")


@pytest.mark.parametrize(("side", "wanted"), [("above", BCC), ("below", CDN)])
def test_the_neighbour_in_the_list(customer: Make, side: str, wanted: str) -> None:
    regular = customer()
    regular.ask("ask_refund_amount")
    regular.ask("inform", action="action_follow_up", ordinal=2)
    said = regular.ask("inform", action="action_follow_up", ordinal=side)
    assert wanted in said.text


def test_beyond_the_end_of_the_list_it_is_shown_again(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount")
    regular.ask("inform", action="action_follow_up", ordinal=3)
    assert regular.ask("inform", action="action_follow_up", ordinal="below").kind == "choice"


def test_another_server_is_another_of_that_product(customer: Make) -> None:
    company = customer("A1003")
    company.ask("ask_refund_amount", order_id="BD20261119302")
    said = company.ask("inform", action="action_follow_up", ordinal="other", product="bcc")
    assert "BD20261119301" in said.text


@pytest.mark.parametrize("text", ["不用了", "先不退", "不要了", "没有了"])
def test_a_plain_no_is_no_correction(customer: Make, text: str) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id=BCC)
    assert "没有提交任何退订" in regular.ask("deny", text=text).text


def test_an_objection_is_not_taken_for_a_no(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id=BCC)
    said = regular.ask("deny", text="我不同意")
    assert "复核" in said.text
    assert BCC in said.text


def test_a_no_to_taking_an_application_back_says_that_it_goes_on(customer: Make) -> None:
    waiting = customer("A1006")
    for intent, text in (("deny", "不要"), ("cancel_refund", "不撤销")):
        waiting.ask("cancel_refund", text="撤销申请")
        said = waiting.ask(intent, text=text)
        assert said.text == "好的，没有撤销，申请照常处理。"
        assert waiting.slots["pending_question"] is None
