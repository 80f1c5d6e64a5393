"""买了37分钟, 刚买了三天: a purchase told by its age; a ``purchase_time`` around that instant.

The stretch is as rough as the words: five minutes either way for minutes, half an hour for hours,
whole days for days, two weeks for months. 买了一年的服务器 names the length that was bought, so
months and years count only where the words say that time has passed (买了两个月了).
"""

import re
from datetime import datetime, timedelta

from refundbot.clock import format_interval
from refundbot.nlu.entities.chinese_time import Moment
from refundbot.nlu.entities.durations import MINUTES, RULE
from refundbot.nlu.entities.spans import Span

_BOUGHT = re.compile(
    r"(?:刚刚?|才|已经|都)?(?:购买|买下|买|下单|开通|入手|付款)(?:了|到现在|过去)?"
    r"(?:才|刚刚?|快|大概|大约|差不多|有|都|已经|不到)*\s?$"
)
_PASSED_BEFORE = re.compile(r"(?:才|刚|已经|都|快)[^,。]{0,4}$")
_PASSED_AFTER = re.compile(r"^(?:多|左右|不到)?了")
# 买了7天的试用 names what was bought.
_BOUGHT_LENGTH = re.compile(r"^的?(?:套餐|流量|试用|会员|体验|包)")
# How far from the instant, by the smallest unit named.
_ROUGH = {
    "second": timedelta(minutes=1),
    "minute": timedelta(minutes=5),
    "hour": timedelta(minutes=30),
    "day": timedelta(days=1),
    "month": timedelta(days=15),
    "year": timedelta(days=45),
}
_DAY = timedelta(days=1)


def from_moments(moments: list[Moment], text: str, now: datetime) -> list[Span]:
    """Purchases told by how long ago they were; the span holds the verb, too."""
    found = []
    for moment in moments:
        verb = _BOUGHT.search(text[: moment.start]) if moment.lasting else None
        if verb is not None and _is_age(moment, text):
            value = format_interval(*_edges(moment, now))
            found.append(Span("purchase_time", verb.start(), moment.end, value))
    return found


def _is_age(moment: Moment, text: str) -> bool:
    before, after = text[: moment.start], text[moment.end :]
    if "工作日" in moment.text or RULE.match(after):
        return False
    if _BOUGHT_LENGTH.match(after) and not _PASSED_BEFORE.search(before):
        return False
    if {unit for unit, _ in moment.lasting} & {"month", "year"}:
        return bool(_PASSED_AFTER.match(after) or _PASSED_BEFORE.search(before))
    return True


def _edges(moment: Moment, now: datetime) -> tuple[datetime, datetime]:
    minutes = sum(MINUTES.get(unit, 0) * amount for unit, amount in moment.lasting)
    length = timedelta(minutes=minutes)
    rough = min((_ROUGH.get(unit, _DAY) for unit, _ in moment.lasting), default=_DAY)
    bought = now - length
    if rough < _DAY:
        rough = min(rough, length / 2)
        since, until = bought - rough, bought + rough + timedelta(minutes=1)
        return since.replace(second=0, microsecond=0), until
    # 三天 is three days ago, or two when today counts as the third.
    day = bought.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - (rough - _DAY), day + rough + _DAY
