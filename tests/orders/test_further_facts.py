"""Facts without a column of their own: stated by the core's names, kept, and decided on."""

import dataclasses
from typing import Any

import pytest

from refund_core import case as core
from refund_core import evaluate
from refundbot.clock import parse_instant
from refundbot.orders import SqlOrderSource, further
from refundbot.orders.case_source import read_cases
from refundbot.orders.models import Account, Order, Resource
from refundbot.orders.schema import load_schema
from tests.orders.documents import NOW, Sessions, document, order
from tests.orders.importer import Importer

ACCOUNT = {
    "currency": "USD",
    "entity_id": "E1",
    "in_arrears": False,
    "framework_contract": True,
    "site": "intl",
}
PRICING = {
    "month_price": "51",
    "discount": "0.83",
    "used_discount": "1",
    "term_discounts": [{"months": 6, "discount": "0.88"}],
    "payg": [
        {"price": "0.42", "up_to_hours": 96},
        {"price": "0.21", "up_to_hours": None},
    ],
    "unit_price": "0.001",
    "part_month_price": "3.5",
}
ORDER = {"quantity": 3, "payment_channel": "alipay", "pricing": PRICING}
RESOURCE = {
    "usage": {"size": "100.5", "used": "3"},
    "deployed": True,
    "ddos_record": False,
    "illegal_content": False,
    "transferred": False,
    "os_changed": True,
    "marketplace_image": False,
    "restored_at": "2026-11-23T08:00:00+08:00",
}
REQUEST = {
    "scope": "downgrade",
    "requested_at": "2026-11-22T08:00:00+08:00",
    "approved_at": None,
    "new_month_price": "40",
    "new_discount": "0.9",
}


def full() -> dict[str, Any]:
    """A document that states every further fact there is."""
    stated = order(
        **ORDER,
        request=REQUEST,
        payments={"cash": "270.00", "cash_coupon": "10.00", "voucher": "20.00"},
        resource={"id": "i-1", "status": "running", **RESOURCE},
    )
    refund = {
        "product_code": "cvm",
        "at": "2026-03-01T10:00:00+08:00",
        "route": "five_day_full",
        "account_id": "B9",
    }
    data = document(stated)
    data["accounts"][0] |= {**ACCOUNT, "past_refunds": [refund]}
    return data


def case_of(source: SqlOrderSource, order_id: str = "BD1") -> core.RefundCase:
    record = source.get_order("B1", order_id)
    assert record is not None
    return record.case


def test_every_fact_of_a_case_reaches_it_under_the_same_name(
    importer: Importer, source: SqlOrderSource
) -> None:
    importer(full())
    case = case_of(source).to_json()
    assert case["currency"] == "USD"
    assert case["site"] == "intl"
    assert {name: case["account"][name] for name in ("entity_id", "in_arrears")} == {
        "entity_id": "E1",
        "in_arrears": False,
    }
    assert case["account"]["framework_contract"] is True
    assert {name: case["order"][name] for name in ORDER} == ORDER
    assert {name: case["resource"][name] for name in RESOURCE} == RESOURCE
    assert case["request"] == REQUEST
    assert case["history"]["refunds"][0]["account_id"] == "B9"
    assert case["order"]["payments"]["cash_coupon"] == "10.00"


def test_cash_coupons_are_paid_money_and_vouchers_are_not(
    importer: Importer, source: SqlOrderSource
) -> None:
    importer(full())
    record = source.get_order("B1", "BD1")
    assert record is not None
    assert (str(record.paid), str(record.cash_coupon)) == ("280.00", "10.00")


def test_a_back_test_reads_the_same_facts(
    importer: Importer, source: SqlOrderSource, database: Any
) -> None:
    importer(full())
    assert list(read_cases(f"sqlite:///{database}")) == [case_of(source)]


@pytest.mark.parametrize(
    ("holder", "kind", "table"),
    [
        ("account", core.Account, Account),
        ("order", core.Order, Order),
        ("resource", core.Resource, Resource),
    ],
)
def test_no_fact_has_two_places(holder: further.Holder, kind: Any, table: Any) -> None:
    columns = {column.name for column in table.__table__.columns}
    assert further.names(holder)
    assert columns.isdisjoint(further.names(holder))
    known = {field.name for field in dataclasses.fields(kind)} | {"request", "currency"}
    assert set(further.names(holder)) <= known


def test_a_column_is_never_shadowed_by_a_further_fact(
    importer: Importer, source: SqlOrderSource, sessions: Sessions
) -> None:
    importer(document(order(resource={"id": "i-1", "status": "running", "used": False})))
    with sessions() as session, session.begin():
        session.get(Order, "BD1").facts = {"amount": "1.00", "status": "refunded"}
        session.get(Account, "B1").facts = {"frozen": True, "id": "B2"}
        resource = session.get(Resource, {"account_id": "B1", "id": "i-1"})
        resource.facts = {"used": True, "status": "released"}
    case = case_of(source)
    assert (str(case.order.amount), case.order.status) == ("300.00", "completed")
    assert (case.account.frozen, case.account.id) == (False, "B1")
    assert (case.resource.used, case.resource.status) == (False, "running")


