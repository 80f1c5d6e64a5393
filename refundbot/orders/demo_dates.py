"""Dates of the demo data, written relative to the clock so that they never go stale.

==========================  ==========================================================
``-9d 10:20``               nine days before today, at 10:20
``now -37 minutes``         an instant counted from now (``-7 days -1 minute`` adds up)
``purchased +1 month``      counted from another instant of the same order
``-20d 15:00 +1 month``     a day, a time of day, and then counted on
==========================  ==========================================================

Everything is in Asia/Shanghai. Months are calendar months: 31 January + 1 month is the last day
of February.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from refundbot.clock import SHANGHAI

_WHEN = re.compile(
    r"(?P<anchor>[a-z_]+|-\d+d)(?:\s+(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d))?"
    r"(?P<offsets>(?:\s+[+-]\d+ (?:minute|hour|day|month|year)s?)*)"
)
_OFFSET = re.compile(r"([+-]\d+) (minute|hour|day|month|year)s?")


def resolve(text: str, now: datetime, known: Mapping[str, datetime]) -> datetime:
    """The instant ``text`` means.

    Args:
        text: in the notation above.
        now: current instant, aware.
        known: instants an expression may begin with, by name, besides ``now``.

    Raises:
        ValueError: not in the notation, or it begins with a name that is not known.
    """
    match = _WHEN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a date of the demo data, like '-9d 10:20'")
    anchor = match["anchor"]
    anchors = {"now": now.astimezone(SHANGHAI), **known}
    if anchor in anchors:
        instant = anchors[anchor]
    elif anchor.startswith("-"):
        today = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        instant = today - timedelta(days=int(anchor[1:-1]))
    else:
        raise ValueError(f"{text!r} begins with none of {', '.join(sorted(anchors))}")
    if match["hour"]:
        instant = instant.replace(hour=int(match["hour"]), minute=int(match["minute"]))
    for count, unit in _OFFSET.findall(match["offsets"]):
        instant += relativedelta(**{f"{unit}s": int(count)})
    return instant
