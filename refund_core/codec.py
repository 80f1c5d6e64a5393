"""JSON in and out of frozen dataclasses, and the JSON Schema that describes them.

One declaration (the dataclass) gives the reader, the writer and the schema, so the three cannot
drift apart. Readers are built once per class; an error names path, value and what is allowed.
"""

import dataclasses
import json
import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar, Union, cast
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

T = TypeVar("T")
Reader = Callable[[Any, str], Any]
Writer = Callable[[Any], Any]
Schema = dict[str, Any]

INSTANT_PATTERN = (
    r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})$"
)
# Amounts of money; other decimals (discounts, unit prices, quantities) give their own pattern.
MONEY_PATTERN = r"^[0-9]{1,12}(\.[0-9]{1,2})?$"
DECIMAL_PATTERN = r"^[0-9]{1,12}(\.[0-9]{1,12})?$"

_INSTANT = re.compile(INSTANT_PATTERN)
_INSTANT_ALLOWED = (
    "an ISO 8601 instant of 2000-2099 with its offset, like 2026-11-23T10:00:00+08:00"
)


class ShapeError(ValueError):
    """A JSON value does not fit: names the field path, the value and what is allowed."""

    def __init__(self, path: str, value: object, allowed: str) -> None:
        self.path = path
        self.value = value
        self.allowed = allowed
        super().__init__(f"{path or '(top level)'}: {_show(value)}; allowed: {allowed}")


class _Absent:
    """Stands for a field that is not there at all."""


ABSENT = _Absent()


def _show(value: object) -> str:
    if isinstance(value, _Absent):
        return "is missing"
    text = json.dumps(value, ensure_ascii=False, default=repr)
    if len(text) > 80:
        text = text[:77] + "..."
    return f"{text} does not fit"


