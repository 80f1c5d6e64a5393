"""What each question is answered with: the model dialogues, word for word where words matter."""

from collections.abc import Callable
from typing import Any

import pytest

import refund_core
from refund_core import RefundCase
from refund_core.decision import Decision
from refundbot.clock import parse_instant
from refundbot.orders import get_source
from tests.actions.conftest import Customer
from tests.stack import NOW

Make = Callable[..., Customer]
BCC = "BD20261114001"
NOON = parse_instant(NOW)
DAY_AHEAD = "2026-12-02T00:00+08:00/2026-12-03T00:00+08:00"
DAY14 = "2026-11-14T00:00+08:00/2026-11-15T00:00+08:00"


def core(order_id: str, account: str = "A1001") -> Decision:
    order = get_source().get_order(account, order_id)
    assert order is not None
    return refund_core.evaluate(order.asked(NOON).case, NOON)


def test_the_server_bought_on_the_14th(customer: Make) -> None:
    said = customer().ask("ask_refund_eligibility", purchase_time=DAY14, product="bcc")
    lines = said.text.split("\n")
    assert lines[0] == "可以退，预计退 ¥186.67。"
    assert lines[1] == f"订单 {BCC} · 云服务器 BCC · 包年包月 1 个月（2026-11-14 至 2026-12-14）"
    assert lines[2] == (
        "实付 ¥280.00（现金）− 已消费 ¥93.33（10/30 天，购买日和退订日都计 1 天）＝ ¥186.67"
    )
    assert "代金券 ¥20.00 不退回。退款退到账户余额。" in lines
    assert "每多用一天约少退 ¥9.33。" in said.text
    assert said.titles == ["去退订", "看每一步怎么算的", "晚几天退会怎样", "转人工"]
    assert said.buttons[0]["url"].startswith(f"http://console.test/refund/{BCC}?link=")
    assert said.decision is not None
    assert Decision.from_json(said.decision) == core(BCC)


def test_a_follow_up_stays_with_the_order(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id=BCC)
    said = regular.ask("ask_voucher_refund")
    assert said.text.startswith("代金券 ¥20.00 不退回。")
    assert BCC in said.text


def test_every_reason_is_given_for_a_no(customer: Make) -> None:
    said = customer().ask("ask_refund_eligibility", order_id="BD20260901007")
    assert said.text.startswith("这个订单不能退，有 2 个原因：")
    assert "2026-10-01 10:00" in said.text
    assert "双十一爆款" in said.text
    assert said.titles == ["其它可退订单", "转人工"]


