"""jionlp's time parser behind a narrow door: warmed up, and never raising."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refundbot.clock import SHANGHAI
from refundbot.nlu.jio import library

# Without one of these a text holds no time; most messages are spared the parser.
_HINT = re.compile(
    r"[年月日号天周点分秒时晚早昨今明后前节旬季]|星期|礼拜|双十|\d[./\-]\d|\d{8}|小时"
)
_FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Moment:
    """A time or a duration as the parser reads it.

    Attributes:
        text: the words.
        start: first character.
        end: one past the last character.
        since: first instant, Asia/Shanghai; None for a duration.
        until: last instant; None for a duration.
        lasting: amounts by unit (``{"day": 20.0}``); empty for a time.
    """

    text: str
    start: int
    end: int
    since: datetime | None
    until: datetime | None
    lasting: tuple[tuple[str, float], ...] = ()


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _FORMAT).replace(tzinfo=SHANGHAI)


def _moment(found: dict[str, Any]) -> Moment | None:
    start, end = found["offset"]
    detail = found["detail"]
    if found["type"] in ("time_point", "time_span"):
        since, until = (_instant(edge) for edge in detail["time"])
        return Moment(found["text"], start, end, since, until)
    if found["type"] == "time_delta":
        amounts = detail["time"]
        if isinstance(amounts, dict) and all(isinstance(n, int | float) for n in amounts.values()):
            lasting = tuple((unit, float(amount)) for unit, amount in amounts.items())
            return Moment(found["text"], start, end, None, None, lasting)
    return None


def read_moments(text: str, now: datetime) -> list[Moment]:
    """Times and durations in a text, seen from `now`; empty where the parser cannot cope.

    The parser knows naive local time only, so it is given Shanghai's wall clock.
    """
    if not _HINT.search(text):
        return []
    wall = now.astimezone(SHANGHAI)
    base = {
        "year": wall.year, "month": wall.month, "day": wall.day,
        "hour": wall.hour, "minute": wall.minute, "second": wall.second,
    }  # fmt: skip
    try:
        found = library().ner.extract_time(text, time_base=base)
        moments = [_moment(item) for item in found]
    except Exception:  # a parser of free text that raises whatever its rules run into
        return []
    return [moment for moment in moments if moment is not None]


def warm_up(now: datetime) -> None:
    """Load the parser; its first call takes a tenth of a second."""
    read_moments("昨天", now)
