"""How an answer changes with time."""

from datetime import datetime, timedelta

import pytest

from refund_core import RefundCase, evaluate
from refund_core.codec import parse_instant
from refund_core.library import POLICY_DIR
from refund_core.timelines import timeline
from refund_core.worked import read_cases

from .samples import instance_case

AS_OF = parse_instant("2026-11-23T10:00:00+08:00")


def case_of(name: str) -> RefundCase:
    return next(c.case for c in read_cases(POLICY_DIR / "baidu" / "cases") if c.name == name)


def test_the_amount_falls_at_midnight_until_nothing_is_left_and_the_term_ends() -> None:
    line = timeline(RefundCase.from_json(instance_case()), AS_OF, 30)
    assert [str(point.amount) for point in line.days[:3]] == ["186.67", "177.33", "168.00"]
    assert len(line.days) == 31
    first, *_, zero, ended = line.jumps
    assert (first.at.isoformat(), str(first.amount)) == ("2026-11-24T00:00:00+08:00", "177.33")
    assert (zero.at.isoformat(), zero.reasons) == (
        "2026-12-13T00:00:00+08:00",
        ("zero_refund_amount",),
    )
    assert (ended.at.isoformat(), ended.reasons) == ("2026-12-14T10:00:00+08:00", ("expired",))
    assert len(line.jumps) == 21


def test_a_pack_jumps_once_at_the_end_of_its_window() -> None:
    line = timeline(case_of("没用过的流量包，7 天内全额退，截止到分钟"), AS_OF, 10)
    assert [(jump.at.isoformat(), jump.outcome) for jump in line.jumps] == [
        ("2026-11-25T15:30:00+08:00", "not_refundable")
    ]


def test_every_jump_is_the_first_instant_of_its_answer() -> None:
    case = case_of("退订整个资源，当前周期差额，未开始的续费全额")
    line = timeline(case, AS_OF, 60)
    assert len(line.jumps) > 40
    for jump in line.jumps:
        before = evaluate(case, jump.at - timedelta(microseconds=1))
        then = evaluate(case, jump.at)
        assert then.amount == jump.amount
        assert (before.amount, before.outcome) != (then.amount, then.outcome)


def test_the_days_agree_with_the_jumps() -> None:
    case = case_of("退订整个资源，当前周期差额，未开始的续费全额")
    line = timeline(case, AS_OF, 60)
    for point in line.days[1:]:
        latest = [jump for jump in line.jumps if jump.at <= point.at]
        assert latest[-1].answer == point.answer


@pytest.mark.parametrize("days", [0, -1, 3661])
def test_days_that_cannot_be_shown_are_refused(days: int) -> None:
    with pytest.raises(ValueError, match="ask for 1 to 3660"):
        timeline(RefundCase.from_json(instance_case()), AS_OF, days)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        timeline(RefundCase.from_json(instance_case()), datetime(2026, 11, 23), 3)
