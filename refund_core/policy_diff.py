"""What differs between two policies, key by key; rules are compared by their code or id."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from refund_core import codec
from refund_core.policy import Policy

_NAMES = ("code", "id", "topic")


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that differs; None stands for a key that is not there."""

    key: str
    before: Any
    after: Any


def differences(before: Policy, after: Policy) -> list[Difference]:
    """Every key that differs, in the order of the file. Empty when the rules are the same."""
    return list(_compare("", codec.write(before.doc), codec.write(after.doc)))


def _compare(key: str, before: Any, after: Any) -> Iterator[Difference]:
    before, after = _named(before), _named(after)
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*before, *after]):
            path = f"{key}.{name}" if key else str(name)
            yield from _compare(path, before.get(name), after.get(name))
    elif before != after:
        yield Difference(key, before, after)


def _named(value: Any) -> Any:
    """A list of rules as a mapping by code or id, so that an inserted rule moves nothing."""
    if not isinstance(value, list) or not value:
        return value
    if not all(isinstance(item, dict) for item in value):
        return value
    for name in _NAMES:
        names = [item.get(name) for item in value]
        if None not in names and len(set(names)) == len(names):
            return {item[name]: item for item in value}
    return value


def shown(value: Any) -> str:
    """A value in short, for a table."""
    if value is None:
        return "—"
    if isinstance(value, dict):
        text = value.get("text") or value.get("label") or "、".join(map(str, value))
        return str(text)
    if isinstance(value, list):
        return "、".join(shown(item) for item in value) or "（空）"
    return str(value)
