"""The register of conditions a policy can name. Each says yes, no, or which fact is missing.

A predicate reads facts only; every number and every choice comes from the policy as its
parameter. `CATALOGUE` is what `docs/policies.md` lists and what the loader checks names against.
"""

import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from refund_core.context import Context
from refund_core.verdict import Verdict

Test = Callable[[Context, Any], Verdict]
ParameterKind = Literal["none", "choices", "window", "quota", "number", "codes"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A named condition: what it tests and what parameter it takes."""

    name: str
    test: Test
    parameter: ParameterKind
    doc: str
    choices: tuple[str, ...] = ()


CATALOGUE: dict[str, Predicate] = {}


def predicate(parameter: ParameterKind = "none", choices: Any = None) -> Callable[[Test], Test]:
    """Register a test under its own name."""

    def register(test: Test) -> Test:
        name = test.__name__
        allowed = typing.get_args(choices) if choices is not None else ()
        doc = (test.__doc__ or "").strip()
        CATALOGUE[name] = Predicate(name, test, parameter, doc, allowed)
        return test

    return register
