"""Turning a policy's `when` lists into tests.

A condition is the name of a predicate (`used`), a name with its parameter
(`category: [usage_pack]`), or `not:` / `any:` / `all:` around conditions. A `when` list holds
when every condition in it holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from refund_core import predicates, predicates_resource  # noqa: F401  -- they register themselves
from refund_core.catalogue import CATALOGUE, Predicate
from refund_core.codec import ShapeError
from refund_core.context import Context
from refund_core.verdict import Verdict, all_of, any_of, negate

Test = Callable[[Context], Verdict]


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition of a `when` list in a comparable form, for the checks at loading."""

    name: str
    negated: bool
    values: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled `when` list."""

    test: Test
    atoms: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What a condition may refer to inside its policy."""

    windows: frozenset[str]
    quotas: frozenset[str]


def compile_when(when: tuple[Any, ...], path: str, names: Names) -> Condition:
    """Compile a `when` list.

    Raises:
        ShapeError: a predicate or its parameter is not known; the path names the condition.
    """
    parts = [_compile(item, f"{path}[{index}]", names) for index, item in enumerate(when)]
    return Condition(_conjunction([part.test for part in parts]), _atoms(parts))


def _conjunction(tests: list[Test]) -> Test:
    if not tests:
        return lambda ctx: True
    if len(tests) == 1:
        return tests[0]

    def holds(ctx: Context) -> Verdict:
        unsure: list[Verdict] = []
        for test in tests:
            verdict = test(ctx)
            if verdict is False:  # the common case, kept short
                return False
            if verdict is not True:
                unsure.append(verdict)
        return all_of(unsure)

    return holds


def _atoms(parts: list[Condition]) -> tuple[Atom, ...]:
    return tuple(atom for part in parts for atom in part.atoms)


def _compile(item: Any, path: str, names: Names) -> Condition:
    if isinstance(item, str):
        return _predicate(item, None, path, names)
    if isinstance(item, Mapping) and len(item) == 1:
        ((name, value),) = item.items()
        if name in ("not", "any", "all"):
            return _combine(name, value, f"{path}.{name}", names)
        return _predicate(str(name), value, f"{path}.{name}", names)
    raise ShapeError(path, item, "a predicate's name, or one name with its parameter")


def _combine(name: str, value: Any, path: str, names: Names) -> Condition:
    if name == "not":
        inner = _compile(value, path, names)
        test = inner.test
        atoms: tuple[Atom, ...] = ()
        if len(inner.atoms) == 1:
            atom = inner.atoms[0]
            atoms = (Atom(atom.name, not atom.negated, atom.values),)
        return Condition(lambda ctx: negate(test(ctx)), atoms)
    if not isinstance(value, list) or not value:
        raise ShapeError(path, value, "a list of conditions")
    parts = [_compile(entry, f"{path}[{index}]", names) for index, entry in enumerate(value)]
    tests = [part.test for part in parts]
    if name == "any":
        return Condition(lambda ctx: any_of([test(ctx) for test in tests]), ())
    return Condition(_conjunction(tests), _atoms(parts))


def _predicate(name: str, value: Any, path: str, names: Names) -> Condition:
    found = CATALOGUE.get(name)
    if found is None:
        known = ", ".join(sorted(CATALOGUE))
        raise ShapeError(path, name, f"a predicate among {known}; or not, any, all")
    parameter = _parameter(found, value, path, names)
    test = found.test
    values = parameter if isinstance(parameter, frozenset) else None
    if isinstance(parameter, str):
        values = frozenset((parameter,))
    if name == "window_closed":  # comparable with its opposite
        return Condition(lambda ctx: test(ctx, parameter), (Atom("window_open", True, values),))
    return Condition(lambda ctx: test(ctx, parameter), (Atom(name, False, values),))


def _parameter(found: Predicate, value: Any, path: str, names: Names) -> Any:
    kind = found.parameter
    if kind == "none":
        if value is not None:
            raise ShapeError(path, value, f"nothing: {found.name} takes no parameter")
        return None
    if kind in ("choices", "codes"):
        return _choices(found, value, path)
    if kind == "number":
        if type(value) is not int:
            raise ShapeError(path, value, "a whole number")
        return value
    known = names.windows if kind == "window" else names.quotas
    if value not in known:
        raise ShapeError(path, value, f"a key of `{kind}s`: {', '.join(sorted(known)) or 'none'}")
    return value


def _choices(found: Predicate, value: Any, path: str) -> frozenset[str]:
    if not isinstance(value, list) or not value:
        raise ShapeError(path, value, "a list with at least one value")
    for index, entry in enumerate(value):
        if not isinstance(entry, str) or (found.choices and entry not in found.choices):
            allowed = "one of " + ", ".join(found.choices) if found.choices else "text"
            raise ShapeError(f"{path}[{index}]", entry, allowed)
    return frozenset(value)


def exclude_each_other(first: Condition, second: Condition) -> bool:
    """Whether the two can plainly never both hold."""
    for one in first.atoms:
        for other in second.atoms:
            if one.name != other.name:
                continue
            if one.negated != other.negated:
                holds, fails = (other, one) if one.negated else (one, other)
                # What holds for some of the values contradicts what fails for all of them.
                if (holds.values or frozenset()) <= (fails.values or frozenset()):
                    return True
            both_sets = not one.negated and not other.negated and CATALOGUE[one.name].choices
            if both_sets and not (one.values or frozenset()) & (other.values or frozenset()):
                return True
    return False
