"""Three-valued truth: yes, no, or unknown with the facts that are missing (Kleene's logic)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither yes nor no: the named facts are missing from the case."""

    facts: tuple[str, ...]


Verdict = bool | Unknown


class MissingFactError(Exception):
    """A sum needs facts the case does not hold; the engine answers "a person must decide"."""

    def __init__(self, *facts: str) -> None:
        self.facts = facts
        super().__init__(", ".join(facts))


def known(value: bool | None, fact: str) -> Verdict:
    """The value itself, or unknown when it is null."""
    return Unknown((fact,)) if value is None else value


def negate(verdict: Verdict) -> Verdict:
    """Not: unknown stays unknown."""
    return verdict if isinstance(verdict, Unknown) else not verdict


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """And: one no decides; else any unknown makes it unknown."""
    missing: list[str] = []
    for verdict in verdicts:
        if isinstance(verdict, Unknown):
            missing.extend(verdict.facts)
        elif not verdict:
            return False
    return Unknown(tuple(dict.fromkeys(missing))) if missing else True


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Or: one yes decides; else any unknown makes it unknown."""
    missing: list[str] = []
    for verdict in verdicts:
        if isinstance(verdict, Unknown):
            missing.extend(verdict.facts)
        elif verdict:
            return True
    return Unknown(tuple(dict.fromkeys(missing))) if missing else False
