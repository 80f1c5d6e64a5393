"""The contract of an order service, `openapi.yaml`, and whether an answer keeps it."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from refund_core.case_schema import case_schema

CONTRACT_FILE = Path(__file__).with_name("openapi.yaml")
Part = Literal["CustomerAccount", "AccountOrder", "OrderPage", "NotFound"]
_SCHEMAS = "#/components/schemas/"


class ContractBroken(Exception):  # noqa: N818 -- says what happened
    """An answer is not what the contract says; the message names the place, never the value."""


@lru_cache(maxsize=1)
def contract() -> dict[str, Any]:
    """The OpenAPI 3.1 document in one piece, with the rule core's case schema inside."""
    document: dict[str, Any] = yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))
    case = case_schema()
    definitions = case.pop("definitions")
    schemas = document["components"]["schemas"]
    del case["$schema"]
    schemas["RefundCase"] = _renamed(case)
    for name, schema in definitions.items():
        schemas[f"Case{name}"] = _renamed(schema)
    return document


def _renamed(schema: Any) -> Any:
    """The schema with its references pointing to where the definitions now stand."""
    if isinstance(schema, dict):
        return {
            key: value.replace("#/definitions/", f"{_SCHEMAS}Case")
            if key == "$ref"
            else _renamed(value)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_renamed(item) for item in schema]
    return schema


@lru_cache(maxsize=8)
def _validator(part: Part) -> Draft202012Validator:
    return Draft202012Validator(
        {"$ref": f"{_SCHEMAS}{part}", "components": contract()["components"]}
    )


def check(data: Any, part: Part) -> None:
    """Check a parsed answer against one schema of the contract.

    Raises:
        ContractBroken: it does not fit; the message holds the path and the rule, not the value,
            because values are customers' data and the message goes to the log.
    """
    error = best_match(_validator(part).iter_errors(data))
    if error is not None:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.path)
        # These two messages name fields only.
        names = error.validator in ("required", "additionalProperties")
        detail = f": {error.message}" if names else ""
        raise ContractBroken(f"{part}{where} breaks the rule {error.validator!r}{detail}")
