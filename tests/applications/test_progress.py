"""Where an application stands, as the customer reads it; and the dates promised."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from refund_core import RefundCase
from refundbot.applications.plans import StagePlan, default_plans
from refundbot.applications.progress import UNKNOWN_HOLIDAYS, progress
from refundbot.applications.promise import due_date
from refundbot.applications.status_text import promise, status_lines
from refundbot.clock import SHANGHAI
from tests.applications.world import NOW, World

SUBMITTED = NOW.replace(day=18, hour=15, minute=20)


def stage(most: int | None, unit: str = "working_days") -> StagePlan:
    return StagePlan(None if most is None else 0, most, unit, "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entered", "days", "due"),
    [
        (datetime(2026, 11, 18, 15, 20), 3, date(2026, 11, 23)),  # over a weekend
        (datetime(2026, 11, 20, 23, 59), 1, date(2026, 11, 23)),  # Friday night
        (datetime(2026, 9, 30, 9, 0), 1, date(2026, 10, 8)),  # over the National Day week
        (datetime(2026, 2, 13, 9, 0), 1, date(2026, 2, 14)),  # a working Saturday
    ],
)
def test_promises_are_counted_in_chinese_working_days(
    entered: datetime, days: int, due: date
) -> None:
    assert due_date(entered.replace(tzinfo=SHANGHAI), stage(days)) == due


def test_hours_and_unstated_times() -> None:
    assert due_date(NOW, stage(24, "hours")) == date(2026, 11, 24)
    assert due_date(NOW, stage(None)) is None
    assert due_date(NOW, None) is None


def test_dialogue_six(world: World) -> None:
    record = world.submit("BD2", SUBMITTED).application
    shown = progress(record, NOW)
    text = "\n".join(status_lines(shown, NOW))
    assert "退款单 RF20261118001 正在初审，11-18 15:20 提交。" in text
    assert "预计 11-23 前给出结果（1–3 个工作日）。" in text
    assert "提交 ✓ → 自动审核 ✓（转人工：" in text
    assert "→ 初审（进行中） → 复审 → 终审 → 退款 → 到账" in text
    assert "百度智能云没有写明" in text
    assert (shown.can_cancel, shown.can_nudge, shown.overdue) == (True, True, False)


def test_past_the_promised_date_it_says_so(world: World) -> None:
    record = world.submit("BD2", SUBMITTED).application
    late = NOW + timedelta(days=1)
    assert progress(record, late).overdue
    assert "已经超过" in promise(progress(record, late), late)


def test_a_policys_own_date_for_the_money_is_promised(world: World) -> None:
    facts = {
        **world.orders.all["BD1"].case.to_json(),
        "vendor": "aliyun",
        "history": {"refunds": []},
    }
    facts["account"] = {"id": "A1001", "in_arrears": False}
    facts["order"] |= {
        "product": {"code": "ecs", "name": "云服务器 ECS", "category": "instance"},
        "purchased_at": "2026-11-21T10:00:00+08:00",
        "starts_at": "2026-11-21T10:00:00+08:00",
        "payment_channel": "alipay",
    }
    facts["resource"] |= {"transferred": False, "marketplace_image": False, "deployed": False}
    case = RefundCase.from_json(facts)
    world.orders.all["BD1"] = replace(world.orders.all["BD1"], vendor="aliyun", case=case)
    timing = world.decision("BD1").timing
    assert timing is not None
    assert timing.latest is not None
    record = world.submit("BD1").application
    assert (record.state, record.plan) == ("refunding", "aliyun.self_service")
    assert record.due == timing.latest.date() == date(2026, 11, 25)
    shown = progress(record, NOW)
    assert promise(shown, NOW) == "预计 11-25 前到账。"
    assert shown.caveats == ()


def test_where_no_time_is_stated_no_date_is_promised(world: World) -> None:
    shown = progress(world.submit("BD1").application, NOW)
    assert shown.due is None
    assert "没有写明" in promise(shown, NOW)
    assert [(s.name, s.status) for s in shown.stages] == [
        ("提交", "done"),
        ("自动审核", "done"),
        ("退款", "current"),
        ("到账", "next"),
    ]
    assert not shown.can_cancel


def test_beyond_the_published_holidays_it_is_an_estimate_and_says_so(world: World) -> None:
    far = NOW.replace(year=2040)
    record = world.submit("BD2", NOW).application
    stated = progress(record, NOW)
    assert UNKNOWN_HOLIDAYS not in stated.caveats
    for order in world.orders.all.values():
        assert order.case.order.purchased_at < far
    late = world.submit("BD9", NOW).application
    assert late.due is None
    moved = world.advance(record, far)
    assert moved.due == date(2040, 11, 30)  # Friday the 23rd and five weekdays
    assert UNKNOWN_HOLIDAYS in progress(moved, far).caveats


def test_a_rejection_ends_the_way_where_it_happened(world: World) -> None:
    record = world.advance(world.submit("BD2", SUBMITTED).application, NOW)
    shown = progress(world.reject(record), NOW)
    assert [(s.name, s.status) for s in shown.stages][-2:] == [
        ("初审", "done"),
        ("复审未通过", "stopped"),
    ]
    text = "\n".join(status_lines(shown, NOW))
    assert "申请没有通过（11-23 10:00）" in text
    assert "原因：没有上传完整的辅助证明。" in text
    assert "可以这样做：" in text
    assert (shown.open, shown.can_cancel, shown.can_nudge, shown.due) == (False, False, False, None)


def test_a_cancelled_and_a_failed_one_end_in_words_of_their_own(world: World) -> None:
    record = world.submit("BD2").application
    cancelled = world.applications.cancel("A1001", record.id, at=NOW)
    assert progress(cancelled, NOW).stages[-1].name == "初审时撤销"
    failed = world.fail(world.submit("BD1").application)
    assert progress(failed, NOW).stages[-1].name == "退款失败"


def test_after_urging_it_says_when_again(world: World) -> None:
    record = world.submit("BD2").application
    shown = progress(world.applications.nudge("A1001", record.id, at=NOW), NOW)
    assert (shown.can_nudge, shown.nudge_again_on, shown.nudged) == (False, date(2026, 11, 24), 1)
    assert progress(world.back_office.find(record.id), NOW + timedelta(days=1)).can_nudge


def test_last_years_dates_carry_their_year(world: World) -> None:
    record = world.submit("BD2").application
    next_year = NOW.replace(year=2027)
    assert "2026-11-23 10:00 提交" in status_lines(progress(record, next_year), next_year)[0]


def test_every_plan_can_be_shown() -> None:
    for plan in default_plans().plans:
        assert plan.stages["auto_review"]
        assert plan.source is not None or not any(s.most for s in plan.stages.values())