def test_seven_days_is_explained_for_the_order_talked_about(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_eligibility", order_id="BD20260901007")
    said = regular.ask("ask_policy", text="不是七天无理由吗")
    assert said.text.startswith("七天只适用于新购且未使用的量包和未生效的存储包")
    assert "已到期" in said.text


def test_without_an_order_in_view_the_rules_are_the_whole_policy(customer: Make) -> None:
    for account in ("A1001", None):
        said = customer(account).ask("ask_policy", text="退订规则是什么")
        assert "包年包月" in said.text
        assert "百度智能云退订综述" in said.text
        assert said.decision is None


def test_several_orders_are_offered_dearest_first_and_the_second_is_the_storage_pack(
    customer: Make,
) -> None:
    regular = customer()
    said = regular.ask("ask_refund_amount")
    assert said.kind == "choice"
    assert said.titles == ["1", "2", "3", "都算一下"]
    assert said.text.split("\n")[1] == "1. 云服务器 BCC · 11-14 购买 · ¥280.00"
    said = regular.ask("inform", action="action_follow_up", ordinal=2)
    assert said.text.startswith("可以全额退 ¥99.00。")
    said = regular.ask("inform", action="action_follow_up", money="50.00")
    assert said.text.startswith("可以全额退 ¥50.00。")
    assert "截止 2026-11-25 15:30" in said.text


def test_all_of_them_adds_up(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount")
    said = regular.ask("inform", action="action_follow_up", ordinal="all")
    assert "合计可退 ¥335.67" in said.text
    assert sum(Decision.from_json(d).amount or 0 for d in said.decisions) == core(BCC).amount + 149


def test_two_questions_get_two_answers_in_one_reply(customer: Make) -> None:
    clauses = [
        {"text": "帮我退了吧", "intent": "apply_refund", "confidence": 0.9},
        {"text": "几天到账", "intent": "ask_refund_timing", "confidence": 0.9},
        {"text": "代金券还给我吗", "intent": "ask_voucher_refund", "confidence": 0.9},
    ]
    said = customer().ask("apply_refund", order_id=BCC, clauses=clauses)
    assert "1. 退款：可以退，预计退 ¥186.67。需要您在退订页面确认后才会提交。" in said.text
    assert "2. 多久到账：" in said.text
    assert "3. 代金券：代金券 ¥20.00 不退回。" in said.text


def test_whether_and_how_much_is_one_answer(customer: Make) -> None:
    clauses = [
        {"text": "还能退吗", "intent": "ask_refund_eligibility", "confidence": 0.9},
        {"text": "能退多少", "intent": "ask_refund_amount", "confidence": 0.9},
    ]
    said = customer().ask("ask_refund_amount", order_id=BCC, clauses=clauses)
    assert said.text.startswith("可以退，预计退 ¥186.67。")


def test_a_demand_for_the_refund_never_submits_it(customer: Make) -> None:
    said = customer().ask("apply_refund", order_id=BCC)
    assert "需要您在退订页面确认后才会提交" in said.text
    assert said.titles[:2] == ["去确认退订", "先不退"]


def test_every_step_of_the_sum_is_shown_with_its_ground(customer: Make) -> None:
    said = customer().ask("ask_calculation", order_id=BCC)
    for part in ("280.00", "93.33", "186.67", "依据"):
        assert part in said.text


def test_later_days_are_decided_by_the_rule_core(customer: Make) -> None:
    said = customer().ask("ask_timeline", order_id=BCC)
    assert "1 天后（11-24）：可以退，预计退 ¥177.33。" in said.text
    assert "30 天后（12-23）：不能退" in said.text
    first, *_, last = said.custom["chart"]["stretches"]
    assert (first["outcome"], first["amount"]) == ("refundable", "186.67")
    assert first["from"] == NOON.isoformat()
    assert (last["outcome"], last["amount"]) == ("not_refundable", None)


def test_the_sum_of_a_day_ahead_is_that_days(customer: Make) -> None:
    said = customer().ask("ask_refund_amount", order_id=BCC, future_time=DAY_AHEAD)
    assert said.text.startswith(
        "9 天后（12-02）退：可以退，预计退 ¥102.67。\n现在退：可以退，预计退 ¥186.67。"
    )


def test_the_day_asked_about_is_not_told_twice(customer: Make) -> None:
    in_three = "2026-11-26T00:00+08:00/2026-11-27T00:00+08:00"
    said = customer().ask("ask_timeline", order_id=BCC, future_time=in_three)
    assert said.text.count("3 天后（11-26）") == 1


def test_later_days_with_the_same_answer_share_a_line(customer: Make) -> None:
    said = customer("A1010", "aliyun").ask("ask_timeline", order_id="AL20261121104")
    assert "1–15 天后（11-24 至 12-08）：需要人工确认" in said.text
    assert "30 天后（12-23）：不能退" in said.text


def test_nothing_is_understood_six_times_and_no_sentence_is_said_twice(customer: Make) -> None:
    lost = customer()
    ranking = [("nlu_fallback", 0.4), ("ask_refund_amount", 0.3), ("ask_policy", 0.2)]
    said = [
        lost.ask("nlu_fallback", text="咕噜", action="action_not_understood", ranking=ranking)
        for _ in range(6)
    ]
    assert len({each.text for each in said}) == 6
    assert said[0].titles == ["能退多少", "退订规则"]
    assert "转人工" in said[1].titles
    assert all("转人工" in each.text and "转人工" in each.titles for each in said[2:])
    assert lost.slots["misses"] == 6
    lost.ask("ask_refund_amount", order_id=BCC)
    assert lost.slots["misses"] == 0


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("怎么开发票", "申请百度智能云发票"),
        ("余额怎么提现", "购买指南 › 提现"),
        ("随便问问", "财务相关"),
    ],
)
def test_a_finance_question_is_answered_with_its_page(customer: Make, text: str, page: str) -> None:
    assert page in customer().ask("faq", text=text).text


