"""Slang, net speech and typing errors to the plain words, from ``data/slang.yml``."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

SLANG_FILE = Path(__file__).parent / "data" / "slang.yml"


class SlangError(ValueError):
    """The slang file has an entry that cannot be used."""


@dataclass(frozen=True)
class Slang:
    """A compiled slang table.

    Attributes:
        whole: replacement for a message that is nothing but this word.
        pattern: any of the spellings to replace, longest first, or None for an empty table.
        words: replacement by lower-case spelling.
    """

    whole: dict[str, str]
    pattern: re.Pattern[str] | None
    words: dict[str, str]

    def apply(self, text: str) -> str:
        """The text with every known spelling replaced once."""
        alone = self.whole.get(text.strip(" .!?~,。！？～，").lower())
        if alone is not None:
            return alone
        if self.pattern is None:
            return text
        return self.pattern.sub(self._replacement, text)

    def _replacement(self, match: re.Match[str]) -> str:
        return self.words[re.sub(r"\s+", "", match.group(0).lower())]


def _alternative(word: str, guard: str) -> str:
    """Pattern of one spelling; Latin letters need an edge, `guard` characters must not follow."""
    pattern = r"\s?".join(re.escape(char) for char in word)
    if re.match(r"[a-z0-9]", word):
        pattern = r"(?<![A-Za-z0-9/@._-])" + pattern
    if re.search(r"[a-z0-9]$", word):
        pattern += r"(?![A-Za-z0-9]|[./@_-][A-Za-z0-9])"
    if not re.search(r"[a-z0-9]", word):
        pattern = re.escape(word)
    if guard:
        pattern += f"(?![{re.escape(guard)}])"
    return pattern


def compile_slang(table: dict[str, dict[str, str]]) -> Slang:
    """Compile the three sections ``whole``, ``words`` and ``not_before``.

    Raises:
        SlangError: an unknown section, or an entry that is not text to text.
    """
    unknown = set(table) - {"whole", "words", "not_before"}
    if unknown:
        raise SlangError(f"unknown section {sorted(unknown)}; use whole, words, not_before")
    for section, entries in table.items():
        for key, value in (entries or {}).items():
            if not isinstance(key, str) or not isinstance(value, str) or not key:
                raise SlangError(f"{section}: {key!r}: {value!r} is not text to text; quote both")
    words = {key.lower(): value for key, value in (table.get("words") or {}).items()}
    guards = table.get("not_before") or {}
    stray = set(guards) - set(words)
    if stray:
        raise SlangError(f"not_before: {sorted(stray)} are not among the words")
    ordered = sorted(words, key=lambda word: (-len(word), word))
    joined = "|".join(_alternative(word, guards.get(word, "")) for word in ordered)
    return Slang(
        whole={key.lower(): value for key, value in (table.get("whole") or {}).items()},
        pattern=re.compile(joined, re.IGNORECASE) if joined else None,
        words=words,
    )


@lru_cache(maxsize=1)
def load_slang() -> Slang:
    """The table shipped with the package."""
    return compile_slang(yaml.safe_load(SLANG_FILE.read_text(encoding="utf-8")) or {})


def apply_slang(text: str) -> str:
    """Replace the spellings of ``data/slang.yml``."""
    return load_slang().apply(text)
