"""The published contract is what the source asks and the reference service answers."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from refundbot import orders
from refundbot.orders import HttpOrderSource, OrdersUnavailable, SqlOrderSource, get_source
from refundbot.orders.http_contract import ContractBroken, check, contract
from refundbot.settings import SettingsError, get_settings, load_settings
from tests.orders_http.conftest import MakeSource
from tests.orders_http.reference import Reference


def operations() -> dict[str, Any]:
    return {path: item["get"] for path, item in contract()["paths"].items()}


def test_every_path_of_the_contract_is_asked_and_nothing_else(
    service: Reference, source: HttpOrderSource
) -> None:
    source.get_account("A1001")
    source.list_orders("A1001")
    source.get_order("A1001", "BD20261114001")
    patterns = [re.sub(r"\{\w+\}", "[^/]+", path) for path in operations()]
    met = [
        next(pattern for pattern in patterns if re.fullmatch(f"/v1{pattern}", path))
        for path in service.asked
    ]
    assert sorted(met) == sorted(patterns)


def test_the_parameters_of_a_second_page_are_those_of_the_contract(
    service: Reference, make_source: MakeSource
) -> None:
    service.page_size = 10
    make_source().list_orders("A1004")
    sent = {
        part.split("=")[0] for url in service.asked for part in url.partition("?")[2].split("&")
    }
    parameters = operations()["/accounts/{account_id}/orders"]["parameters"]
    assert sent - {""} == {"after"}
    assert {item.get("name") for item in parameters} >= {"after"}


def test_every_schema_is_a_schema_and_every_reference_leads_somewhere() -> None:
    document = contract()
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        ).is_valid({})
    for reference in references(document):
        place: Any = document
        assert reference.startswith("#/")
        for step in reference[2:].split("/"):
            place = place[step]


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [found for item in part for found in references(item)]
    if not isinstance(part, dict):
        return []
    mine = [part["$ref"]] if "$ref" in part else []
    return mine + [found for item in part.values() for found in references(item)]


def test_the_file_points_at_the_rule_cores_own_schema(contract_file: Path) -> None:
    (outside,) = re.findall(r"\$ref: (\.\S+)", contract_file.read_text(encoding="utf-8"))
    assert (contract_file.parent / outside).resolve().name == "case.schema.json"
    assert (contract_file.parent / outside).is_file()


def test_the_examples_keep_the_contract() -> None:
    page = operations()["/accounts/{account_id}/orders"]["responses"]["200"]
    check(page["content"]["application/json"]["example"], "OrderPage")
    account = operations()["/accounts/{account_id}"]["responses"]["200"]
    check(account["content"]["application/json"]["example"], "CustomerAccount")
    missing = contract()["components"]["responses"]["NotFound"]
    check(missing["content"]["application/json"]["example"], "NotFound")


def test_a_broken_contract_is_named_by_place_and_rule_without_the_value() -> None:
    with pytest.raises(
        ContractBroken, match=r"CustomerAccount\.kind breaks the rule 'enum'"
    ) as bad:
        check({"id": "A1", "name": "张三", "vendor": "baidu", "kind": "机密"}, "CustomerAccount")
    assert "机密" not in str(bad.value)


class TestSettings:
    API = "REFUNDBOT_ORDERS_API"
    KEY = "REFUNDBOT_ORDERS_API_KEY"

    @pytest.fixture(autouse=True)
    def _fresh(self) -> Any:
        get_settings.cache_clear()
        yield
        get_settings.cache_clear()

    def test_with_an_address_the_service_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(self.API, "https://orders.example.com/v1/")
        monkeypatch.setenv(self.KEY, "k1")
        source = get_source()
        assert isinstance(source, HttpOrderSource)
        assert orders.get_source() is source

    def test_without_one_the_database_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(self.API, raising=False)
        monkeypatch.setenv(self.KEY, "unused")
        assert isinstance(get_source(), SqlOrderSource)
        assert get_settings().orders_api_key == ""

    def test_the_settings_hold_address_and_key(self) -> None:
        settings = load_settings({self.API: "https://orders.example.com/v1/", self.KEY: " k1 "})
        assert settings.orders_api == "https://orders.example.com/v1"
        assert settings.orders_api_key == "k1"

    @pytest.mark.parametrize("key", ["", "  ", "two words", "秘密", "line\nbreak"])
    def test_a_missing_or_impossible_key_is_refused_by_name(self, key: str) -> None:
        with pytest.raises(SettingsError, match=self.KEY) as refused:
            load_settings({self.API: "https://orders.example.com", self.KEY: key})
        assert not key.strip() or key not in str(refused.value)

    @pytest.mark.parametrize(
        "address", ["orders.example.com", "https://me:pass@orders.example.com", "http://x/?a=1"]
    )
    def test_an_address_that_is_none_is_refused(self, address: str) -> None:
        with pytest.raises(SettingsError, match=self.API) as refused:
            load_settings({self.API: address, self.KEY: "k1"})
        assert "pass@" not in str(refused.value)


def test_nobody_at_the_address_is_an_outage_for_whoever_asks(make_source: MakeSource) -> None:
    with pytest.raises(OrdersUnavailable):
        make_source(address="http://127.0.0.1:1/v1").get_account("A1001")
