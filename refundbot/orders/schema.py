"""Check a document against the published schema, in words its author can act on."""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from refund_core.codec import DECIMAL_PATTERN, INSTANT_PATTERN
from refundbot.orders.documents import Path
from refundbot.orders.further import load_schema

__all__ = ["load_schema", "schema_problems", "show"]

_MONEY = 'write yuan as text with at most two decimals, like "280.00"'
_INSTANT = 'write an instant with its offset, like "2026-11-14T10:20:00+08:00"'
_ID = "use 1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit"
_NUMBER = 'write a number as text, like "0.83"'
_CODE = "use a code of small letters, digits, dashes or underscores, like bcc"
_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
}


@lru_cache(maxsize=1)
def _hints() -> dict[str, str]:
    patterns = {name: part.get("pattern") for name, part in load_schema()["$defs"].items()}
    return {
        patterns["money"]: _MONEY,
        patterns["instant"]: _INSTANT,
        patterns["id"]: _ID,
        patterns["code"]: _CODE,
        DECIMAL_PATTERN: _NUMBER,
        INSTANT_PATTERN: _INSTANT,
    }


def show(value: Any) -> str:
    """A value for a message, cut to a readable length."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _money_fault(value: Any) -> str:
    if not isinstance(value, str):
        return "is a number, not text"
    if value.startswith("-"):
        return "is negative"
    whole, _, fraction = value.partition(".")
    if whole.isdigit() and fraction.isdigit() and len(fraction) > 2:
        return "has more than two decimals"
    return "is not an amount"


def _describe(error: ValidationError) -> str:
    value: Any = error.instance
    allowed: Any = error.validator_value
    schema: Any = error.schema
    rule = error.validator
    hint = _hints().get(schema.get("pattern", ""))
    if hint == _MONEY and rule in ("type", "pattern"):
        return f"{show(value)} {_money_fault(value)}; {_MONEY}"
    if hint and rule in ("type", "pattern"):
        return f"{show(value)} does not fit; {hint}"
    if rule == "enum":
        return f"{show(value)} is not allowed; use {', '.join(map(str, allowed))}"
    if rule == "type":
        kinds = [allowed] if isinstance(allowed, str) else allowed
        return f"{show(value)} does not fit; use {' or '.join(_TYPES[kind] for kind in kinds)}"
    if rule in ("minLength", "maxLength"):
        bound = "at least" if rule == "minLength" else "at most"
        return f"{len(value)} characters; use {bound} {allowed}"
    if rule in ("minimum", "maximum"):
        bound = "at least" if rule == "minimum" else "at most"
        return f"{show(value)} does not fit; use {bound} {allowed}"
    return str(error.message)


def _plain(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Errors with "this or null" taken apart: what the value that is not null lacks."""
    for error in errors:
        if error.validator == "anyOf":
            yield from _plain(part for part in error.context if part.schema_path[0] == 0)
        else:
            yield error


def schema_problems(data: Any) -> Iterator[tuple[Path, str]]:
    """What does not fit the schema: the path of the value and a message with what is allowed."""
    for error in _plain(Draft202012Validator(load_schema()).iter_errors(data)):
        path: Path = tuple(error.absolute_path)
        schema: Any = error.schema
        if error.validator == "required":
            # One error a missing field, named only in the text: 'amount' is a required property.
            yield (*path, error.message.split("'")[1]), "is missing"
        elif error.validator == "additionalProperties":
            value: Any = error.instance
            known = ", ".join(schema["properties"])
            for name in sorted(set(value) - set(schema["properties"])):
                yield (*path, name), f"unknown field; the fields here are {known}"
        else:
            yield path, _describe(error)