def about(doc: str, default: Any = dataclasses.MISSING, **rules: Any) -> Any:
    """A dataclass field with its description and its limits (pattern, minimum, max_length)."""
    metadata = {"doc": doc, **rules}
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    if isinstance(default, dict):
        return dataclasses.field(default_factory=dict, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant with offset; the result is in Asia/Shanghai.

    Raises:
        ValueError: not an instant of the years 2000-2099, or without offset.
    """
    if not _INSTANT.match(text):
        raise ValueError(f"{text!r} is not {_INSTANT_ALLOWED}")
    # Python 3.10 reads neither "Z" nor fractions of other than 3 or 6 digits.
    cleaned = text.replace("Z", "+00:00")
    head, dot, tail = cleaned.partition(".")
    if dot:
        digits = re.match(r"[0-9]+", tail)
        assert digits is not None  # the pattern demands digits after the point
        cleaned = f"{head}.{digits.group().ljust(6, '0')}{tail[digits.end() :]}"
    return datetime.fromisoformat(cleaned).astimezone(SHANGHAI)


def _read_instant(value: Any, path: str) -> datetime:
    if isinstance(value, str):
        try:
            return parse_instant(value)
        except ValueError:
            pass
    raise ShapeError(path, value, _INSTANT_ALLOWED)


def _read_date(value: Any, path: str) -> date:
    if isinstance(value, str) and re.match(r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ShapeError(path, value, "a date of 2000-2099, like 2026-11-23")


def _decimal_reader(meta: Mapping[str, Any]) -> Reader:
    pattern = re.compile(meta.get("pattern", MONEY_PATTERN))
    allowed = meta.get("allowed") or (
        'an amount written as a string with at most two decimals, like "280.00"'
        if pattern.pattern == MONEY_PATTERN
        else f"a decimal number written as a string, matching {pattern.pattern}"
    )

    def read(value: Any, path: str) -> Decimal:
        if isinstance(value, str) and pattern.match(value) and "\n" not in value:
            return Decimal(value)
        raise ShapeError(path, value, allowed)

    return read


def _text_reader(meta: Mapping[str, Any]) -> Reader:
    pattern = re.compile(meta["pattern"]) if "pattern" in meta else None
    low, high = meta.get("min_length", 0), meta.get("max_length", 4000)
    allowed = f"text of {low} to {high} characters" + (
        f" matching {pattern.pattern}" if pattern else ""
    )

    def read(value: Any, path: str) -> str:
        if (
            isinstance(value, str)
            and low <= len(value) <= high
            and (pattern is None or (pattern.match(value) and "\n" not in value))
        ):
            return value
        raise ShapeError(path, value, allowed)

    return read


def _integer_reader(meta: Mapping[str, Any]) -> Reader:
    low, high = meta.get("minimum", 0), meta.get("maximum", 1_000_000)

    def read(value: Any, path: str) -> int:
        if type(value) is int and low <= value <= high:
            return value
        raise ShapeError(path, value, f"a whole number from {low} to {high}")

    return read


def _read_flag(value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    raise ShapeError(path, value, "true or false")


def _choice_reader(choices: tuple[Any, ...]) -> Reader:
    allowed = "one of " + ", ".join(str(choice) for choice in choices)
    known = frozenset(choices)

    def read(value: Any, path: str) -> Any:
        if isinstance(value, str) and value in known:
            return value
        raise ShapeError(path, value, allowed)

    return read


def _list_reader(item: Reader) -> Reader:
    def read(value: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise ShapeError(path, value, "a list")
        return tuple(item(entry, f"{path}[{index}]") for index, entry in enumerate(value))

    return read


def _mapping_reader(item: Reader) -> Reader:
    def read(value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ShapeError(path, value, "an object")
        return {str(key): item(entry, f"{path}.{key}") for key, entry in value.items()}

    return read


def optional_type(tp: Any) -> Any | None:
    """The inner type of `X | None`, or None when `tp` is not optional."""
    if typing.get_origin(tp) in (Union, types.UnionType):
        inner = [arg for arg in typing.get_args(tp) if arg is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"{tp} is not supported: only `X | None` unions are")
        return inner[0]
    return None


def _reader(tp: Any, meta: Mapping[str, Any]) -> Reader:
    inner = optional_type(tp)
    if inner is not None:
        read_inner = _reader(inner, meta)
        return lambda value, path: None if value is None else read_inner(value, path)
    if isinstance(tp, type) and dataclasses.is_dataclass(tp):
        return lambda value, path: read(tp, value, path)
    origin, args = typing.get_origin(tp), typing.get_args(tp)
    if origin is Literal:
        return _choice_reader(args)
    if origin is tuple:
        return _list_reader(_reader(args[0], meta))
    if origin is not None:
        return _mapping_reader(_reader(args[1], meta))
    simple: dict[Any, Callable[[], Reader]] = {
        str: lambda: _text_reader(meta),
        bool: lambda: _read_flag,
        int: lambda: _integer_reader(meta),
        Decimal: lambda: _decimal_reader(meta),
        datetime: lambda: _read_instant,
        date: lambda: _read_date,
        Any: lambda: lambda value, path: value,
    }
    return simple[tp]()


_FIELDS: dict[type, dict[str, tuple[Reader, bool]]] = {}


def _fields(cls: type) -> dict[str, tuple[Reader, bool]]:
    known = _FIELDS.get(cls)
    if known is not None:
        return known
    hints = typing.get_type_hints(cls)
    result = _FIELDS[cls] = {
        item.name: (
            _reader(hints[item.name], item.metadata),
            item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING,
        )
        for item in dataclasses.fields(cast(Any, cls))
    }
    return result


def read(cls: type[T], data: Any, path: str = "") -> T:
    """Read a JSON object into the dataclass `cls`.

    Raises:
        ShapeError: a field is unknown, missing, or holds what is not allowed.
    """
    if not isinstance(data, dict):
        raise ShapeError(path, data, "an object")
    fields = _fields(cls)
    prefix = f"{path}." if path else ""
    for name in data:
        if name not in fields:
            known = "a field among " + ", ".join(fields)
            raise ShapeError(f"{prefix}{name}", data[name], known)
    values: dict[str, Any] = {}
    for name, (reader, required) in fields.items():
        if name in data:
            values[name] = reader(data[name], f"{prefix}{name}")
        elif required:
            raise ShapeError(f"{prefix}{name}", ABSENT, "a value; this field is required")
    return cls(**values)


def read_field(cls: type, name: str, value: Any) -> Any:
    """Read one field of the dataclass `cls` by itself, the way `read` does.

    Raises:
        ShapeError: the value is not what the field allows.
        KeyError: `cls` has no such field.
    """
    return _fields(cls)[name][0](value, name)


def write(value: Any) -> Any:
    """The JSON form of a dataclass, amount, instant, list or mapping; nothing is lost."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):  # instants too
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [write(item) for item in value]
    if isinstance(value, Mapping):
        return {key: write(item) for key, item in value.items()}
    return {item.name: write(getattr(value, item.name)) for item in dataclasses.fields(value)}
