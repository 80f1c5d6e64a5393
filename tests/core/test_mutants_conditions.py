"""A condition that does not mean what its author thinks is refused, before a customer meets it."""

from typing import Any

import pytest

from refund_core.catalogue import CATALOGUE
from refund_core.codec import ShapeError
from refund_core.conditions import Condition, Names, compile_when, exclude_each_other

NAMES = Names(windows=frozenset({"five_days", "month"}), quotas=frozenset({"once"}))


def compiled(*when: Any) -> Condition:
    return compile_when(when, "when", NAMES)


@pytest.mark.parametrize(
    ("item", "path", "allowed"),
    [
        (3, "when[0]", "a predicate's name"),
        ({"used": None, "expired": None}, "when[0]", "or one name with its parameter"),
        ({"any": []}, "when[0].any", "a list of conditions"),
        ({"all": "used"}, "when[0].all", "a list of conditions"),
        ({"any": [{"all": [3]}]}, "when[0].any[0].all[0]", "a predicate's name"),
        ({"used": True}, "when[0].used", "nothing: used takes no parameter"),
        ({"term_over_months": "1"}, "when[0].term_over_months", "a whole number"),
        ({"term_over_months": True}, "when[0].term_over_months", "a whole number"),
        ({"category": "instance"}, "when[0].category", "a list with at least one value"),
        ({"category": []}, "when[0].category", "a list with at least one value"),
        ({"category": ["server"]}, "when[0].category[0]", "one of instance"),
        ({"product": [3]}, "when[0].product[0]", "text"),
        ({"window_open": "year"}, "when[0].window_open", "a key of `windows`: five_days, month"),
        ({"quota_left": "twice"}, "when[0].quota_left", "a key of `quotas`: once"),
    ],
)
def test_a_condition_that_does_not_fit_is_refused_at_its_place(
    item: Any, path: str, allowed: str
) -> None:
    with pytest.raises(ShapeError) as caught:
        compiled(item)
    assert caught.value.path == path
    assert allowed in caught.value.allowed


def test_an_unknown_condition_is_answered_with_those_there_are() -> None:
    with pytest.raises(ShapeError) as caught:
        compiled("bilingual")
    names = ", ".join(sorted(CATALOGUE))
    assert caught.value.allowed == f"a predicate among {names}; or not, any, all"


@pytest.mark.parametrize(
    ("first", "second", "never_both"),
    [
        ({"category": ["instance"]}, {"category": ["usage_pack"]}, True),
        ({"category": ["instance", "other"]}, {"category": ["other"]}, False),
        ({"category": ["instance"]}, {"not": {"category": ["instance", "other"]}}, True),
        ({"category": ["instance", "other"]}, {"not": {"category": ["instance"]}}, False),
        ("used", {"not": "used"}, True),
        ("used", "expired", False),
        ({"window_open": "five_days"}, {"window_closed": "five_days"}, True),
        ({"window_open": "five_days"}, {"window_closed": "month"}, False),
        ({"window_open": "five_days"}, {"not": {"window_open": "five_days"}}, True),
    ],
)
def test_two_ways_are_told_apart_when_they_can_never_both_hold(
    first: Any, second: Any, never_both: bool
) -> None:
    assert exclude_each_other(compiled(first), compiled(second)) is never_both
    assert exclude_each_other(compiled(second), compiled(first)) is never_both
