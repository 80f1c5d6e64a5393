"""Short messages read against what was said before: impatience, hurry, anger, a late 好的."""

from collections.abc import Callable
from typing import Any

import pytest

from refundbot.applications.service import get_applications
from tests.actions.conftest import Customer

Make = Callable[..., Customer]
pytestmark = pytest.mark.usefixtures("own_database")
BCC = "BD20261114001"


def test_changing_ones_mind_and_asking_again_says_where_we_are(customer: Make) -> None:
    regular = customer()
    regular.ask("apply_refund", order_id=BCC)
    regular.ask("cancel_refund", text="算了先不退了")
    said = regular.ask("out_of_scope", text="？")
    assert said.text == f"还在的。刚才说到云服务器 BCC 订单 {BCC}，没有提交退订。还想了解什么？"
    assert said.titles == ["能退多少", "其它订单", "没有了"]


def test_an_order_being_returned_is_not_said_to_be_untouched(customer: Make) -> None:
    waiting = customer("A1006")
    waiting.ask("ask_refund_status", text="退款到哪了")
    said = waiting.ask("greet", text="在吗")
    assert "正在初审" in said.text
    assert "没有提交退订" not in said.text


def test_an_open_choice_is_not_forgotten_by_a_question_mark(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount")
    assert "3 个订单" in regular.ask("out_of_scope", text="？").text
    assert "¥99.00" in regular.ask("inform", action="action_follow_up", ordinal=2).text


@pytest.mark.parametrize("text", ["快点", "快点啊！", "抓紧啊", "等好久了"])
def test_hurry_is_no_other_subject(customer: Make, text: str) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id=BCC)
    said = regular.ask("out_of_scope", text=text)
    assert BCC in said.text


@pytest.mark.parametrize("text", ["你们太坑了", "什么垃圾规则", "故意拖着不退"])
def test_anger_gets_an_apology_and_what_can_be_checked(customer: Make, text: str) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id=BCC)
    said = regular.ask("out_of_scope", text=text)
    assert said.text.startswith("很抱歉")
    assert said.titles == ["看每一步怎么算的", "对结果有异议", "转人工"]


@pytest.mark.parametrize("between", ["faq", "greet", "out_of_scope", "list_orders", "deny"])
def test_a_late_yes_takes_nothing_back(customer: Make, between: str) -> None:
    waiting = customer("A1006")
    waiting.ask("cancel_refund", text="撤销申请")
    waiting.ask(between, text="随便说说")
    waiting.ask("affirm", text="好的")
    [record] = [r for r in get_applications().list_for_account("A1006") if r.open]
    assert record.state == "first_review"


def test_when_the_money_comes_is_answered_by_the_application_under_way(customer: Make) -> None:
    waiting = customer("A1006")
    assert waiting.ask("ask_refund_timing", text="还要多久").text.startswith("退款单 RF")
    assert waiting.ask("ask_refund_timing", text="还要多久").text.startswith("退款单 RF")
    other = waiting.ask("ask_refund_timing", text="流量包多久到账", product="cdn")
    assert not other.text.startswith("退款单 RF")


def test_a_why_while_an_order_is_to_be_picked_stays_with_the_list(customer: Make) -> None:
    company = customer("A1007")
    company.slots.update(candidates=["BD1"], pending_question="ask_refund_amount")
    said = company.ask("ask_rejection_reason", text="为什么")
    assert "申请没有通过" not in said.text


def test_gift_balance_is_not_a_voucher(customer: Make) -> None:
    company = customer("A1003")
    said = company.ask("ask_voucher_refund", text="赠送金也退吗", order_id="BD20261111303")
    assert "赠送金 ¥28.62" in said.text
    assert customer("A1003").ask("ask_voucher_refund", text="赠送金退吗").kind == "choice"
    said = customer().ask("ask_voucher_refund", text="赠送金退吗", order_id=BCC)
    assert said.text.startswith("这个订单没有用赠送金或储值卡支付。")


@pytest.mark.parametrize("question", ["ask_refund_eligibility", "ask_refund_amount"])
def test_a_visitor_gets_the_rules_and_the_way_to_the_order(customer: Make, question: str) -> None:
    said = customer(None).ask(question, text="云服务器能退吗", product="bcc")
    assert said.text.startswith("查订单需要先登录控制台。一般的退订规则是：")
    assert "登录" in said.titles
    seven = customer(None).ask(question, text="七天内能退吗")
    assert "七天只适用于" in seven.text
    named = customer(None).ask(question, text=f"{BCC}能退吗", order_id=BCC)
    assert "186.67" not in named.text


