"""合同的那个呢: an order pointed at by what is special about it."""

from collections.abc import Callable

import pytest

from tests.actions.conftest import Customer

Make = Callable[..., Customer]


@pytest.mark.parametrize(
    ("account", "text", "order_id"),
    [
        ("A1004", "合同那个为什么不能退", "BD20261009409"),
        ("A1004", "没开票的那个能退吗", "BD20261112411"),
        ("A1004", "升配的那单呢", "BD20261120406"),
        ("A1007", "推荐的那个能退吗", "BD20261113706"),
    ],
)
def test_what_is_special_about_an_order_points_at_it(
    customer: Make, account: str, text: str, order_id: str
) -> None:
    company = customer(account)
    said = company.ask("ask_refund_eligibility", text=text)
    assert f"订单 {order_id}" in said.text


def test_it_points_away_from_the_order_talked_about(customer: Make) -> None:
    company = customer("A1004")
    company.ask("ask_refund_amount", order_id="BD20260924401")
    said = company.ask("faq", text="合同的那个呢")
    assert "BD20261009409" in said.text
    assert "销售合同" in said.text


@pytest.mark.parametrize("text", ["合同怎么申请", "续费怎么关", "怎么开发票"])
def test_a_question_about_contracts_is_no_order(customer: Make, text: str) -> None:
    company = customer("A1004")
    company.ask("ask_refund_amount", order_id="BD20260924401")
    assert "文档位置" in company.ask("faq", text=text).text


def test_this_one_stays_this_one(customer: Make) -> None:
    company = customer("A1004")
    company.ask("ask_refund_amount", order_id="BD20260924401")
    said = company.ask("ask_refund_eligibility", text="这个有合同的能退吗")
    assert "BD20260924401" in said.text


def test_without_such_an_order_the_talk_stays_where_it_is(customer: Make) -> None:
    single = customer("A1002")
    said = single.ask("ask_refund_amount", text="合同的那个能退多少")
    assert "¥416.74" in said.text
