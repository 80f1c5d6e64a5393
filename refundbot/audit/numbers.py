"""Numbers of decisions: short, in the order of time, and fit to be read out on the telephone."""

import secrets
import threading
from datetime import datetime

# Crockford's Base32: no I, L, O, U, so nothing can be taken for another sign.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_LENGTH = 15
_RANDOM_BITS = 30


class Numbers:
    """Makes numbers: milliseconds, then chance; two of one process are always in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def new(self, at: datetime) -> str:
        """The next number, for a decision told at ``at`` (aware)."""
        milliseconds = int(at.timestamp() * 1000)
        value = (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            self._last = max(value, self._last + 1)
            value = self._last
        return "".join(_ALPHABET[(value >> 5 * place) & 31] for place in reversed(range(_LENGTH)))


def shown(number: str) -> str:
    """The number in groups of five, as people read it: ``01KAR-6XQ0C-8T2M4``."""
    return "-".join(number[start : start + 5] for start in range(0, len(number), 5))


def canonical(text: str) -> str:
    """What somebody typed as the stored form: groups, small letters and O for 0 are fine."""
    return text.upper().translate(_MISREAD)
