"""便宜的、早买的: an answer to "which one", read against the list it answers."""

import re
from dataclasses import replace

from actions.ask import Ask
from actions.mentions import Mentions

_RANKS = (
    (re.compile(r"便宜|[小少低]的"), "cheapest"),
    (re.compile(r"贵|[大多高]的"), "most_expensive"),
    (re.compile(r"[新近]的|[新后]买"), "newest"),
    (re.compile(r"[早旧老]的|[早先]买"), "oldest"),
)
# 贵的呢, and nothing else, still points at the list when the question was answered.
_ALONE = re.compile(
    r"(?:那|那么|要|看|我要|换|换成)?.{1,3}的(?:那|那个|那台|那单)?[呢吧啊嘛]?[。.？?！!]*"
)


def read_against_list(ask: Ask) -> Mentions:
    """The mentions of a message; after a pick list, a bare 贵的 points at an order of it."""
    if ask.mentions.any or not ask.memory.candidates:
        return ask.mentions
    if ask.memory.pending_question is None and not _ALONE.fullmatch(ask.text.strip()):
        return ask.mentions
    rank = next((rank for words, rank in _RANKS if words.search(ask.text)), None)
    return replace(ask.mentions, ordinal=rank)
