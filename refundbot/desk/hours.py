"""When agents are there, and how long a customer will wait. Chinese working days, Beijing time."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from refund_core.working import is_working_day
from refundbot.clock import SHANGHAI
from refundbot.desk.words import day_and_time, queue
from refundbot.settings import SettingsError

_LOOK_AHEAD = 60  # days; no Chinese holiday is nearly as long


@dataclass(frozen=True)
class Hours:
    """Office hours and how fast tickets are worked.

    Attributes:
        start: agents come.
        end: agents go; later than ``start`` on the same day.
        agents: agents on duty.
        minutes: minutes one ticket takes one agent.
    """

    start: time = time(9)
    end: time = time(18)
    agents: int = 2
    minutes: int = 8

    def text(self) -> str:
        """工作日 09:00–18:00."""
        return f"工作日 {self.start:%H:%M}–{self.end:%H:%M}"

    def _window(self, day: date) -> tuple[datetime, datetime]:
        return (
            datetime.combine(day, self.start, SHANGHAI),
            datetime.combine(day, self.end, SHANGHAI),
        )

    def is_open(self, at: datetime) -> bool:
        """Whether agents are there; the closing minute is not."""
        local = at.astimezone(SHANGHAI)
        start, end = self._window(local.date())
        return is_working_day(local.date())[0] and start <= local < end

    def back_at(self, at: datetime) -> datetime:
        """When agents are there next: ``at`` itself when they are there now."""
        local = at.astimezone(SHANGHAI)
        if self.is_open(local):
            return local
        for days in range(_LOOK_AHEAD):
            day = local.date() + timedelta(days=days)
            start, _ = self._window(day)
            if is_working_day(day)[0] and start >= local:
                return start
        raise ValueError("no working day in sight")

    def wait(self, ahead: int) -> int:
        """Minutes of office time until it is the turn of a customer with ``ahead`` before them."""
        return max(1, math.ceil((ahead + 1) * self.minutes / self.agents))

    def turn_at(self, at: datetime, ahead: int) -> datetime:
        """The instant at which that wait is over, counting office time only."""
        moment, left = self.back_at(at), timedelta(minutes=self.wait(ahead))
        while moment + left > self._window(moment.date())[1]:
            end = self._window(moment.date())[1]
            left -= end - moment
            moment = self.back_at(end)
        return moment + left

    def brief(self, at: datetime, ahead: int) -> str:
        """The same in a few words, for a line that stays on the screen."""
        if not self.is_open(at):
            return f"客服 {day_and_time(self.back_at(at))} 回来，{queue(ahead)}"
        turn = self.turn_at(at, ahead)
        if turn.date() == at.astimezone(SHANGHAI).date():
            return f"{queue(ahead)}，约 {self.wait(ahead)} 分钟"
        return f"{queue(ahead)}，预计 {day_and_time(turn)}"

    def expect(self, at: datetime, ahead: int) -> str:
        """When a person will be there, as one sentence for the customer."""
        hours = f"服务时间：{self.text()}"
        if not self.is_open(at):
            return (
                f"现在不在人工服务时间（{self.text()}，北京时间），客服 "
                f"{day_and_time(self.back_at(at))} 回来后按先后顺序处理，{queue(ahead)}。"
            )
        turn = self.turn_at(at, ahead)
        if turn.date() == at.astimezone(SHANGHAI).date():
            return f"{queue(ahead)}，预计等待约 {self.wait(ahead)} 分钟（{hours}）。"
        return f"{queue(ahead)}，今天可能轮不到，预计 {day_and_time(turn)} 左右（{hours}）。"


def _number(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = env.get(name, "").strip() or str(default)
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise SettingsError(f"{name}={text!r} cannot be used; use a number from 1 to {most}")
    return int(text)


def hours_from(env: Mapping[str, str]) -> Hours:
    """Office hours from ``REFUNDBOT_DESK_HOURS``, ``_AGENTS`` and ``_MINUTES``.

    Raises:
        SettingsError: a value cannot be used.
    """
    text = env.get("REFUNDBOT_DESK_HOURS", "").strip() or "09:00-18:00"
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        if start.tzinfo or end.tzinfo or start >= end:
            raise ValueError
    except ValueError:
        raise SettingsError(
            f"REFUNDBOT_DESK_HOURS={text!r} are no office hours; write them like 09:00-18:00"
        ) from None
    return Hours(
        start,
        end,
        _number(env, "REFUNDBOT_DESK_AGENTS", Hours.agents, 1000),
        _number(env, "REFUNDBOT_DESK_MINUTES", Hours.minutes, 240),
    )
