"""What we publish about imports is true."""

import re
import typing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from refund_core import case
from refundbot import orders
from refundbot.orders import SqlOrderSource
from refundbot.orders.importing import import_document, read_document
from refundbot.orders.schema import load_schema
from tests.orders.documents import NOW, Sessions

README = Path(orders.__file__).with_name("README.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_json_and_csv_examples_give_the_same_order(
    sessions: Sessions, source: SqlOrderSource, tmp_path: Path
) -> None:
    records = []
    for language in ("json", "csv"):
        file = tmp_path / f"example.{language}"
        file.write_text(example(language), encoding="utf-8")
        import_document(sessions, read_document(file), NOW, replace=True)
        records.append(source.get_order("C2001", "BD20261101999"))
    assert records[0] is not None
    assert records[0] == records[1]


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(load_schema())


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        (("order", "kind"), case.OrderKind),
        (("order", "status"), case.OrderStatus),
        (("order", "billing_mode"), case.BillingMode),
        (("order", "product", "category"), case.Category),
        (("order", "term", "unit"), case.TermUnit),
        (("order", "promotion", "kind"), case.PromotionKind),
        (("order", "promotion", "refund_clause"), case.RefundClause),
        (("order", "resource", "status"), case.ResourceStatus),
        (("account", "site"), case.Site),
    ],
)
def test_an_import_knows_the_codes_the_rule_core_knows(where: tuple[str, ...], codes: Any) -> None:
    part = load_schema()["$defs"][where[0]]
    for name in where[1:]:
        part = part["properties"][name]
    assert part["enum"] == list(typing.get_args(codes))
