"""The edges of counting: short months, first instants, quotas that are just used up."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from refund_core import RefundCase
from refund_core.codec import SHANGHAI
from refund_core.duration import Unit, count, full_months
from refund_core.fees import year_of_use
from refund_core.measuring import measure, term_months
from refund_core.method_doc import CountDoc, MethodDoc
from refund_core.policy_doc import QuotaDoc
from refund_core.quotas import quota_state
from refund_core.verdict import MissingFactError

from .samples import instance_case

SECOND = timedelta(seconds=1)
NOW = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


def case_of(**changes: Any) -> RefundCase:
    data = instance_case()
    for name, part in changes.items():
        data[name] = data.get(name, {}) | part
    return RefundCase.from_json(data)


def context(case: RefundCase, now: datetime = NOW, **quotas: QuotaDoc) -> Any:
    policy = SimpleNamespace(doc=SimpleNamespace(quotas=quotas))
    return SimpleNamespace(case=case, now=now, live=(case.order,), policy=policy)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (at(2025, 12, 15), at(2026, 1, 14), 0),
        (at(2025, 12, 15), at(2026, 1, 15), 1),
        (at(2025, 11, 15), at(2026, 1, 14), 1),
        (at(2024, 1, 31), at(2024, 2, 29), 1),
        (at(2025, 11, 30), at(2026, 2, 28), 3),
        (at(2026, 1, 15), at(2026, 1, 14), 0),
        (at(2026, 3, 15), at(2026, 1, 15), 0),
    ],
)
def test_a_month_is_over_on_the_same_day_of_the_next(
    start: datetime, end: datetime, months: int
) -> None:
    assert full_months(start, end) == months
    assert count(start, end, "month", "floor") == months


@pytest.mark.parametrize("unit", ["hour", "month"])
def test_calendar_days_are_days_only(unit: Unit) -> None:
    for how in ("both_ends", "dates"):
        with pytest.raises(ValueError, match=f"{how} counts days"):
            count(at(2026, 1, 1), at(2026, 1, 2), unit, how)


def test_the_last_day_can_count_to_its_end() -> None:
    assert count(at(2026, 1, 1, 10, 30), at(2026, 1, 2, 9), "hour", "day_end") == 38
    assert count(at(2026, 1, 1, 10, 30), at(2026, 1, 2, 9), "day", "day_end") == 2


@pytest.mark.parametrize(
    ("how", "now", "year"),
    [
        ("both_ends", at(2024, 12, 31, 10), 0),
        ("both_ends", at(2025, 1, 1), 1),
        ("dates", at(2025, 1, 1, 23), 0),
        ("dates", at(2025, 1, 2), 1),
        ("clock_floor", at(2025, 1, 1, 10, 59), 0),
        ("clock_floor", at(2025, 1, 1, 11), 1),
        ("ceil", at(2025, 1, 1, 10, 30), 0),
        ("ceil", at(2025, 1, 1, 10, 30, 1), 1),
    ],
)
def test_the_second_year_of_fees_begins_when_more_than_a_year_counts_as_used(
    how: Any, now: datetime, year: int
) -> None:
    unit: Unit = "hour" if how == "clock_floor" else "day"
    assert year_of_use(at(2024, 1, 1, 10, 30), now, CountDoc(unit, how)) == year


def test_without_a_way_of_counting_the_year_runs_by_the_clock() -> None:
    assert year_of_use(at(2024, 1, 1), at(2025, 1, 1), None) == 0
    assert year_of_use(at(2024, 1, 1), at(2025, 1, 1) + SECOND, None) == 1


def quota(**changes: Any) -> QuotaDoc:
    base: dict[str, Any] = {
        "limit": 3,
        "per": "product",
        "period": "natural_year",
        "routes": ("five_day",),
        "text": "还剩 {left} 次，共 {limit} 次",
    }
    return QuotaDoc(**base | changes)


def past(at: str, code: str = "bcc", route: str = "five_day", count: int = 1) -> dict[str, Any]:
    return {"product_code": code, "at": at, "route": route, "count": count}


def used(doc: QuotaDoc, *refunds: dict[str, Any], **changes: Any) -> tuple[int, str]:
    case = case_of(history={"refunds": list(refunds)}, **changes)
    state = quota_state(context(case, q=doc), "q")
    assert state.left == max(0, doc.limit - state.used)
    return state.used, state.text


def test_the_customer_is_told_how_many_returns_are_left_of_how_many() -> None:
    assert used(quota()) == (0, "还剩 3 次，共 3 次")
    assert used(quota(), past("2026-01-02T00:00:00+08:00", count=2)) == (2, "还剩 1 次，共 3 次")
    assert used(quota(), past("2026-01-02T00:00:00+08:00", count=5)) == (5, "还剩 0 次，共 3 次")


@pytest.mark.parametrize(
    ("instant", "gone"),
    [
        ("2025-12-31T23:59:59+08:00", 0),
        ("2025-12-31T16:00:00+00:00", 1),
        ("2026-11-23T10:00:00+08:00", 1),
        ("2026-11-23T10:00:01+08:00", 0),
    ],
)
def test_returns_of_this_year_up_to_now_count(instant: str, gone: int) -> None:
    assert used(quota(), past(instant))[0] == gone


def test_only_returns_of_the_same_month_count_against_a_month() -> None:
    doc = quota(period="natural_month")
    assert used(doc, past("2026-11-01T00:00:00+08:00"))[0] == 1
    assert used(doc, past("2026-10-31T23:59:59+08:00"))[0] == 0
    assert used(doc, past("2025-11-20T00:00:00+08:00"))[0] == 0
    assert used(quota(period="lifetime"), past("2020-01-01T00:00:00+08:00"))[0] == 1


def test_products_share_a_count_only_when_both_are_named() -> None:
    other = past("2026-01-02T00:00:00+08:00", code="rds")
    assert used(quota(), other)[0] == 0
    assert used(quota(shared=("bcc",)), other)[0] == 0
    assert used(quota(shared=("rds",)), other)[0] == 0
    assert used(quota(shared=("bcc", "rds")), other)[0] == 1
    assert used(quota(per="account"), other)[0] == 1
    assert used(quota(per="account"), other | {"route": "ordinary"})[0] == 0


def test_an_unknown_entity_matters_only_while_something_may_be_left() -> None:
    doc, gone = quota(limit=1, scope="entity"), past("2026-01-02T00:00:00+08:00")
    assert used(doc, gone)[0] == 1
    with pytest.raises(MissingFactError, match=r"account\.entity_id"):
        used(doc)
    assert used(doc, account={"entity_id": "E1"})[0] == 0


def test_an_unknown_history_is_missing_even_for_a_known_entity() -> None:
    case = case_of(account={"entity_id": "E1"})
    with pytest.raises(MissingFactError) as caught:
        quota_state(context(case, q=quota(scope="entity")), "q")
    assert caught.value.facts == ("history",)


PACK = MethodDoc(kind="ratio", measure="quantity")


@pytest.mark.parametrize("usage", [None, {"size": "0", "used": "0"}])
def test_a_pack_of_unknown_or_no_size_is_a_missing_fact(usage: Any) -> None:
    with pytest.raises(MissingFactError, match=r"resource\.usage"):
        measure(context(case_of(resource={"usage": usage})), PACK, case_of().order)


def test_a_pack_of_one_unit_is_measured_and_never_used_beyond_its_size() -> None:
    case = case_of(resource={"usage": {"size": "1", "used": "3"}})
    measured = measure(context(case), PACK, case.order)
    assert (measured.used, measured.total, measured.start) == (1, 1, None)


def test_a_period_too_short_to_count_is_one_unit() -> None:
    case = case_of(order={"ends_at": "2026-11-14T10:30:00+08:00"})
    doc = MethodDoc(kind="ratio", used=CountDoc("hour", "ceil"), total=CountDoc("hour", "floor"))
    assert measure(context(case), doc, case.order).total == 1


@pytest.mark.parametrize(("how", "used"), [(CountDoc("day", "ceil"), 9), (None, 0)])
def test_use_is_counted_only_where_the_policy_counts_it(how: CountDoc | None, used: int) -> None:
    doc = MethodDoc(kind="ratio", used=how, month_days=30)
    measured = measure(context(case_of()), doc, case_of().order)
    assert (measured.used, measured.total) == (used, 30)


def test_a_month_of_thirty_days_has_720_hours() -> None:
    doc = MethodDoc(kind="ratio", used=CountDoc("hour", "ceil"), month_days=30)
    assert measure(context(case_of()), doc, case_of().order).total == 720


def test_before_the_begin_nothing_is_used() -> None:
    doc = MethodDoc(kind="ratio", used=CountDoc("day", "both_ends"), total_fixed=30)
    early = context(case_of(), at(2026, 11, 14, 9, 59, 59))
    assert measure(early, doc, case_of().order).used == 0
    assert measure(context(case_of(), at(2026, 11, 14, 10)), doc, case_of().order).used == 1


@pytest.mark.parametrize("term", [None, {"unit": "day", "length": 7}])
def test_a_term_without_months_is_a_missing_fact(term: Any) -> None:
    with pytest.raises(MissingFactError, match=r"order\.term"):
        term_months(case_of(order={"term": term}).order)


def test_days_bought_as_days_are_the_whole_period() -> None:
    doc = MethodDoc(kind="ratio", used=CountDoc("day", "ceil"), month_days=30)
    order = case_of(order={"term": {"unit": "day", "length": 40}}).order
    assert measure(context(case_of()), doc, order).total == 40
    with pytest.raises(MissingFactError, match=r"order\.term"):
        measure(context(case_of()), doc, case_of(order={"term": None}).order)
