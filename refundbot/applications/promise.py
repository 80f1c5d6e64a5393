"""Promised dates: how long a stage takes, in Chinese working days where the plan says so."""

from datetime import date, datetime, timedelta

from refund_core.working import after_working_days, is_working_day
from refundbot.applications.plans import StagePlan
from refundbot.clock import SHANGHAI


def due_date(entered: datetime, stage: StagePlan | None) -> date | None:
    """The last day on which the stage should end, Asia/Shanghai.

    None when there is no such stage or no time is stated for it.
    """
    if stage is None or stage.most is None:
        return None
    if stage.unit == "hours":
        return (entered.astimezone(SHANGHAI) + timedelta(hours=stage.most)).date()
    return after_working_days(entered, stage.most)[0].date()


def calendar_known(day: date) -> bool:
    """Whether the published holiday calendars reach that day.

    Beyond them every Monday to Friday counts as a working day, and the customer is told.
    """
    return is_working_day(day)[1]
