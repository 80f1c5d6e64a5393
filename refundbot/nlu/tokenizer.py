"""Tokenizer for Chinese text about orders and refunds.

Longest match against a word list (`data/terms.txt` and every product name); what no word covers
becomes one token a character, a run of Latin letters or digits one token. No token is blank, ids
such as BD20261114001 stay whole, and nothing is logged, cached on disk or loaded from outside.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from refundbot.nlu.entities.products import load_catalogue

TERMS_FILE = Path(__file__).parent / "data" / "terms.txt"

_LATIN = r"[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*"
_OTHER = r"[^\s]"


def read_terms(text: str) -> list[str]:
    """The words of a word list: one a line, ``#`` starts a comment."""
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    words = set(read_terms(TERMS_FILE.read_text(encoding="utf-8")))
    words.update(name for name in load_catalogue().names if not name.isascii())
    ordered = sorted(words, key=lambda word: (-len(word), word))
    known = "|".join(re.escape(word) for word in ordered)
    return re.compile(f"{known}|{_LATIN}|{_OTHER}", re.IGNORECASE)


def split_words(text: str) -> list[tuple[int, str]]:
    """Start and text of each token, in order."""
    return [(match.start(), match.group(0)) for match in _pattern().finditer(text)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChineseTokenizer(Tokenizer):
    """Graph component around `split_words`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own tokenizer settings; intents are not split."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of one attribute of a message."""
        return [Token(word, start) for start, word in split_words(message.get(attribute))]
