"""A found entity, and which of two overlapping ones stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Span:
    """One entity in a text.

    Attributes:
        entity: its kind, such as ``order_id``.
        start: first character.
        end: one past the last character.
        value: JSON value; its form depends on the kind (see the module of that kind).
        extra: further keys of the Rasa entity, such as ``hint`` of a product.
    """

    entity: str
    start: int
    end: int
    value: Any
    extra: tuple[tuple[str, Any], ...] = ()

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def to_rasa(self, text: str) -> dict[str, Any]:
        """The entity as Rasa's messages hold it, with the words it was read from."""
        return {
            "entity": self.entity,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "text": text[self.start : self.end],
            **dict(self.extra),
        }


def settle(candidates: Iterable[Span]) -> list[Span]:
    """The spans that stand, in the order of the text.

    Candidates come in order of precedence: an earlier one keeps its characters, a later one that
    touches them falls away.
    """
    standing: list[Span] = []
    for span in candidates:
        if not any(span.overlaps(other) for other in standing):
            standing.append(span)
    return sorted(standing, key=lambda span: span.start)
