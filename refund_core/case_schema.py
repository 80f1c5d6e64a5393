"""The published JSON Schema of a case, generated from the dataclasses and kept in the package."""

import dataclasses
import json
import typing
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from refund_core.codec import INSTANT_PATTERN, MONEY_PATTERN, optional_type, write

CASE_SCHEMA_FILE = Path(__file__).parent / "schema" / "case.schema.json"


def _simple(tp: Any, meta: Mapping[str, Any]) -> dict[str, Any]:
    if tp is str:
        schema: dict[str, Any] = {
            "type": "string",
            "minLength": meta.get("min_length", 0),
            "maxLength": meta.get("max_length", 4000),
        }
        if "pattern" in meta:
            schema["pattern"] = meta["pattern"]
        return schema
    if tp is bool:
        return {"type": "boolean"}
    if tp is int:
        return {
            "type": "integer",
            "minimum": meta.get("minimum", 0),
            "maximum": meta.get("maximum", 1_000_000),
        }
    if tp is Decimal:
        return {"type": "string", "pattern": meta.get("pattern", MONEY_PATTERN)}
    if tp is datetime:
        return {"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN}
    raise TypeError(f"no JSON Schema for {tp}")


def _schema(tp: Any, meta: Mapping[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    inner = optional_type(tp)
    if inner is not None:
        return {"anyOf": [_schema(inner, meta, definitions), {"type": "null"}]}
    if isinstance(tp, type) and dataclasses.is_dataclass(tp):
        name = tp.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _object(tp, definitions)
        return {"$ref": f"#/definitions/{name}"}
    origin, args = typing.get_origin(tp), typing.get_args(tp)
    if origin is Literal:
        return {"type": "string", "enum": list(args)}
    if origin is tuple:
        return {"type": "array", "items": _schema(args[0], meta, definitions)}
    if origin is not None:
        return {"type": "object", "additionalProperties": _schema(args[1], meta, definitions)}
    return _simple(tp, meta)


def _object(cls: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for item in dataclasses.fields(cls):
        schema = {
            "description": item.metadata["doc"],
            **_schema(hints[item.name], item.metadata, definitions),
        }
        if "$ref" in schema:  # draft 7 ignores whatever stands beside a $ref
            schema = {"description": schema["description"], "allOf": [{"$ref": schema["$ref"]}]}
        if item.default is not dataclasses.MISSING:
            schema["default"] = write(item.default)
        elif item.default_factory is dataclasses.MISSING:
            required.append(item.name)
        properties[item.name] = schema
    return {
        "type": "object",
        "description": (cls.__doc__ or "").splitlines()[0],
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def generate_case_schema() -> dict[str, Any]:
    """Build the JSON Schema of a `RefundCase` from its dataclasses."""
    from refund_core.case import RefundCase

    definitions: dict[str, Any] = {}
    top = _object(RefundCase, definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "RefundCase",
        **top,
        "definitions": definitions,
    }


def case_schema() -> dict[str, Any]:
    """The published JSON Schema of a case, as it stands in the package."""
    schema: dict[str, Any] = json.loads(CASE_SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


def main() -> None:
    """Write the schema file anew: `python -m refund_core.case_schema`."""
    text = json.dumps(generate_case_schema(), ensure_ascii=False, indent=2)
    CASE_SCHEMA_FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
