"""The one door to jionlp: quiet on import, and silent about what it cannot parse."""

import contextlib
import io
import logging
from functools import lru_cache
from types import ModuleType


@lru_cache(maxsize=1)
def library() -> ModuleType:
    """The library, imported on first use; it prints a banner otherwise."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        import jionlp
        from jionlp.gadget import time_parser

    # It logs a traceback for every expression it gives up on, although it then carries on.
    time_parser.logging = logging.getLogger("jionlp")
    time_parser.logging.setLevel(logging.CRITICAL)
    return jionlp


def syllables(text: str) -> list[str]:
    """The sound of each character, without tones; what is not Chinese stays as it is.

    Homophones share a syllable: 款 and 宽 are both ``kuan``.
    """
    sounds = library().pinyin(text, formater="simple")  # with the tone as a digit: kuan3
    return [
        sound[:-1] if sound[:1].isalpha() and sound[-1:].isdigit() else sound for sound in sounds
    ]
