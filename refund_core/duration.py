"""Counting days, hours and months the ways vendors count them. Asia/Shanghai throughout."""

import calendar
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from refund_core.case import Term
from refund_core.codec import SHANGHAI
from refund_core.money import Exact

Unit = Literal["day", "hour", "month"]
# both_ends: calendar days, first and last day both count (a partial day is a day).
# dates: calendar days, the last day does not count.
# ceil, floor, exact: elapsed time in units of 24 h / 1 h, rounded up, down or not at all.
# clock_floor: both instants cut to the full hour first.
# day_end: elapsed hours as if the last day had run to its end.
# begun_hours: whole months and, of the month that runs, the share of the hours begun.
Count = Literal[
    "both_ends", "dates", "ceil", "floor", "exact", "clock_floor", "day_end", "begun_hours"
]

UNIT_NAMES: dict[Unit, str] = {"day": "天", "hour": "小时", "month": "个月"}

UNITS_A_DAY = {"day": 1, "hour": 24}

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)
_MICROSECOND = timedelta(microseconds=1)
_LENGTH = {"day": 86_400_000_000, "hour": 3_600_000_000}


def at_midnight(instant: datetime) -> datetime:
    """The beginning of the instant's day."""
    local = instant.astimezone(SHANGHAI)
    return datetime(local.year, local.month, local.day, tzinfo=SHANGHAI)


def add_months(instant: datetime, months: int) -> datetime:
    """The same day and time some months later; the month's last day when it has no such day."""
    local = instant.astimezone(SHANGHAI)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    month += 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day)


def add_term(instant: datetime, term: Term) -> datetime:
    """The end of a term that begins at `instant`."""
    if term.unit == "day":
        return instant + timedelta(days=term.length)
    return add_months(instant, term.length * (12 if term.unit == "year" else 1))


def full_months(start: datetime, end: datetime) -> int:
    """Whole months between two instants."""
    first, last = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    months = (last.year - first.year) * 12 + last.month - first.month
    while months > 0 and add_months(first, months) > last:
        months -= 1
    return max(0, months)


def count(start: datetime, end: datetime, unit: Unit, how: Count) -> Exact:
    """How many units lie between two instants; never negative.

    Raises:
        ValueError: the unit cannot be counted that way.
    """
    if how in ("both_ends", "dates"):
        if unit != "day":
            raise ValueError(f"{how} counts days, not {unit}s")
        days = (end.astimezone(SHANGHAI).date() - start.astimezone(SHANGHAI).date()).days
        return max(0, days + 1 if how == "both_ends" else days)
    if unit == "month":
        if how not in ("floor", "begun_hours"):
            raise ValueError(f"months are counted with floor or begun_hours, not {how}")
        return full_months(start, end) if how == "floor" else _months_and_hours(start, end)
    if how == "begun_hours":
        raise ValueError(f"begun_hours counts months, not {unit}s")
    if how == "clock_floor":
        start, end = at_full_hour(start), at_full_hour(end)
    if how == "day_end":
        end = at_midnight(end) + _DAY
    elapsed = max(0, (end - start) // _MICROSECOND)
    length = _LENGTH[unit]
    if how in ("ceil", "day_end"):
        return -(-elapsed // length)
    if how == "exact":
        return Fraction(elapsed, length)
    return elapsed // length


def at_full_hour(instant: datetime) -> datetime:
    """The full hour an instant lies in."""
    return instant.replace(minute=0, second=0, microsecond=0)


def end_of_day(instant: datetime) -> datetime:
    """An expiry as an instant: one written 23:59:59 means the end of that day."""
    midnight = at_midnight(instant) + _DAY
    return midnight if midnight - instant <= _SECOND else instant


def _months_and_hours(start: datetime, end: datetime) -> Exact:
    months = full_months(start, end)
    running, following = add_months(start, months), add_months(start, months + 1)
    hours = max(0, -((running - end) // _HOUR))
    whole = (following - running) // _HOUR
    return months + Fraction(min(hours, whole), whole)
