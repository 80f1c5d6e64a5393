"""Complaints, telephone numbers, documents: said from the policy data, or said not to be in it."""

from collections.abc import Callable, Iterator

import pytest

from actions import complaint, materials
from actions.ask import Ask, Memory
from actions.mentions import Mentions
from refundbot.clock import parse_instant
from tests.actions.conftest import Customer
from tests.stack import NOW

Make = Callable[..., Customer]
BCC = "BD20261114001"
PERSON = "客服会核对您的订单、给过的结论和规则依据"


def ask_of(vendor: str, text: str) -> Ask:
    return Ask(
        conversation="c",
        account=None,
        vendor=vendor,
        text=text,
        intent="handoff",
        intents=("handoff",),
        clauses=(),
        ranking=(),
        mentions=Mentions(),
        memory=Memory(),
        as_of=parse_instant(NOW),
    )


@pytest.mark.parametrize("text", ["我要投诉", "我要举报你们", "打12315", "找工信部", "我要起诉"])
def test_a_complaint_is_told_what_the_person_does_and_no_invented_route(
    customer: Make, text: str
) -> None:
    said = customer().ask("handoff", text=text)
    assert PERSON in said.text
    assert "现行退订规则没有写明投诉渠道" in said.text
    assert "handoff" in said.custom, "a person is called all the same"


def test_a_route_that_a_source_names_is_told_with_its_source() -> None:
    lines = complaint.lines(ask_of("aliyun", "我要投诉"))
    assert "上海市通信管理局" in lines[-1]
    assert "第三方文章" in lines[-1]
    assert "依据：" in lines[-1]


def test_a_plain_wish_for_a_person_is_not_lectured(customer: Make) -> None:
    assert PERSON not in customer().ask("handoff", text="转人工").text


def test_a_telephone_number_is_not_invented(customer: Make) -> None:
    said = customer().ask("handoff", text="客服电话多少")
    assert "没有可以核实的客服电话" in said.text
    assert not any(len(run) > 6 for run in _digits(said.text))


def _digits(text: str) -> Iterator[str]:
    return iter("".join(c if c.isdigit() else " " for c in text).split())


def test_why_a_person_must_decide_is_a_question(customer: Make) -> None:
    suspected = customer("A1006")
    suspected.ask("ask_refund_amount", product="bcc")
    said = suspected.ask("handoff", text="为什么要人工")
    assert "疑似异常" in said.text
    assert "handoff" not in said.custom


@pytest.mark.parametrize("text", ["需要什么材料", "要上传证明吗", "要营业执照吗", "准备哪些资料"])
def test_no_document_is_named_where_the_rules_name_none(customer: Make, text: str) -> None:
    said = customer().ask("ask_refund_process", text=text, order_id=BCC)
    assert said.text.startswith("退订规则没有列出要提交的材料")
    assert "1. 打开控制台" in said.text


def test_documents_for_a_review_come_from_the_review_plan_with_its_source(customer: Make) -> None:
    said = customer("A1006").ask("ask_refund_process", text="要什么材料", product="cdn")
    assert "由审核人员告诉您" in said.text
    assert "请补齐订单截图、实例状态截图等材料" in said.text
    assert "来源：阿里云服务器退款指南（第三方文章）" in said.text


def test_an_order_that_cannot_be_returned_needs_no_documents(customer: Make) -> None:
    said = customer().ask("ask_refund_process", text="要什么材料", order_id="BD20260901007")
    assert said.text.startswith("这个订单不能退")


def test_a_visitor_is_told_too(customer: Make) -> None:
    said = customer(None).ask("ask_refund_process", text="退款要什么材料")
    assert said.text.startswith("退订规则没有列出要提交的材料")


def test_what_a_third_party_asks_for_is_not_passed_off_as_the_vendors_rule() -> None:
    said = materials.in_general(ask_of("aliyun", "要什么材料"))
    assert "退订规则没有列出要提交的材料" in said.text
    assert "另供参考，不是官方规则：（第三方文章）" in said.text


def test_how_to_return_it_without_papers_stays_short(customer: Make) -> None:
    said = customer().ask("ask_refund_process", text="怎么退", order_id=BCC)
    assert "材料" not in said.text
