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
MAX_PIECES = 3
LONGEST_PIECE = 32
MAX_HINTS = 7  # 2026年11月14日下午3点20分 has five; a piece full of them is no sentence
_PIECE = re.compile(rf"[^,。!?;]{{1,{LONGEST_PIECE}}}")
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


def _pieces(text: str) -> list[tuple[int, str]]:
    """Start and text of the first few pieces that may hold a time, each short.

    The parser's time grows with the square of the text: 600 characters of 昨天今天 took it nine
    seconds, in which nobody else would be answered.
    """
    pieces = ((match.start(), match.group(0)) for match in _PIECE.finditer(text))
    hopeful = [piece for piece in pieces if 1 <= len(_HINT.findall(piece[1])) <= MAX_HINTS]
    return hopeful[:MAX_PIECES]


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _FORMAT).replace(tzinfo=SHANGHAI)


def _moment(found: dict[str, Any], offset: int) -> Moment | None:
    start, end = (offset + edge for edge in found["offset"])
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
    wall = now.astimezone(SHANGHAI)
    base = {
        "year": wall.year, "month": wall.month, "day": wall.day,
        "hour": wall.hour, "minute": wall.minute, "second": wall.second,
    }  # fmt: skip
    moments: list[Moment] = []
    for start, piece in _pieces(text):
        try:
            found = library().ner.extract_time(piece, time_base=base)
            read = [_moment(item, start) for item in found]
        except Exception:  # a parser of free text that raises whatever its rules run into
            continue
        moments.extend(moment for moment in read if moment is not None)
    return moments


def warm_up(now: datetime) -> None:
    """Load the parser; its first call takes a tenth of a second."""
    read_moments("昨天", now)
