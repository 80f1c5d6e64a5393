"""A case is read strictly, written without loss, and described by its published schema."""

import copy
import json
from typing import Any

import jsonschema
import pytest

from refund_core import CaseError, RefundCase
from refund_core.case_schema import case_schema, generate_case_schema

from .samples import instance_case


def test_the_published_schema_is_the_one_the_dataclasses_give() -> None:
    assert case_schema() == generate_case_schema()


def test_the_published_schema_is_a_valid_schema() -> None:
    jsonschema.Draft7Validator.check_schema(case_schema())


def test_a_case_survives_json_without_loss() -> None:
    case = RefundCase.from_json(instance_case())
    again = RefundCase.from_json(json.loads(json.dumps(case.to_json())))
    assert again == case
    jsonschema.validate(case.to_json(), case_schema())


def test_an_instant_in_another_offset_is_the_same_instant() -> None:
    data = instance_case()
    data["order"]["purchased_at"] = "2026-11-14T02:00:00Z"
    assert RefundCase.from_json(data) == RefundCase.from_json(instance_case())


BAD = [
    ("vendor", "Baidu", r"vendor: \"Baidu\" does not fit; allowed: text of 1 to 32"),
    ("order.payments.cash", 280.0, r"order.payments.cash: 280.0 does not fit; allowed: an amount"),
    ("order.payments.cash", "280.001", "at most two decimals"),
    ("order.payments.cash", "-1.00", "at most two decimals"),
    ("order.payments.cash", "１", "at most two decimals"),
    ("order.amount", None, "order.amount: null does not fit"),
    ("order.purchased_at", "2026-11-14T10:00:00", "with its offset"),
    ("order.purchased_at", "2026-02-30T10:00:00+08:00", "with its offset"),
    ("order.purchased_at", "1999-11-14T10:00:00+08:00", "2000-2099"),
    ("order.kind", "lease", "one of new, renewal, upgrade, downgrade, conversion"),
    ("order.kind", ["new"], "one of new"),
    ("order.product.code", "BCC 云", r"order.product.code: .*matching"),
    ("order.term", {"unit": "week", "length": 1}, "order.term.unit: .*one of day, month, year"),
    ("order.term", {"unit": "day", "length": True}, "order.term.length: true .*a whole number"),
    ("order.term", {"unit": "day", "length": 0}, "a whole number from 1 to 3660"),
    ("order.id", "", "order.id: .*text of 1 to 128"),
    ("order.colour", "red", "order.colour: .*a field among id, kind"),
    ("resource.used", "yes", 'resource.used: "yes" does not fit; allowed: true or false'),
    ("resource.unfinished_orders", {}, "resource.unfinished_orders: .*a list"),
    ("resource.unfinished_orders", [{"id": "X"}], r"unfinished_orders\[0\].kind: is missing"),
    ("related_orders", [3], r"related_orders\[0\]: 3 does not fit; allowed: an object"),
    ("account", None, "account: null does not fit; allowed: an object"),
]


def put(data: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        data = data[name]
    data[last] = value


@pytest.mark.parametrize(("path", "value", "message"), BAD)
def test_a_value_that_does_not_fit_is_named_with_its_path(
    path: str, value: Any, message: str
) -> None:
    data = copy.deepcopy(instance_case())
    put(data, path, value)
    with pytest.raises(CaseError, match=message) as caught:
        RefundCase.from_json(data)
    assert caught.value.path.startswith(path.split("[")[0])
    assert not valid_by_schema(data)


def test_a_line_break_after_an_amount_is_not_swallowed() -> None:
    data = instance_case()
    data["order"]["payments"]["cash"] = "1\n"
    with pytest.raises(CaseError, match=r"order.payments.cash: \"1\\n\" does not fit"):
        RefundCase.from_json(data)


@pytest.mark.parametrize("path", ["vendor", "account", "order", "resource"])
def test_a_required_field_that_is_missing_is_named(path: str) -> None:
    data = instance_case()
    del data[path]
    with pytest.raises(CaseError, match=f"^{path}: is missing; allowed: a value"):
        RefundCase.from_json(data)
    assert not valid_by_schema(data)


@pytest.mark.parametrize("data", [None, [], "case", 3])
def test_something_that_is_no_object_is_no_case(data: Any) -> None:
    with pytest.raises(CaseError, match=r"\(top level\)"):
        RefundCase.from_json(data)


def valid_by_schema(data: Any) -> bool:
    checker = jsonschema.FormatChecker()

    @checker.checks("date-time")
    def _instant(text: object) -> bool:
        from refund_core.codec import parse_instant

        try:
            parse_instant(str(text))
        except ValueError:
            return False
        return True

    validator = jsonschema.Draft7Validator(case_schema(), format_checker=checker)
    return bool(validator.is_valid(data))
