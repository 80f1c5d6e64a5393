"""Waiting times and office hours are those of Chinese working days."""

import pytest

from refundbot.clock import parse_instant
from refundbot.desk.hours import Hours, hours_from
from refundbot.settings import SettingsError

HOURS = Hours()  # 09:00-18:00, 2 agents, 8 minutes each


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T08:59:59+08:00", False),
        ("2026-11-23T09:00:00+08:00", True),
        ("2026-11-23T17:59:59+08:00", True),
        ("2026-11-23T18:00:00+08:00", False),
        ("2026-11-23T02:00:00+00:00", True),  # 10:00 in Beijing
        ("2026-11-22T10:00:00+08:00", False),  # Sunday
        ("2026-10-01T10:00:00+08:00", False),  # National Day, a Thursday
        ("2026-10-10T10:00:00+08:00", True),  # a Saturday that makes up for it
    ],
)
def test_agents_are_there_in_office_hours_of_working_days(at: str, is_open: bool) -> None:
    assert HOURS.is_open(parse_instant(at)) is is_open


@pytest.mark.parametrize(
    ("at", "back"),
    [
        ("2026-11-23T07:00:00+08:00", "2026-11-23T09:00:00+08:00"),
        ("2026-11-23T18:00:00+08:00", "2026-11-24T09:00:00+08:00"),
        ("2026-11-27T20:00:00+08:00", "2026-11-30T09:00:00+08:00"),  # over the weekend
        ("2026-09-30T18:30:00+08:00", "2026-10-08T09:00:00+08:00"),  # over the holiday
        ("2026-11-23T10:00:00+08:00", "2026-11-23T10:00:00+08:00"),
    ],
)
def test_outside_office_hours_people_are_back_at(at: str, back: str) -> None:
    assert HOURS.back_at(parse_instant(at)) == parse_instant(back)


def test_each_customer_before_makes_the_wait_longer() -> None:
    assert [HOURS.wait(ahead) for ahead in (0, 1, 2, 9)] == [4, 8, 12, 40]
    assert Hours(agents=1, minutes=6).wait(2) == 18


def test_the_wait_is_said_with_the_queue_and_the_hours() -> None:
    told = HOURS.expect(parse_instant("2026-11-23T10:00:00+08:00"), 2)
    assert told == "前面还有 2 位，预计等待约 12 分钟（服务时间：工作日 09:00–18:00）。"


def test_a_queue_that_is_longer_than_the_day_goes_on_on_the_next_working_day() -> None:
    friday = parse_instant("2026-11-27T17:50:00+08:00")
    assert HOURS.turn_at(friday, 4) == parse_instant("2026-11-30T09:10:00+08:00")
    assert "11月30日（周一）09:10" in HOURS.expect(friday, 4)


def test_outside_office_hours_the_customer_hears_when_people_are_back() -> None:
    told = HOURS.expect(parse_instant("2026-11-27T20:00:00+08:00"), 0)
    assert "11月30日（周一）09:00" in told
    assert "工作日 09:00–18:00" in told
    assert "分钟" not in told


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-23T10:00:00+08:00", "前面还有 4 位，约 20 分钟"),
        ("2026-11-27T17:50:00+08:00", "前面还有 4 位，预计 11月30日（周一）09:10"),
        ("2026-11-27T20:00:00+08:00", "客服 11月30日（周一）09:00 回来，前面还有 4 位"),
    ],
)
def test_the_line_that_stays_on_the_screen_is_short(at: str, told: str) -> None:
    assert HOURS.brief(parse_instant(at), 4) == told


def test_office_hours_come_from_the_environment() -> None:
    hours = hours_from({"REFUNDBOT_DESK_HOURS": "08:30-20:00", "REFUNDBOT_DESK_AGENTS": "5"})
    assert (hours.text(), hours.agents, hours.minutes) == ("工作日 08:30–20:00", 5, 8)
    assert hours_from({}) == HOURS


@pytest.mark.parametrize(
    "env",
    [
        {"REFUNDBOT_DESK_HOURS": "9-18"},
        {"REFUNDBOT_DESK_HOURS": "18:00-09:00"},
        {"REFUNDBOT_DESK_HOURS": "09:00"},
        {"REFUNDBOT_DESK_HOURS": "all day"},
        {"REFUNDBOT_DESK_AGENTS": "0"},
        {"REFUNDBOT_DESK_MINUTES": "-5"},
        {"REFUNDBOT_DESK_MINUTES": "soon"},
    ],
)
def test_a_setting_that_makes_no_sense_is_named(env: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(env))):
        hours_from(env)