def test_the_list_has_pages_and_a_filter(customer: Make) -> None:
    company = customer("A1004")
    first = company.ask("list_orders")
    assert "第 1/4 页" in first.text
    assert "下一页" in first.titles
    second = company.ask("list_orders", page=2)
    assert first.text != second.text
    only = customer().ask("list_orders", only="refundable")
    assert "3 个可能要退的订单" in only.text


def test_an_account_without_orders_is_told_so(customer: Make) -> None:
    assert customer("A1005").ask("ask_refund_amount").text == "您名下还没有订单。"


def test_a_description_nothing_fits_offers_the_list(customer: Make) -> None:
    said = customer().ask("ask_refund_amount", product="gpu")
    assert "没有找到符合这个说法的订单" in said.text
    assert "我的订单" in said.titles


def test_a_message_without_a_word_is_impatience(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id=BCC)
    for action in ("action_out_of_scope", "action_not_understood"):
        assert BCC in regular.ask("nlu_fallback", text="？", action=action).text


def test_heard_is_no_yes(customer: Make) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", order_id=BCC)
    assert "退订管理" in regular.ask("affirm", text="好的").text
    assert "退订管理" not in regular.ask("affirm", text="知道了").text


def test_somebody_who_objects_is_told_the_grounds_and_who_can_look_again(customer: Make) -> None:
    regular = customer()
    assert "哪个订单" in regular.ask("ask_dispute").text
    regular.ask("ask_refund_amount", order_id="BD20260901007")
    said = regular.ask("ask_dispute")
    assert "不能退" in said.text
    assert "转人工" in said.titles


def test_impatience_in_the_middle_restates_instead_of_greeting(customer: Make) -> None:
    regular = customer()
    assert "您好" in regular.ask("greet").text
    regular.ask("ask_refund_amount", order_id=BCC)
    said = regular.ask("greet")
    assert said.text == (f"还在的。刚才说到云服务器 BCC 订单 {BCC}，没有提交退订。还想了解什么？")
    assert said.titles == ["能退多少", "其它订单", "没有了"]
    again = regular.ask("greet")
    assert again.text != said.text
    assert "转人工" in again.titles


@pytest.mark.parametrize("account", ["A1001", "A1003", "A1004", "A1006", "A1007", "A1008"])
def test_whatever_is_asked_about_whichever_order_gets_a_chinese_answer(
    customer: Make, account: str
) -> None:
    from actions.order_question import QUESTIONS

    for order in get_source().list_orders(account):
        for question in QUESTIONS:
            said = customer(account).ask(question, order_id=order.id)
            assert said.kind == "answer", (question, order.id, said.text)
            assert order.id in said.text or question == "ask_policy"
            assert "None" not in said.text


def test_a_named_order_is_decided_without_deciding_all_the_others(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = customer("A1004")
    decided: list[str] = []
    evaluate = refund_core.evaluate

    def counting(case: RefundCase, *rest: Any) -> Decision:
        decided.append(case.order.id)
        return evaluate(case, *rest)

    monkeypatch.setattr("actions.view.refund_core.evaluate", counting)
    company.ask("ask_refund_amount", order_id="BD20260924401")
    assert decided == ["BD20260924401"]
