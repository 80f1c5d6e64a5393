"""General questions get an answer under every vendor's rules, also where those say nothing."""

from collections.abc import Callable

import pytest

from refund_core import default_policies
from tests.actions.conftest import Customer

Make = Callable[..., Customer]

VENDORS = sorted({policy.doc.vendor for policy in default_policies()})
GENERAL = (
    "ask_policy",
    "ask_refund_process",
    "ask_refund_timing",
    "ask_refund_destination",
    "ask_voucher_refund",
    "ask_invoice_refund",
    "ask_refund_amount",
    "ask_refund_eligibility",
)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("question", GENERAL)
def test_a_visitor_is_told_the_rules_or_that_they_say_nothing(
    customer: Make, vendor: str, question: str
) -> None:
    said = customer(account=None, vendor=vendor).ask(question)
    assert said.kind != "outage", said.text
    assert "依据：" in said.text or "没有写" in said.text
    assert "登录" in said.titles or "转人工" in said.titles


@pytest.mark.parametrize("account", ["A1010", "A1011", "A1012"])
@pytest.mark.parametrize("question", ["ask_refund_process", "ask_voucher_refund", "ask_policy"])
def test_another_vendors_customer_is_never_answered_with_silence(
    customer: Make, account: str, question: str
) -> None:
    vendor = {"A1010": "aliyun", "A1011": "tencent", "A1012": "huawei"}[account]
    said = customer(account=account, vendor=vendor).ask(question)
    assert said.kind != "outage", said.text
    assert "百度" not in said.text


def test_a_topic_the_rules_do_not_mention_is_said_to_be_missing(customer: Make) -> None:
    said = customer(account=None, vendor="ctyun").ask("ask_refund_timing")
    assert "没有写多久到账，请以退订页面显示为准，或转人工确认。" in said.text
