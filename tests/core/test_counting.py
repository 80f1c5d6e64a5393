"""Counting time the ways vendors publish it, at the instants where the count changes."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from refund_core import RefundCase, default_policies
from refund_core.catalogue import CATALOGUE
from refund_core.codec import SHANGHAI
from refund_core.context import Context
from refund_core.duration import Count, Unit, count, end_of_day
from refund_core.fees import full_years_over
from refund_core.verdict import Unknown

from .samples import instance_case

SECOND = timedelta(seconds=1)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


def test_hours_are_cut_at_both_ends_even_in_the_last_second_of_an_hour() -> None:
    start = at(2024, 1, 1, 10, 30)
    assert count(start, at(2024, 1, 15, 18, 40), "hour", "clock_floor") == 14 * 24 + 8
    assert count(start, at(2024, 1, 15, 18, 59, 59), "hour", "clock_floor") == 14 * 24 + 8
    assert count(start, at(2024, 1, 15, 19), "hour", "clock_floor") == 14 * 24 + 9
    assert count(at(2024, 1, 1, 10, 59, 59), at(2024, 1, 1, 11), "hour", "clock_floor") == 1


def test_only_an_expiry_in_the_last_second_of_a_day_means_the_end_of_that_day() -> None:
    assert end_of_day(at(2024, 2, 1, 23, 59, 59)) == at(2024, 2, 2)
    for other in (at(2024, 2, 1, 23, 59, 58), at(2024, 2, 1, 18, 59, 59), at(2024, 2, 2)):
        assert end_of_day(other) == other


def test_the_published_month_of_a_disk_is_31_days_and_14_hours() -> None:
    whole = end_of_day(at(2024, 2, 1, 23, 59, 59))
    assert count(at(2024, 1, 1, 10, 30), whole, "hour", "clock_floor") == 31 * 24 + 14


@pytest.mark.parametrize(
    ("end", "months"),
    [
        (at(2023, 1, 1), Fraction(0)),
        (at(2023, 1, 1, 0, 0, 1), Fraction(1, 744)),
        (at(2023, 2, 1) - SECOND, Fraction(1)),
        (at(2023, 2, 1), Fraction(1)),
        (at(2023, 2, 1, 1), 1 + Fraction(1, 672)),
        (at(2023, 2, 1, 1, 0, 1), 1 + Fraction(2, 672)),
        (at(2024, 4, 1), Fraction(15)),
        (at(2025, 12, 31, 23, 59, 59), Fraction(36)),
    ],
)
def test_a_begun_hour_counts_as_its_share_of_the_month_that_runs(
    end: datetime, months: Fraction
) -> None:
    assert count(at(2023, 1, 1), end, "month", "begun_hours") == months


@pytest.mark.parametrize(
    ("unit", "how"), [("day", "begun_hours"), ("hour", "begun_hours"), ("month", "ceil")]
)
def test_what_cannot_be_counted_is_refused(unit: Unit, how: Count) -> None:
    with pytest.raises(ValueError, match="count"):
        count(at(2023, 1, 1), at(2023, 3, 1), unit, how)


@pytest.mark.parametrize(
    ("end", "years"),
    [
        (at(2024, 1, 1), 0),
        (at(2025, 1, 1) - SECOND, 0),
        (at(2025, 1, 1), 0),
        (at(2025, 1, 1) + SECOND, 1),
        (at(2026, 1, 1), 1),
        (at(2026, 1, 1) + SECOND, 2),
    ],
)
def test_the_rate_of_a_year_holds_up_to_exactly_that_year(end: datetime, years: int) -> None:
    assert full_years_over(at(2024, 1, 1), end) == years


@pytest.mark.parametrize(
    ("term", "over"),
    [
        ({"unit": "day", "length": 30}, False),
        ({"unit": "day", "length": 31}, True),
        ({"unit": "month", "length": 1}, False),
        ({"unit": "month", "length": 2}, True),
        ({"unit": "year", "length": 1}, True),
        (None, Unknown(("order.term",))),
    ],
)
def test_a_term_is_compared_by_the_calendar(term: Any, over: Any) -> None:
    data = instance_case()
    data["order"]["term"] = term
    case = RefundCase.from_json(data)
    policy = default_policies().get("baidu-unsubscribe@2025-08-21")
    ctx = Context(case, case.order.purchased_at, policy)
    assert CATALOGUE["term_over_months"].test(ctx, 1) == over
