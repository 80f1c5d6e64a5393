"""When something was bought, how long it was used, and pastes full of times."""

import time
from datetime import datetime

import pytest

from refundbot.clock import parse_instant
from refundbot.nlu.entities.extractor import find_entities
from tests.nlu.reading import NOW, days, entities, values


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("14号买的", "2026-11-14", "2026-11-14"),
        ("十四号买的", "2026-11-14", "2026-11-14"),
        ("上周六买的", "2026-11-21", "2026-11-21"),
        ("上周五", "2026-11-20", "2026-11-20"),
        ("前天下午", "2026-11-21", "2026-11-21"),
        ("11月3号", "2026-11-03", "2026-11-03"),
        ("国庆节买的", "2026-10-01", "2026-10-01"),
        ("上个月底", "2026-10-25", "2026-10-31"),
        ("昨天", "2026-11-22", "2026-11-22"),
        ("11.14买的", "2026-11-14", "2026-11-14"),
        ("10月份买的", "2026-10-01", "2026-10-31"),
        ("3天前买的", "2026-11-20", "2026-11-20"),
        ("刚买的", "2026-11-23", "2026-11-23"),
        ("618买的", "2026-06-18", "2026-06-18"),
    ],
)
def test_when_it_was_bought(typed: str, since: str, until: str) -> None:
    assert days(typed) == [(since, until)]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31号买的", "2026-10-31"),
        ("24号买的", "2026-10-24"),
        ("23号买的", "2026-11-23"),
        ("12月5号买的", "2025-12-05"),
        ("周五买的", "2026-11-20"),
        ("双十二买的", "2025-12-12"),
        ("晚上八点买的", "2026-11-22"),
    ],
)
def test_a_purchase_is_never_in_the_future(typed: str, day: str) -> None:
    assert days(typed) == [(day, day)]


def test_on_the_tenth_the_fourteenth_is_last_months() -> None:
    assert days("14号", now=parse_instant("2026-11-10T10:00:00+08:00")) == [
        ("2026-10-14", "2026-10-14")
    ]


def test_across_the_new_year() -> None:
    assert days("31号买的", now=parse_instant("2027-01-02T00:00:01+08:00")) == [
        ("2026-12-31", "2026-12-31")
    ]


def test_the_day_is_shanghais_whatever_the_clock_says() -> None:
    late = datetime.fromisoformat("2026-11-22T17:00:00+00:00")  # the 23rd, 01:00 in Shanghai
    assert days("昨天买的", now=late) == [("2026-11-22", "2026-11-22")]


@pytest.mark.parametrize(
    ("typed", "since"),
    [
        ("明天退", "2026-11-24"),
        ("三天后退会怎样", "2026-11-26"),
        ("下个月再退", "2026-12-01"),
        ("12月1号退能退多少", "2026-12-01"),
        ("30号再退呢", "2026-11-30"),
        ("周五退能退多少", "2026-11-27"),
    ],
)
def test_a_time_ahead_is_no_purchase(typed: str, since: str) -> None:
    assert days(typed) == []
    assert days(typed, "future_time")[0][0] == since


@pytest.mark.parametrize(
    "typed",
    [
        "用了俩月",
        "昨天申请的退款",
        "1号退的还没到",
        "上周五提交的申请到哪了",
        "今天能退吗",
        "今天退能退多少",
        "前天被驳回了",
    ],
)
def test_when_something_else_happened_is_no_purchase(typed: str) -> None:
    assert days(typed) == []


def test_a_part_of_a_day_is_an_interval_to_the_minute() -> None:
    assert values("昨天下午三点买的", "purchase_time") == [
        "2026-11-22T15:00+08:00/2026-11-22T16:00+08:00"
    ]


def test_bought_today_is_a_purchase() -> None:
    assert days("今天上午买的") == [("2026-11-23", "2026-11-23")]


@pytest.mark.parametrize(
    ("typed", "whole", "minutes"),
    [
        ("用了20天", 20, 28800),
        ("用了37分钟", 0, 37),
        ("才用两个小时", 0, 120),
        ("用了三个月", 90, 129600),
    ],
)
def test_how_long_it_was_used(typed: str, whole: int, minutes: int) -> None:
    [value] = values(typed, "duration")
    assert (value["days"], value["minutes"]) == (whole, minutes)


@pytest.mark.parametrize("typed", ["七天无理由", "3到5个工作日", "第三天", "第二次", "几天到账"])
def test_the_words_of_a_rule_are_no_time(typed: str) -> None:
    assert [e for e in entities(typed) if e["entity"] != "ordinal"] == []


def test_what_the_time_parser_gives_up_on_is_not_logged(capfd: pytest.CaptureFixture[str]) -> None:
    for text in ["每号", "按月费", "每费", "这个月费", "每个月费"]:
        find_entities(text, NOW)
    captured = capfd.readouterr()
    assert "Traceback" not in captured.out + captured.err


@pytest.mark.parametrize("word", ["前天后天昨天今天", "1月2号3点", "1-", "上周五 ", "昨天买的"])
def test_a_paste_full_of_times_holds_nobody_up(word: str) -> None:
    entities("昨天")  # loads the parser
    started = time.process_time()
    entities(word * 150)
    assert time.process_time() - started < 1.0  # seconds; it was nine before pieces were cut


def test_a_time_late_in_a_long_message_is_still_found() -> None:
    story = "我们公司一直在用你们的产品,用得还可以,这次是测试环境买错了配置,领导让我问问看,"
    assert days(story + "就是14号买的那台还能退吗") == [("2026-11-14", "2026-11-14")]
