"""Counting Chinese working days: public holidays and the working weekends that make up for them."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from refund_core.codec import SHANGHAI

_WEEKEND = 5


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether people work that day, and whether the holiday calendar knows the day's year."""
    import chinese_calendar  # here, because it loads its whole calendar

    try:
        return chinese_calendar.is_workday(day), True
    except NotImplementedError:  # beyond the published calendars
        return day.weekday() < _WEEKEND, False


def after_working_days(start: datetime, days: int) -> tuple[datetime, bool]:
    """The end of the n-th working day after an instant, and whether the calendar knew them all."""
    day = start.astimezone(SHANGHAI).date()
    known = True
    while days > 0:
        day += timedelta(days=1)
        works, sure = is_working_day(day)
        known = known and sure
        days -= works
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=SHANGHAI), known
