"""What a customer types, made harmless before anything reads it.

Rasa reads a text that begins with ``/`` as an intent with slots. Only buttons of ours may do
that, so typed text loses its invisible characters and every slash that stands at its head.
"""

import re
import unicodedata

MAX_LENGTH = 500  # characters of one message; a longer one is answered, never read

# Whitespace that carries no meaning for the reader becomes one blank.
_BLANKS = re.compile(r"[\s\u3000]+")
# U+FF0F is the one character that compatibility normalisation turns into "/"; its cousins stay
# out as well, so that a later normaliser with another table opens no hole.
_SLASHES = frozenset("/／⁄∕╱⧸\\＼")
# Parts of an emoji sequence that are not symbols by themselves.
_EMOJI_GLUE = frozenset("\u200d\ufe0f\ufe0e\u20e3")


def clean(text: str) -> str:
    """The typed text without control, invisible and unassigned characters, blanks folded."""
    kept = [
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character)[0] != "C"
    ]
    return _BLANKS.sub(" ", "".join(kept)).strip()


def inert(text: str) -> str:
    """The cleaned text with every slash before its first letter or digit taken away.

    ``／refund{"order_id":"X"}`` becomes ``refund{"order_id":"X"}``: still readable as a
    question about order X, no longer an instruction. Slashes further in stay.
    """
    cleaned = clean(text)
    head = 0
    while head < len(cleaned) and not cleaned[head].isalnum():
        head += 1
    lead = "".join(character for character in cleaned[:head] if character not in _SLASHES)
    return (lead + cleaned[head:]).strip()


def says_nothing(text: str) -> bool:
    """Whether a cleaned text has no letter, digit, or punctuation to answer: emoji only."""
    meaningful = [c for c in text if not c.isspace() and c not in _EMOJI_GLUE]
    return bool(text.strip()) and all(
        unicodedata.category(c) in {"So", "Sk", "Mn", "Me", "Cn"} or 0x1F000 <= ord(c) <= 0x1FAFF
        for c in meaningful
    )
