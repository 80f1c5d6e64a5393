"""Lists: turning pages in words and by button, and what several orders come to together."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from refund_core.decision import Decision
from refund_core.wording import money
from refundbot.orders import get_source
from tests.actions.conftest import Customer, Said

Make = Callable[..., Customer]
COMPANY = "A1004"  # 16 orders, 9 of which may be returned
NUMBERS = ["1", "2", "3", "4", "5"]


def press(customer: Customer, said: Said, title: str) -> Said:
    """Press a button of ours, as the gateway would send its payload."""
    return customer.press(next(b for b in said.buttons if b["title"] == title))


class TestTurningPages:
    @pytest.mark.parametrize("words", ["下一页", "还有吗", "更多", "后面的呢", "再看几个"])
    def test_the_next_page_is_a_word_away_and_its_numbers_go_on(
        self, customer: Make, words: str
    ) -> None:
        company = customer(COMPANY)
        company.ask("list_orders", text="我的订单")
        said = company.ask("list_orders", text=words)
        assert "第 2/4 页" in said.text
        assert said.titles[:5] == ["6", "7", "8", "9", "10"]

    def test_back_again_and_no_further(self, customer: Make) -> None:
        company = customer(COMPANY)
        first = company.ask("list_orders", text="我的订单")
        company.ask("list_orders", text="下一页")
        assert company.ask("list_orders", text="上一页").text == first.text
        before = company.ask("list_orders", text="上一页")
        assert before.text.startswith("前面没有了")
        assert "第 1/4 页" in before.text

    @pytest.mark.parametrize(
        ("words", "place"),
        [
            ("第3页", "第 3/4 页"),
            ("第二页", "第 2/4 页"),
            ("最后一页", "第 4/4 页"),
            ("首页", "第 1/4 页"),
        ],
    )
    def test_a_page_is_named(self, customer: Make, words: str, place: str) -> None:
        company = customer(COMPANY)
        company.ask("list_orders", text="我的订单")
        company.ask("list_orders", text="下一页")
        assert place in company.ask("list_orders", text=words).text

    def test_the_end_is_said(self, customer: Make) -> None:
        company = customer(COMPANY)
        company.ask("list_orders", text="我的订单")
        company.ask("list_orders", text="最后一页")
        said = company.ask("list_orders", text="下一页")
        assert said.text.startswith("后面没有了，这已经是最后一页。")
        assert "下一页" not in said.titles
        assert "上一页" in said.titles

    def test_words_and_buttons_turn_the_same_pages(self, customer: Make) -> None:
        company = customer(COMPANY)
        by_button = press(company, company.ask("list_orders", text="我的订单"), "下一页")
        other = customer(COMPANY)
        other.ask("list_orders", text="我的订单")
        assert other.ask("list_orders", text="下一页").text == by_button.text

    def test_pages_of_what_may_be_returned_stay_with_it(self, customer: Make) -> None:
        company = customer(COMPANY)
        company.ask("list_orders", text="哪些可以退")
        said = company.ask("list_orders", text="下一页")
        assert "8 个可能要退的订单（第 2/2 页）" in said.text

    def test_a_place_counts_over_the_pages(self, customer: Make) -> None:
        company = customer(COMPANY)
        company.ask("list_orders", text="我的订单")
        company.ask("list_orders", text="下一页")
        seventh = get_source().list_orders(COMPANY)[6].id
        for ordinal, wanted in ((7, seventh), (-1, get_source().list_orders(COMPANY)[9].id)):
            said = company.ask("inform", action="action_follow_up", ordinal=ordinal)
            assert wanted in said.text

    def test_a_product_named_is_what_is_listed(self, customer: Make) -> None:
        said = customer(COMPANY).ask("list_orders", text="哪些服务器可以退", product="bcc")
        assert "您名下有 3 个可能要退的订单：" in said.text

    def test_without_a_list_the_next_page_is_the_first_one(self, customer: Make) -> None:
        assert "第 1/4 页" in customer(COMPANY).ask("list_orders", text="下一页").text

    def test_a_pick_list_has_pages_and_keeps_its_question(self, customer: Make) -> None:
        company = customer(COMPANY)
        said = company.ask("ask_refund_amount")
        assert said.titles == [*NUMBERS, "下一页", "都算一下"]
        said = company.ask("list_orders", text="下一页")
        assert "是哪一个" in said.text
        assert said.titles[:3] == ["6", "7", "8"]
        assert company.slots["pending_question"] == "ask_refund_amount"
        said = company.ask("inform", action="action_follow_up", ordinal=6)
        assert said.decision is not None

    def test_an_order_that_is_not_in_the_list_is_no_longer_talked_about(
        self, customer: Make
    ) -> None:
        regular = customer()
        regular.ask("ask_refund_amount", order_id="BD20260901007")
        regular.ask("list_orders", only="refundable")
        assert regular.ask("ask_refund_amount").kind == "choice"


class TestSeveralOrders:
    def test_a_resource_counts_once_however_many_orders_it_has(self, customer: Make) -> None:
        company = customer(COMPANY)
        company.ask("list_orders", text="我的订单")
        said = company.ask("ask_refund_amount", ordinal="all")
        by_resource: dict[str | None, Decimal] = {}
        applied = {"BD20261115415"}
        for order in get_source().list_orders(COMPANY):
            decision = next(
                Decision.from_json(d) for d in said.decisions if d["order_id"] == order.id
            )
            if decision.outcome == "refundable" and order.id not in applied:
                assert decision.amount is not None
                by_resource[order.resource_id] = decision.amount
        assert f"合计可退 {money(sum(by_resource.values(), Decimal(0)))}" in said.text
        assert said.text.count("只算一次") == 2

    def test_an_order_being_returned_is_said_and_not_added(self, customer: Make) -> None:
        said = customer(COMPANY).ask("list_orders", text="我的订单")
        assert "正在退款（RF20261122003）" in said.text

    def test_all_of_them_are_led_to_their_own_pages_and_nothing_is_submitted(
        self, customer: Make
    ) -> None:
        regular = customer()
        regular.ask("ask_refund_amount")
        said = regular.ask("apply_refund", text="全部退了吧", ordinal="all")
        assert "需要您在退订页面逐个确认后才会提交" in said.text
        assert said.titles == [
            *(f"去确认退第 {n} 个" for n in (1, 2, 3)),
            "先不退",
            "转人工",
        ]
        assert all("/refund/BD2026" in b["url"] for b in said.buttons[:3])

    def test_a_purchase_and_its_renewals_are_no_choice(self, customer: Make) -> None:
        said = customer(COMPANY).ask("ask_refund_amount", product="rds")
        assert said.kind == "answer"
        assert "合计 ¥427.36" in said.text

    def test_after_several_orders_no_old_one_is_meant(self, customer: Make) -> None:
        regular = customer()
        regular.ask("ask_refund_amount", order_id="BD20261118003")
        regular.ask("ask_refund_amount", ordinal="all")
        assert regular.ask("ask_refund_amount").kind == "choice"


class TestPicking:
    def test_a_bare_word_answers_which_one(self, customer: Make) -> None:
        regular = customer()
        regular.ask("ask_refund_amount")
        said = regular.ask("inform", action="action_follow_up", text="便宜的")
        assert "¥50.00" in said.text
        said = regular.ask("inform", action="action_follow_up", text="那贵的呢")
        assert "¥186.67" in said.text

    def test_which_one_is_not_asked_twice_in_the_same_words(self, customer: Make) -> None:
        regular = customer()
        first = regular.ask("ask_refund_amount")
        again = regular.ask("inform", action="action_follow_up", text="就那个嘛")
        assert again.text.split("\n")[0] != first.text.split("\n")[0]
        assert "转人工" in again.titles

    def test_a_place_that_is_not_there_is_said(self, customer: Make) -> None:
        regular = customer()
        regular.ask("ask_refund_amount")
        said = regular.ask("inform", action="action_follow_up", ordinal=9)
        assert said.text.startswith("没有第 9 个，一共 3 个")

    def test_the_second_of_a_list_nobody_has_seen_is_asked_about(self, customer: Make) -> None:
        said = customer().ask("ask_refund_amount", ordinal=2)
        assert said.kind == "choice"
        assert said.text.startswith("还没有列出订单")

    def test_a_general_question_in_between_is_answered_and_the_list_stays(
        self, customer: Make
    ) -> None:
        regular = customer()
        regular.ask("ask_refund_amount")
        said = regular.ask("ask_refund_process", text="怎么退")
        assert said.text.startswith("自助退订：")
        assert said.titles[:3] == ["1", "2", "3"]

    def test_why_not_offers_those_that_cannot_be_returned(self, customer: Make) -> None:
        said = customer().ask("ask_rejection_reason", text="凭什么不给退")
        assert "4 个不能直接退的订单" in said.text
        assert "¥280.00" not in said.text
