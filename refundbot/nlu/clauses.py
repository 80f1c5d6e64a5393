"""Cutting a message that asks several things into its clauses."""

import re
from dataclasses import dataclass

MAX_CLAUSES = 5
MIN_CHARACTERS = 2

_BREAK = re.compile(
    r"[,。.!?;~…、]+(?!\d)|\s+|(?=另外|还有(?!没|其|别|几|多)|顺便|以及|然后(?!呢)|再问)"
)


@dataclass(frozen=True)
class Clause:
    """A piece of a message: its characters ``start`` to ``end``."""

    text: str
    start: int
    end: int


def split_clauses(text: str) -> list[Clause]:
    """The clauses of a normalised text, at most `MAX_CLAUSES`; the last takes what is left.

    A piece of one character (对, 好) is kept with the piece after it. A dot or comma inside a
    number is no break.
    """
    clauses: list[Clause] = []
    start = 0
    cuts = [(match.start(), match.end()) for match in _BREAK.finditer(text)]
    for left, right in [*cuts, (len(text), len(text))]:
        piece = text[start:left]
        lead = len(piece) - len(piece.lstrip())
        body = piece.strip()
        last = left == len(text)
        if not last and (len(body) < MIN_CHARACTERS or len(clauses) == MAX_CLAUSES - 1):
            if not body:
                start = right
            continue
        if body:
            clauses.append(Clause(body, start + lead, start + lead + len(body)))
        start = right
    return clauses
