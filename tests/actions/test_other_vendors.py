"""A customer of 阿里云 points at orders in the words of that vendor."""

from collections.abc import Callable

from refundbot.clock import format_interval, parse_instant
from tests.actions.conftest import Customer
from tests.stack import NOW

Make = Callable[..., Customer]
AT = parse_instant(NOW)
NEW, USED, UNKNOWN, PACK = (
    "AL20261123101",
    "AL20261111102",
    "AL20261121104",
    "AL20261121105",
)


def test_the_order_is_found_by_vendor_machine_and_age(owner: Customer) -> None:
    ago = format_interval(parse_instant("2026-11-23T09:18:00+08:00"), AT.replace(hour=9, minute=29))
    said = owner.ask("ask_refund_amount", vendor="aliyun", category="instance", purchase_time=ago)
    assert NEW in said.text


def test_a_machine_is_no_pack(owner: Customer) -> None:
    said = owner.ask("ask_refund_amount", category="instance")
    assert said.kind == "choice"
    assert "资源包" not in said.text
    assert "云服务器 ECS" in said.text


def test_a_server_is_found_by_the_word_for_it_whatever_its_vendor_calls_it(
    owner: Customer,
) -> None:
    said = owner.ask("ask_refund_amount", product="rds")
    assert UNKNOWN in said.text


def test_another_vendors_order_is_not_looked_for_here(customer: Make, owner: Customer) -> None:
    regular = customer()
    said = regular.ask("ask_refund_amount", vendor="aliyun", category="instance")
    assert said.text == (
        "您登录的是百度智能云账号，这里只能查百度智能云的订单；阿里云的订单请登录阿里云控制台查询。"
    )
    assert "可能要退的订单" in owner.ask("ask_refund_amount", vendor="aliyun").text


def test_a_machine_is_not_the_pack_that_was_spoken_of(owner: Customer) -> None:
    owner.ask("ask_refund_amount", order_id=PACK)
    said = owner.ask("ask_refund_amount", category="instance")
    assert said.kind == "choice"
    assert PACK not in said.text


def test_a_machine_may_be_the_one_that_was_spoken_of(owner: Customer) -> None:
    owner.ask("ask_refund_amount", order_id=USED)
    assert USED in owner.ask("ask_refund_amount", category="instance").text


def test_other_vendors_customers_are_not_sent_to_documents_of_baidu(owner: Customer) -> None:
    said = owner.ask("faq", text="怎么开发票")
    assert "阿里云控制台" in said.text
    assert "百度" not in said.text