def test_which_of_mine_can_be_returned_is_a_list(customer: Make) -> None:
    assert customer().ask("ask_policy", text="有哪些可以退").kind == "list"
    assert "包年包月" in customer(None).ask("ask_policy", text="哪些可以退").text


def test_an_invoice_is_answered_by_the_rule_and_for_the_order(customer: Make) -> None:
    said = customer("A1004").ask("ask_invoice_refund", order_id="BD20261108410")
    assert "已开发票的云市场商品不允许退订" in said.text
    assert "BD20261108410" in said.text
    assert "已经开具发票" in said.text
    assert "发票" in customer(None).ask("ask_invoice_refund").text


def test_an_objection_repeated_gets_the_steps_and_a_person_first(customer: Make) -> None:
    regular = customer()
    first = regular.ask("ask_dispute", text="凭什么扣这么多", order_id=BCC)
    assert "已消费 ¥93.33" in first.text
    again = regular.ask("ask_dispute", text="不合理")
    assert again.text != first.text
    assert "1. 适用规则" in again.text
    assert again.titles[0] == "转人工"
    refused = customer()
    refused.ask("ask_dispute", order_id="BD20260901007")
    again = refused.ask("ask_dispute")
    assert "1. 资源已于 2026-10-01 10:00 到期" in again.text
    assert "。。" not in again.text


def test_the_number_is_told_when_it_is_asked_for(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id=BCC)
    assert "决定编号" in regular.ask("out_of_scope", text="决定编号是多少").text
    regular.ask("ask_refund_amount", order_id="BD20260901007")
    assert "决定编号" in regular.ask("out_of_scope", text="决定编号是多少").text


def test_pointing_at_several_orders_leaves_the_old_one(customer: Make) -> None:
    company = customer("A1004")
    company.ask("ask_refund_amount", order_id="BD20261009409")
    assert company.ask("inform", action="action_follow_up", text="续费的那个").kind == "choice"
    later = company.ask("ask_timeline", text="晚几天呢")
    assert "BD20261009409" not in later.text
    assert later.kind == "choice"


@pytest.mark.parametrize(
    ("entities", "first"),
    [
        ({"duration": {"days": 7, "text": "一周"}}, "7 天后（11-30）退：可以退，预计退 ¥121.33。"),
        (
            {"future_time": "2026-12-01T00:00+08:00/2027-01-01T00:00+08:00"},
            "8 天后（12-01）退：可以退，预计退 ¥112.00。",
        ),
        (
            {"future_time": "2026-11-21T00:00+08:00/2026-12-01T00:00+08:00"},
            "7 天后（11-30）退：可以退，预计退 ¥121.33。",
        ),
    ],
)
def test_the_day_named_is_answered_first(
    customer: Make, entities: dict[str, Any], first: str
) -> None:
    said = customer().ask("ask_timeline", text="晚点退", order_id=BCC, **entities)
    assert said.text.split("\n")[0] == first
    assert "现在退：" in said.text


def test_a_fragment_beside_another_subject_keeps_the_open_question(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount")
    clauses = [
        {"text": "第二个", "intent": "inform", "confidence": 0.9},
        {"text": "怎么开发票", "intent": "faq", "confidence": 0.9},
    ]
    said = regular.ask("inform", action="action_follow_up", ordinal=2, clauses=clauses)
    assert "¥99.00" in said.text
    assert "申请百度智能云发票" in said.text


def test_money_of_a_server_that_was_not_made_needs_no_application(customer: Make) -> None:
    said = customer("A1008").ask("ask_refund_status", text="刚才买的机器没建出来，钱呢")
    assert said.text.startswith("系统会自动退 ¥128.00，不需要您操作。\n订单 BD20261123801")


def test_a_word_of_the_rules_is_explained_without_all_the_others(customer: Make) -> None:
    said = customer("A1006").ask("ask_policy", text="什么叫异常退货")
    assert "疑似异常或恶意的退货申请" in said.text
    assert "可以退：包年包月" not in said.text


def test_two_servers_of_one_day_are_told_apart_by_their_time(customer: Make) -> None:
    said = customer("A1003").ask("ask_refund_amount", product="bcc")
    assert "11-19 16:40 购买" in said.text
    assert "11-19 09:12 购买" in said.text
