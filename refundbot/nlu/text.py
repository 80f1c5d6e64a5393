"""Bringing a customer's text into one form, so that the same wish looks the same.

Pure functions; the order of the steps matters. Customers' words are never thrown away: Rasa
keeps the raw text in the user event, and `refundbot.nlu.normalizer` keeps it beside the result.
"""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from refundbot.nlu.slang import apply_slang

# A longer message is cut to its head and tail: a question stands at either end of a long paste.
HEAD_CHARACTERS = 400
TAIL_CHARACTERS = 200

COMMAND_PREFIX = "/"

_DROPPED_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn"}
_BROKEN = "\ufffd"  # what a decoder leaves in place of bytes that are not UTF-8
_BREAKS = {"\n", "\r", "\t", "\v", "\f", "\u2028", "\u2029", "\u0085"}
_SPACES = re.compile(r"\s+")
_REPEATED_MARKS = re.compile(r"([^\w\s])\1+")
_REPEATED_CHARACTERS = re.compile(r"([\u4e00-\u9fff])\1{2,}")
_REPEATED_LETTERS = re.compile(r"([A-Za-z])\1{3,}")
_LAUGHS = frozenset("哈呵嘿嘻呜")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\u180b-\u180d]")


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def to_simplified(text: str) -> str:
    """Traditional characters to simplified ones."""
    return str(_converter().convert(text))


def drop_invisible(text: str) -> str:
    """Line breaks to spaces; control, format, private-use and broken characters away."""
    kept = []
    for char in text:
        if char in _BREAKS:
            kept.append(" ")
        elif char != _BROKEN and unicodedata.category(char) not in _DROPPED_CATEGORIES:
            kept.append(char)
    return _VARIATION_SELECTORS.sub("", "".join(kept))


def squeeze(text: str) -> str:
    """Repeated marks, characters and letters to one, laughter to two, blanks to one."""
    text = _REPEATED_MARKS.sub(r"\1", text)
    text = _REPEATED_CHARACTERS.sub(
        lambda m: m.group(1) * (2 if m.group(1) in _LAUGHS else 1), text
    )
    text = _REPEATED_LETTERS.sub(r"\1", text)
    return _SPACES.sub(" ", text).strip()


def cut(text: str) -> str:
    """A long text to its head and tail, 600 characters at most."""
    if len(text) <= HEAD_CHARACTERS + TAIL_CHARACTERS:
        return text
    return text[:HEAD_CHARACTERS] + text[-TAIL_CHARACTERS:]


def without_command_prefix(text: str) -> str:
    """The text without leading slashes, so that nothing typed reads as a command to Rasa."""
    text = text.strip()
    while text.startswith(COMMAND_PREFIX):
        text = text[len(COMMAND_PREFIX) :].strip()
    return text


def normalize(text: str) -> str:
    """One form for all spellings of a typed text; never starts with ``/``; may be empty.

    Full-width to half-width, traditional to simplified, invisible characters away, repetitions
    squeezed, slang and common typing errors replaced (``data/slang.yml``).
    """
    text = cut(drop_invisible(text))
    text = unicodedata.normalize("NFKC", text)
    text = cut(squeeze(to_simplified(drop_invisible(text))))
    return without_command_prefix(squeeze(apply_slang(text)))
