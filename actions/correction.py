"""不对，是另一个: the order just spoken of is not the one meant."""

import re
from dataclasses import replace

from actions.ask import Ask
from actions.base import Answer
from actions.follow_up import follow_up
from actions.mentions import Mentions

_WRONG_ONE = re.compile(r"(?:不对|不是|错了|[弄搞说看选点]错|另外?[一那的]|别的)")
# 不用了、先不退: no word against the order spoken of.
_NOT_NOW = re.compile(r"不用|不要|不退|不需要|不必|不撤|算了|没有了")


def is_correction(ask: Ask) -> bool:
    """Whether a no is about the order spoken of: 不是这个、不对、搞错了."""
    if ask.memory.order_id is None or ask.memory.last_question is None:
        return False
    return _WRONG_ONE.search(ask.text) is not None and _NOT_NOW.search(ask.text) is None


def correct(ask: Ask) -> Answer:
    """The question asked last, about another order; the customer picks when there are several."""
    other = ask.mentions if ask.mentions.any else Mentions(ordinal="other")
    return follow_up(replace(ask, mentions=other, clauses=(), intents=()))