def test_a_fact_of_a_resource_may_stand_in_any_order_on_it(
    importer: Importer, source: SqlOrderSource
) -> None:
    renewal = order(
        id="BD2",
        kind="renewal",
        resource={"id": "i-1", "status": "running", "transferred": False, "deployed": None},
    )
    first = order(resource={"id": "i-1", "status": "running", "deployed": True})
    importer(document(first, renewal))
    for number in ("BD1", "BD2"):
        resource = case_of(source, number).resource
        assert (resource.deployed, resource.transferred) == (True, False)


def test_contradictory_further_facts_are_refused(importer: Importer) -> None:
    other = order(id="BD2", resource={"id": "i-1", "status": "running", "deployed": False})
    first = order(resource={"id": "i-1", "status": "running", "deployed": True})
    [problem] = importer.problems(document(first, other))
    assert problem.where == "orders[1].resource.deployed"
    assert "contradicts" in problem.message


def test_an_account_stated_again_keeps_what_is_not_mentioned(
    importer: Importer, source: SqlOrderSource
) -> None:
    importer(full())
    again = {"accounts": [{"id": "B1", "name": "测试公司", "in_arrears": True}], "orders": []}
    importer(again)
    account = case_of(source).account
    assert (account.in_arrears, account.entity_id) == (True, "E1")
    importer({"accounts": [{"id": "B1", "name": "测试公司", "in_arrears": None}], "orders": []})
    assert case_of(source).account.in_arrears is None


@pytest.mark.parametrize(
    ("holder", "changes", "where", "message"),
    [
        ("account", {"in_arrears": "no"}, "in_arrears", "use true or false"),
        ("account", {"currency": "EUR"}, "currency", "use CNY, USD"),
        ("account", {"entity_id": "E" * 129}, "entity_id", "use at most 128"),
        ("order", {"quantity": 0}, "quantity", "use at least 1"),
        ("order", {"quantity": "2"}, "quantity", "use a whole number"),
        ("order", {"payment_channel": "cheque"}, "payment_channel", "use balance, alipay"),
        ("order", {"pricing": {"discount": 0.83}}, "pricing.discount", "write a number as text"),
        ("order", {"pricing": {"payg": [{}]}}, "pricing.payg[0].price", "is missing"),
        ("order", {"pricing": {"colour": "1"}}, "pricing.colour", "unknown field; the fields here"),
        ("order", {"request": {"scope": "half"}}, "request.scope", "use resource, renewal"),
        ("order", {"payments": {"cash_coupon": "-1"}}, "payments.cash_coupon", "is negative"),
        ("resource", {"deployed": 1}, "resource.deployed", "use true or false"),
        ("resource", {"usage": {"size": "1"}}, "resource.usage.used", "is missing"),
        ("resource", {"restored_at": "yesterday"}, "resource.restored_at", "with its offset"),
        (
            "resource",
            {"restored_at": "2026-02-30T10:00:00+08:00"},
            "resource.restored_at",
            "an ISO 8601 instant",
        ),
        (
            "order",
            {"pricing": {"payg": [{"price": "0.42\n"}]}},
            "pricing.payg[0].price",
            "a decimal number",
        ),
    ],
)
def test_a_mistake_is_named_with_its_field_and_what_is_allowed(
    importer: Importer, holder: str, changes: dict[str, Any], where: str, message: str
) -> None:
    data = document(order())
    stated = data["orders"][0]
    target = {"account": data["accounts"][0], "order": stated, "resource": stated["resource"]}
    target[holder].update(changes)
    problems = importer.problems(data)
    place = "accounts[0]" if holder == "account" else "orders[0]"
    assert [problem.where for problem in problems] == [f"{place}.{where}"]
    assert message in problems[0].message


def test_the_line_of_a_mistake_deep_inside_is_its_own(importer: Importer) -> None:
    content = (
        '{"accounts": [{"id": "B1", "name": "x", "past_refunds": [\n'
        '{"product_code": "cvm", "at": "2026-03-01T10:00:00+08:00", "route": "x",\n'
        '"account_id": 7}]}], "orders": []}'
    )
    [problem] = importer.problems(content)
    assert (problem.line, problem.where) == (3, "accounts[0].past_refunds[0].account_id")


def test_the_published_schema_describes_every_further_fact() -> None:
    definitions = load_schema()["$defs"]
    assert definitions["Pricing"]["properties"]["payg"]["items"] == {"$ref": "#/$defs/PaygTier"}
    assert set(further.names("order")) <= set(definitions["order"]["properties"])
    assert set(further.names("account")) <= set(definitions["account"]["properties"])


def test_an_order_of_another_vendor_is_decided_on_imported_facts(
    importer: Importer, source: SqlOrderSource
) -> None:
    data = document(
        order(
            product={"code": "cvm", "name": "云服务器 CVM", "category": "instance"},
            purchased_at="2026-11-21T10:00:00+08:00",
            starts_at="2026-11-21T10:00:00+08:00",
            ends_at="2026-12-21T10:00:00+08:00",
        )
    )
    data["accounts"][0] |= {"vendor": "tencent", "past_refunds": []}
    importer(data)
    assert [m.fact for m in evaluate(case_of(source), NOW).missing] == ["account.entity_id"]
    data["accounts"][0]["entity_id"] = "E1"
    importer(data, replace=True)
    decision = evaluate(case_of(source), parse_instant("2026-11-23T10:00:00+08:00"))
    assert (decision.outcome, str(decision.amount)) == ("refundable", "280.00")
