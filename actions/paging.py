"""下一页、还有吗、上一页、第三页: turning the page of the list shown last."""

import re
from collections.abc import Sequence

from actions.ask import Ask
from actions.lists import PAGE
from actions.view import View

_PREVIOUS = re.compile(r"上一?页|前一?页|往前翻|往回翻|返回")
_NEXT = re.compile(r"[下后]一?页|翻页|还有|更多|后面|剩下|其余|继续|再看|再来|往后翻|往下")
_FIRST = re.compile(r"首页|从头")
_LAST = re.compile(r"最后一?页|末页|尾页")
_NUMBERED = re.compile(r"(?:第\s*|(?<![\d上下前后一]))(\d{1,2}|(?<=第)[一二三四五六七八九十])\s*页")
_NUMERALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九十", 1)}

NO_MORE = "后面没有了，这已经是最后一页。"
NO_EARLIER = "前面没有了，这已经是第一页。"


def turn(ask: Ask, views: Sequence[View]) -> tuple[int, str] | None:
    """Where the page asked for starts in the list shown last, and a line to say with it.

    Args:
        ask: the message; ``only`` is ``next`` or ``previous`` when a button of ours asks.
        views: that list, in the order numbered.

    Returns:
        None when the message does not turn a page.
    """
    wanted = _wanted(ask, _start(ask, views), len(views))
    if wanted is None:
        return None
    if wanted >= len(views):
        return _last(len(views)), NO_MORE
    return (wanted, "") if wanted >= 0 else (0, NO_EARLIER)


def _start(ask: Ask, views: Sequence[View]) -> int:
    ids = [view.order.id for view in views]
    on_screen = [ids.index(each) for each in ask.memory.shown if each in ids]
    return min(on_screen, default=0) // PAGE * PAGE


def _last(count: int) -> int:
    return (count - 1) // PAGE * PAGE


def _wanted(ask: Ask, now: int, count: int) -> int | None:
    """0-based place asked for; below zero or beyond the end when there is no such page."""
    if ask.mentions.only in ("next", "previous"):
        return now + PAGE if ask.mentions.only == "next" else now - PAGE
    if _LAST.search(ask.text):
        return _last(count)
    if _PREVIOUS.search(ask.text):
        return now - PAGE
    numbered = _NUMBERED.search(ask.text)
    if numbered is not None:
        page = _NUMERALS.get(numbered.group(1)) or int(numbered.group(1))
        return (page - 1) * PAGE
    if _FIRST.search(ask.text):
        return 0
    return now + PAGE if _NEXT.search(ask.text) else None
