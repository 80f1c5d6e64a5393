"""The plans file: what it may say, and what stops it."""

import pytest

from refundbot.applications.paths import path_of
from refundbot.applications.plans import (
    PLANS_FILE,
    PlanError,
    Plans,
    default_plans,
    read_plans,
)
from tests.applications.world import World

GOOD = PLANS_FILE.read_text(encoding="utf-8")


def test_the_three_reviews_take_what_the_source_says() -> None:
    stages = default_plans().get("aliyun.manual").stages
    assert [stages[s].text for s in ("first_review", "second_review", "final_review")] == [
        "1–3 个工作日",
        "3–5 个工作日",
        "5–7 个工作日",
    ]
    assert stages["auto_review"].text == "0–24 小时"
    assert stages["refunding"].text == ""


def test_baidus_dates_rest_on_an_assumption_that_is_said() -> None:
    plan = default_plans().choose("baidu", "manual")
    assert plan.source is not None
    assert plan.source.authority == "third_party"
    assert "没有写明" in plan.assumption


def test_a_vendor_without_a_plan_gets_one_that_promises_nothing() -> None:
    for path in ("automatic", "manual"):
        plan = default_plans().choose("somebody", path)  # type: ignore[arg-type]
        assert plan.vendor == "any"
        assert all(stage.most is None for stage in plan.stages.values())
    with pytest.raises(PlanError):
        default_plans().get("gone")
    with pytest.raises(PlanError):
        Plans((), {}).choose("baidu", "manual")


def test_yes_goes_by_itself_and_doubt_goes_to_people(world: World) -> None:
    assert path_of(world.decision("BD1")) == "automatic"
    assert path_of(world.decision("BD2")) == "manual"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("within: [1, 3]", "within: [3, 1]", "within"),
        ("within: [1, 3]", "within: [1.5, 3]", "within"),
        ("within: [1, 3]", "within: 3", "within"),
        ("unit: working_days", "unit: weeks", "unit"),
        ("unit: working_days", "days: 3", "unknown"),
        ("path: manual", "path: quick", "path"),
        ("second_review:", "other_review:", "stages"),
        ("source: baidu_overview", "source: hearsay", "source"),
        ("id: baidu.manual", "id: aliyun.manual", "same id"),
        ("plans:", "plan:", "plans"),
        ("sources:", "sources: [", "not a plans file"),
    ],
)
def test_a_mistake_in_the_file_is_named(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(PlanError, match=says):
        read_plans(GOOD.replace(old, new, 1))
