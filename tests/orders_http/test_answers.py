"""With the orders at another service customers and operators get the same answers."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from rasa_sdk.executor import ActionExecutor

from refundbot import orders
from refundbot.cli import main
from refundbot.orders import SqlOrderSource
from refundbot.orders.http_contract import contract
from refundbot.settings import get_settings
from tests.actions.conftest import SECRET, Customer
from tests.orders.documents import NOW
from tests.orders_http.reference import KEY, Reference, saying
from tests.stack import ROOT


@pytest.fixture
def at_the_service(
    service: Reference, url: str, database_source: SqlOrderSource, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Settings that name the reference service."""
    monkeypatch.setenv("REFUNDBOT_ORDERS_API", url)
    monkeypatch.setenv("REFUNDBOT_ORDERS_API_KEY", KEY)
    monkeypatch.setenv("REFUNDBOT_NOW", NOW.isoformat())
    monkeypatch.setenv("REFUNDBOT_INTERNAL_SECRET", SECRET)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()
    orders._service.cache_clear()


@pytest.mark.usefixtures("at_the_service")
class TestCustomers:
    @pytest.fixture(scope="class")
    def customer(self) -> Callable[[str], Customer]:
        executor = ActionExecutor()
        executor.register_package("actions")
        domain: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
        return lambda account: Customer(executor, domain, account)

    def test_the_sum_is_the_one_of_the_orders_facts(
        self, customer: Callable[[str], Customer], service: Reference
    ) -> None:
        said = customer("A1001").ask("ask_refund_amount", order_id="BD20261114001")
        assert "¥186.67" in said.text
        assert service.asked == ["/v1/accounts/A1001/orders"]

    def test_another_customers_order_is_not_theirs(
        self, customer: Callable[[str], Customer]
    ) -> None:
        said = customer("A1002").ask("ask_refund_amount", order_id="BD20261114001")
        assert "没有找到" in said.text
        assert "186.67" not in said.text

    @pytest.mark.parametrize(
        "fault", [saying(status=500), saying(raw=b"<html>"), saying({"orders": [{}], "next": None})]
    )
    def test_a_service_that_fails_is_said_to_be_unavailable(
        self, fault: Any, customer: Callable[[str], Customer], service: Reference
    ) -> None:
        service.fail(fault)
        said = customer("A1001").ask("ask_refund_amount", order_id="BD20261114001")
        assert said.kind == "outage"
        assert "订单系统暂时查不到" in said.text
        assert "转人工" in said.titles


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["orders", *arguments], env={"COLUMNS": "200"})


@pytest.mark.usefixtures("at_the_service")
class TestOperators:
    def test_the_list_and_the_case_come_from_the_service(
        self, database_source: SqlOrderSource
    ) -> None:
        found = json.loads(run("list", "--account", "A1001", "--json").output)
        known = database_source.list_orders("A1001")
        assert [order["id"] for order in found] == [order.id for order in known]
        case = json.loads(run("case", "--account", "A1001", known[0].id).output)
        assert case == known[0].case.to_json()

    def test_a_failing_service_is_named_with_its_setting(
        self, service: Reference, url: str
    ) -> None:
        service.fail(saying(status=500))
        failed = run("list", "--account", "A1001")
        assert failed.exit_code == 1
        assert "the order service does not answer as it should" in failed.output
        assert f"{url} (REFUNDBOT_ORDERS_API)" in failed.output
        assert KEY not in failed.output

    def test_the_contract_is_printed_in_one_piece(self) -> None:
        printed = run("contract")
        assert printed.exit_code == 0
        assert json.loads(printed.output) == contract()
        assert '"$ref": "../' not in printed.output
