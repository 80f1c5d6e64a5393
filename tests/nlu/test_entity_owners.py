"""Purchases told by their age, vendors whose orders are meant, and what 台 counts."""

import pytest

from tests.nlu.reading import days, values


@pytest.mark.parametrize(
    ("typed", "interval"),
    [
        ("买了37分钟", "2026-11-23T09:18+08:00/2026-11-23T09:29+08:00"),
        ("刚买了37分钟能退吗", "2026-11-23T09:18+08:00/2026-11-23T09:29+08:00"),
        ("买了大概20分钟", "2026-11-23T09:35+08:00/2026-11-23T09:46+08:00"),
        ("下单才一个小时", "2026-11-23T08:30+08:00/2026-11-23T09:31+08:00"),
        ("买了半小时", "2026-11-23T09:15+08:00/2026-11-23T09:46+08:00"),
    ],
)
def test_minutes_and_hours_since_the_purchase_point_at_its_instant(
    typed: str, interval: str
) -> None:
    assert values(typed, "purchase_time") == [interval]
    assert values(typed, "duration") == []


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("买了三天的服务器", "2026-11-20", "2026-11-21"),
        ("才买了两天", "2026-11-21", "2026-11-22"),
        ("已经买了两个月", "2026-09-10", "2026-10-09"),
        ("买了两个月了能退吗", "2026-09-10", "2026-10-09"),
    ],
)
def test_days_and_months_since_the_purchase_are_rough(typed: str, since: str, until: str) -> None:
    assert days(typed) == [(since, until)]


@pytest.mark.parametrize(
    "typed",
    ["买了一年的服务器", "我买了3个月，能退多少", "买了7天的试用", "买了七天无理由", "用了37分钟"],
)
def test_the_length_that_was_bought_is_no_age(typed: str) -> None:
    assert values(typed, "purchase_time") == []


@pytest.mark.parametrize(
    ("typed", "vendor"),
    [
        ("阿里云那台能退多少", "aliyun"),
        ("在腾讯云买的服务器", "tencent"),
        ("我华为云的订单", "huawei"),
        ("百度云ECS怎么退", "baidu"),
    ],
)
def test_a_vendor_whose_order_is_meant(typed: str, vendor: str) -> None:
    assert values(typed, "vendor") == [vendor]


@pytest.mark.parametrize(
    "typed",
    ["你们比阿里云贵多了", "我要换成华为云", "从阿里云迁过来的", "跟腾讯云那台比太慢", "阿里巴巴"],
)
def test_a_vendor_that_is_only_spoken_of(typed: str) -> None:
    assert values(typed, "vendor") == []


def test_only_machines_are_counted_with_tai() -> None:
    assert values("那台还能退吗", "category") == ["instance"]
    assert values("那个还能退吗", "category") == []
    assert values("哪台词典", "category") == []
