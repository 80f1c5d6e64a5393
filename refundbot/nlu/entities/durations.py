"""Lengths of time; value: ``{"days": n, "minutes": n, "text": words}``.

``days`` counts whole days (a month as 30, a year as 365; an estimate for choosing a date, never an
input of a sum); ``minutes`` is the whole length, so 37 分钟 is 0 days and 37 minutes.
"""

import re

from refundbot.nlu.entities.chinese_time import Moment
from refundbot.nlu.entities.spans import Span

MINUTES = {
    "year": 365 * 1440, "month": 30 * 1440, "day": 1440, "hour": 60, "minute": 1, "second": 1 / 60,
}  # fmt: skip
# 七天无理由 and 三个工作日 name a rule, not how long the customer used something.
RULE = re.compile(r"^\s*(?:个?工作日|无理由|的?无条件|内|以内|之内|可退|包退)")


def from_moments(moments: list[Moment], text: str) -> list[Span]:
    """The parser's durations as entities."""
    found = []
    for moment in moments:
        if not moment.lasting or "工作日" in moment.text or RULE.match(text[moment.end :]):
            continue
        minutes = round(sum(MINUTES.get(unit, 0) * amount for unit, amount in moment.lasting))
        value = {"days": minutes // 1440, "minutes": minutes, "text": moment.text}
        found.append(Span("duration", moment.start, moment.end, value))
    return found
