"""The JSON form of an import file."""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import yaml

from refundbot.orders.documents import Document, ImportRejected, Path, Problem, dotted

# The one in C is ten times faster; PyYAML's wheels have it, a build without libyaml has not.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _json_line(text: str) -> Callable[[Path], int]:
    """Lines by path, from PyYAML's node marks; composed only once something is wrong.

    Any tab in valid JSON outside an escape is white space, and YAML wants blanks there.
    """

    @lru_cache(maxsize=1)
    def root() -> Any:
        try:
            return yaml.compose(text.replace("\t", " "), Loader=_LOADER)
        except (yaml.YAMLError, RecursionError):
            return None

    def line(path: Path) -> int:
        node = root()
        found = node.start_mark.line + 1 if node else 1
        for part in path:
            child = _child(node, part)
            if child is None:
                break
            node = child
            found = node.start_mark.line + 1
        return int(found)

    return line


def _child(node: Any, part: str | int) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    return None


def read_json(text: str) -> Document:
    """Read the JSON form.

    Raises:
        ImportRejected: not JSON (with the line), or an object names a key twice.
    """
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = [key for key, _ in items]
            repeated.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return found

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    try:
        data = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg} (column {error.colno})"
        raise ImportRejected([Problem(error.lineno, "", message)]) from None
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else str(error)
        raise ImportRejected([Problem(1, "", f"not JSON: {reason}")]) from None
    if repeated:
        lines = text.splitlines()
        problems = [
            Problem(_second_line(lines, key), key, "the same key twice in one object")
            for key in dict.fromkeys(repeated)
        ]
        raise ImportRejected(problems)
    return Document(data, _json_line(text), dotted)


def _second_line(lines: list[str], key: str) -> int:
    hits = [n for n, line in enumerate(lines, 1) for _ in range(line.count(json.dumps(key)))]
    return hits[1] if len(hits) > 1 else 1
