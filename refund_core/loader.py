"""Reading policy files. Errors name file, line and key, and say what is allowed."""

from pathlib import Path
from typing import Any

import yaml

from refund_core import checks, codec, inherit
from refund_core.builder import Builder
from refund_core.codec import ShapeError
from refund_core.policy import Policy, PolicyError
from refund_core.policy_doc import PolicyDoc

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the fast C loader has no types
    """YAML without guesses: dates and numbers with a point stay text, keys may not repeat."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float")
    ]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}


def _mapping(loader: Any, node: Any, deep: bool = False) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen and key.value != "<<":
            line = key.start_mark.line + 1
            raise PolicyError(f"line {line}: key {key.value!r} is there twice; keep one of them")
        seen.add(key.value)
    result: dict[Any, Any] = yaml.SafeLoader.construct_mapping(loader, node, deep=True)
    return result


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> Any:
    """Parse a YAML file strictly.

    Raises:
        PolicyError: the file cannot be read or is not YAML; names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: cannot be read: {error}") from None
    except PolicyError as error:
        raise PolicyError(f"{path}, {error}") from None
    except yaml.YAMLError as error:
        raise PolicyError(f"{path}: is not YAML: {error}") from None


def load_policy(path: Path) -> Policy:
    """Read, compile and check one policy file.

    Raises:
        PolicyError: it does not fit; names file, line, key and what is allowed.
    """
    data = inherit.resolve(path, read_yaml)
    try:
        policy = Builder(codec.read(PolicyDoc, data)).build()
    except ShapeError as error:
        raise PolicyError(f"{_place(path, error.path)}: {error}") from None
    problems = [f"{_place(path, where)}: {where}: {what}" for where, what in checks.check(policy)]
    if problems:
        raise PolicyError("\n".join(problems))
    return policy


def _place(path: Path, key: str) -> str:
    """File and line of a key path such as routes[2].when[0].category."""
    line = line_of(path.read_text(encoding="utf-8"), key)
    return f"{path}, line {line}"


def item_lines(text: str) -> list[int]:
    """The line of each item of a YAML list; none of an empty text."""
    root = yaml.compose(text, Loader=_Loader)
    return [] if root is None else [item.start_mark.line + 1 for item in root.value]


def line_of(text: str, key: str) -> int:
    """The line of a key path in a YAML text; of the deepest part that is there."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 1
    for part in filter(None, key.replace("[", ".[").split(".")):
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: Any, part: str) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and part.startswith("["):
        index = int(part.strip("[]"))
        if index < len(node.value):
            child = node.value[index]
            return child.start_mark.line + 1, child
    return None
