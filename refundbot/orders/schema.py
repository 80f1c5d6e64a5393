"""Check a document against the published schema, in words its author can act on."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from refundbot.orders.documents import Path

SCHEMA_FILE = FilePath(__file__).with_name("import.schema.json")

_MONEY = 'write yuan as text with at most two decimals, like "280.00"'
_INSTANT = 'write an instant with its offset, like "2026-11-14T10:20:00+08:00"'
_ID = "use 1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit"
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
def load_schema() -> Any:
    """The published JSON Schema of the JSON form."""
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _hints() -> dict[str, str]:
    patterns = {name: part.get("pattern") for name, part in load_schema()["$defs"].items()}
    return {
        patterns["money"]: _MONEY,
        patterns["instant"]: _INSTANT,
        patterns["id"]: _ID,
        patterns["code"]: _CODE,
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
    if rule == "pattern":
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


def schema_problems(data: Any) -> Iterator[tuple[Path, str]]:
    """What does not fit the schema: the path of the value and a message with what is allowed."""
    for error in Draft202012Validator(load_schema()).iter_errors(data):
        path: Path = tuple(error.absolute_path)
        schema: Any = error.schema
        if error.validator == "required":
            # One error a missing field, named only in the text: 'amount' is a required property.
            yield (*path, error.message.split("'")[1]), "is missing"
        elif error.validator == "additionalProperties":
            known = ", ".join(schema["properties"])
            for name in sorted(set(error.instance) - set(schema["properties"])):
                yield (*path, name), f"unknown field; the fields here are {known}"
        else:
            yield path, _describe(error)
