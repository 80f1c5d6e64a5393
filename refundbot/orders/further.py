"""Facts of a case that have no column of their own: which there are, and what they must look like.

The names and the forms are the rule core's (`refund-core schema`). Whatever a case holds and
`import.schema.json` does not describe is a further fact: an import may state it beside the others,
and it is kept as given in the JSON column `facts` of the account, the order, the resource or the
past refund. So a fact has one place only, and a fact new to the core needs no table.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any, Literal

from refund_core import case as core
from refund_core.case_schema import case_schema
from refund_core.codec import ShapeError, read_field
from refundbot.orders.documents import Path

SCHEMA_FILE = FilePath(__file__).with_name("import.schema.json")

Holder = Literal["account", "order", "resource", "past_refund"]
# What the core calls a holder, and the facts of the case itself that are stated there.
_CORE: dict[Holder, tuple[type, tuple[str, ...]]] = {
    "account": (core.Account, ("currency",)),
    "order": (core.Order, ("request",)),
    "resource": (core.Resource, ()),
    "past_refund": (core.PastRefund, ()),
}


def _own(schema: dict[str, Any], holder: Holder) -> dict[str, Any]:
    """What the import schema says of a holder."""
    definitions = schema["$defs"]
    places = {
        "account": definitions["account"],
        "order": definitions["order"],
        "resource": definitions["order"]["properties"]["resource"],
        "past_refund": definitions["account"]["properties"]["past_refunds"]["items"],
    }
    part: dict[str, Any] = places[holder]
    return part


def _published() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


@lru_cache(maxsize=4)
def names(holder: Holder) -> tuple[str, ...]:
    """The further facts of a holder, by the core's names, in the core's order."""
    kind, of_case = _CORE[holder]
    described = _own(_published(), holder)["properties"]
    fields = [field.name for field in dataclasses.fields(kind)]
    return tuple(name for name in (*fields, *of_case) if name not in described)


def split(holder: Holder, given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What has a place in the tables, and the further facts; null ones stay among them."""
    known = names(holder)
    facts = {name: value for name, value in given.items() if name in known}
    return {name: value for name, value in given.items() if name not in known}, facts


def merged(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """Facts after further ones were stated; one stated as null is not known any more."""
    facts = {**(old or {}), **new}
    return {name: value for name, value in facts.items() if value is not None}


def problems(holder: Holder, given: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Further facts of the right shape that the core refuses, such as 30 February."""
    kind, of_case = _CORE[holder]
    _, facts = split(holder, given)
    for name, value in facts.items():
        try:
            read_field(core.RefundCase if name in of_case else kind, name, value)
        except ShapeError as error:
            path = tuple(int(part) if part.isdigit() else part for part in _parts(error.path))
            yield path, f"{json.dumps(error.value)} does not fit; use {error.allowed}"


def _parts(dotted: str) -> list[str]:
    return re.findall(r"\w+", dotted)


@lru_cache(maxsize=1)
def load_schema() -> Any:
    """The published JSON Schema of an import, further facts and all."""
    schema = _published()
    case = case_schema()
    definitions = case["definitions"]
    for holder, (kind, of_case) in _CORE.items():
        described = _own(schema, holder)["properties"]
        for name in names(holder):
            place = case if name in of_case else definitions[kind.__name__]
            described[name] = _moved(place["properties"][name], definitions, schema["$defs"])
    return schema


def _moved(part: Any, definitions: dict[str, Any], target: dict[str, Any]) -> Any:
    """A part of the case schema with what it refers to put among our own definitions."""
    if isinstance(part, list):
        return [_moved(item, definitions, target) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        if name not in target:
            target[name] = {}
            target[name] = _moved(definitions[name], definitions, target)
        return {"$ref": f"#/$defs/{name}"}
    return {key: _moved(value, definitions, target) for key, value in part.items()}
