"""A policy file that only says what differs from another: `extends: <file beside it>`.

The versions of one vendor's rules share most of their text. A file that extends another holds its
own values on top: mappings are merged key by key (null takes a key away), lists of things with a
`code` or an `id` are merged thing by thing (`drop: true` takes one away), other lists replace.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from refund_core.policy import PolicyError

_KEY = "extends"
_NAMES = ("code", "id")


def resolve(path: Path, read: Callable[[Path], Any]) -> Any:
    """The contents of a policy file with what it extends.

    Args:
        path: the file.
        read: reads one YAML file.

    Raises:
        PolicyError: the file that is extended is no file beside this one, or extends it in turn.
    """
    return _resolve(path, read, ())


def _resolve(path: Path, read: Callable[[Path], Any], seen: tuple[Path, ...]) -> Any:
    data = read(path)
    if not isinstance(data, dict) or _KEY not in data:
        return data
    name = data.pop(_KEY)
    base = path.parent / str(name)
    if not isinstance(name, str) or base.parent != path.parent or not base.is_file():
        raise PolicyError(f"{path}: {_KEY}: {name!r} is not the name of a file in its folder")
    if base in (*seen, path):
        raise PolicyError(f"{path}: {_KEY}: {name!r} extends this file in turn")
    return merge(_resolve(base, read, (*seen, path)), data)


def merge(base: Any, over: Any) -> Any:
    """`over` on top of `base`; neither is changed."""
    if isinstance(base, dict) and isinstance(over, dict):
        merged = {**base}
        for key, value in over.items():
            if value is None:
                merged.pop(key, None)
            else:
                merged[key] = merge(base[key], value) if key in base else value
        return merged
    if isinstance(base, list) and isinstance(over, list):
        name = _name_of(base) or _name_of(over)
        if name is not None and _name_of(over) in (None, name):
            return _merge_named(base, over, name)
    return over


def _name_of(items: list[Any]) -> str | None:
    """What the things of a list are told apart by; None when they have no name."""
    for name in _NAMES:
        if items and all(isinstance(item, dict) and name in item for item in items):
            return name
    return None


def _merge_named(base: list[Any], over: list[Any], name: str) -> list[Any]:
    merged = {item[name]: item for item in base}
    for item in over:
        key = item[name]
        if item.get("drop") is True:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged[key], item) if key in merged else item
    return list(merged.values())
