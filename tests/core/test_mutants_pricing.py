"""Pricing what was used: discounts by term, hourly prices, downgrades, and unknown facts."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from refund_core import RefundCase
from refund_core.codec import SHANGHAI
from refund_core.context import Context
from refund_core.method_doc import CountDoc, FeeDoc, FeeRowDoc, MethodDoc
from refund_core.money import Exact
from refund_core.policy import Factor, Method
from refund_core.priced import Measured, Priced
from refund_core.pricing import factor_for, price
from refund_core.verdict import MissingFactError, Unknown, Verdict

from .samples import instance_case

HOURLY = CountDoc("hour", "ceil")
KINDS = ("cash",)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


def method_of(**doc: Any) -> Method:
    return Method("m", MethodDoc(**doc), None, None, None, (), None, None)


def priced(
    now: datetime, method: Method, order: dict[str, Any], request: dict[str, Any] | None = None
) -> Priced:
    """The order of the samples, 300.00 cash from 2026-01-01 on, changed and priced."""
    data = instance_case()
    data["order"] |= {
        "purchased_at": "2026-01-01T00:00:00+08:00",
        "starts_at": "2026-01-01T00:00:00+08:00",
        "ends_at": "2027-01-01T00:00:00+08:00",
        "term": {"unit": "year", "length": 1},
        "amount": "300.00",
        "payments": {"cash": "300.00"},
        **order,
    }
    data["request"] = request or {}
    case = RefundCase.from_json(data)
    policy: Any = SimpleNamespace()
    return price(Context(case, now, policy), method, case.order, KINDS)


TIERS = [
    {"months": 1, "discount": "1"},
    {"months": 6, "discount": "0.88"},
    {"months": 12, "discount": "0.83"},
]
PAYG = method_of(kind="payg", used=HOURLY)


@pytest.mark.parametrize(
    ("now", "yuan"),
    [
        (at(2026, 6, 1), 10 * 5),
        (at(2026, 7, 1), 10 * 6 * Fraction("0.88")),
        (at(2026, 12, 1), 10 * 11 * Fraction("0.88")),
        (at(2027, 1, 1), 10 * 12 * Fraction("0.83")),
    ],
)
def test_months_used_get_the_discount_of_the_longest_term_reached(
    now: datetime, yuan: Exact
) -> None:
    for tiers in (TIERS, TIERS[::-1]):
        pricing = {"month_price": "10", "term_discounts": tiers}
        assert priced(now, PAYG, {"pricing": pricing}).consumed == yuan * 100


def test_a_term_shorter_than_any_discount_has_none() -> None:
    pricing = {"month_price": "10", "term_discounts": TIERS[1:]}
    result = priced(at(2026, 2, 1), PAYG, {"pricing": pricing})
    assert result.consumed == 1000
    assert result.formula == "月价 10 × 1 个月 × 折扣 1"


PER_HOUR = [{"price": "0.5", "up_to_hours": 10}, {"price": "0.3"}]


@pytest.mark.parametrize(
    ("now", "fen", "formula"),
    [
        (at(2026, 1, 1, 10), 500, "按量价 0.5 × 10 小时"),
        (at(2026, 1, 1, 11), 530, "按量价 0.5 × 10 小时 ＋ 按量价 0.3 × 1 小时"),
        (at(2026, 2, 1, 2), 1100, "月价 10 × 1 个月 × 折扣 1 ＋ 按量价 0.5 × 2 小时"),
    ],
)
def test_the_rest_of_a_month_costs_the_hourly_price_of_its_tier(
    now: datetime, fen: int, formula: str
) -> None:
    pricing = {"month_price": "10", "used_discount": "1", "payg": PER_HOUR}
    result = priced(now, PAYG, {"pricing": pricing})
    assert (result.consumed, result.formula) == (fen, formula)


def test_a_discount_on_hourly_prices_is_shown() -> None:
    pricing = {"discount": "0.8", "payg": PER_HOUR}
    method = method_of(kind="payg", used=HOURLY, discount="order")
    result = priced(at(2026, 1, 1, 10), method, {"pricing": pricing})
    assert (result.consumed, result.formula) == (400, "按量价 0.5 × 10 小时 ＋ 折扣 0.8")


@pytest.mark.parametrize("tiers", [[], [{"price": "0.5", "up_to_hours": 10}]])
def test_hours_without_a_price_are_a_missing_fact(tiers: list[Any]) -> None:
    with pytest.raises(MissingFactError, match=r"order\.pricing\.payg"):
        priced(at(2026, 1, 1, 11), PAYG, {"pricing": {"payg": tiers}})


def test_what_was_returned_before_is_no_part_of_the_rest_of_a_downgrade() -> None:
    method = method_of(
        kind="ratio", used=HOURLY, total=HOURLY, downgrade="price_difference", rounding="half_up"
    )
    half = at(2026, 7, 2, 12)
    order = {"pricing": {"month_price": "30"}, "refunded": "50.00"}
    result = priced(half, method, order, {"new_month_price": "15"})
    assert result.kept == 5000  # half of 300 - 150 used - 50 returned
    assert result.consumed == 20000
    with pytest.raises(MissingFactError, match=r"request\.new_month_price"):
        priced(half, method, order)


def test_the_new_price_of_the_months_and_days_left_stays_with_a_downgrade() -> None:
    method = method_of(kind="ratio", used=HOURLY, total=HOURLY, downgrade="return_then_buy")
    request = {"new_month_price": "6", "new_discount": "0.5"}
    result = priced(at(2026, 10, 17), method, {}, request)
    months = 2 + Fraction(15, 30)  # to 2026-12-17, then 15 days
    assert result.kept == 600 * months * Fraction(1, 2)


@pytest.mark.parametrize(
    ("basis", "paid"), [("paid", "0.01"), ("paid", "0.02"), ("list_price", "0.01")]
)
def test_a_single_fen_is_priced_like_any_other_sum(basis: Any, paid: str) -> None:
    method = method_of(kind="ratio", basis=basis, used=HOURLY, total=HOURLY)
    order = {"amount": paid, "payments": {"cash": paid}, "list_price": paid}
    result = priced(at(2026, 7, 2, 12), method, order)
    assert result.consumed == Fraction(paid) * 100 / 2
    assert result.measured is not None


def test_after_the_end_the_months_used_are_those_of_the_term() -> None:
    method = method_of(kind="ratio", basis="month_price", used=CountDoc("month", "floor"),
                       total_fixed=12, discount="used")  # fmt: skip
    tiers = [*TIERS, {"months": 13, "discount": "0.5"}]
    order = {"pricing": {"month_price": "10", "term_discounts": tiers}}
    result = priced(at(2027, 3, 1), method, order)
    assert result.basis == 1000 * Fraction("0.83")


def test_a_fee_is_due_from_the_first_instant_of_use() -> None:
    fee = FeeDoc(rows=(FeeRowDoc(1, 36, (Decimal("0.1"),)),))
    method = method_of(kind="ratio", used=HOURLY, total=HOURLY, fee=fee)
    begin = at(2026, 1, 1)
    result = priced(begin, method, {})
    assert (result.consumed, result.fee, result.fee_rate) == (0, 3000, Decimal("0.1"))
    early = {"purchased_at": "2025-12-01T00:00:00+08:00"}
    result = priced(at(2025, 12, 31, 23, 59, 59), method, early)
    assert (result.fee, result.fee_rate) == (0, None)


def test_a_fee_for_a_term_nobody_recorded_is_a_missing_fact() -> None:
    fee = FeeDoc(rows=(FeeRowDoc(1, 36, (Decimal("0.1"),)),))
    method = method_of(kind="ratio", used=HOURLY, total=HOURLY, fee=fee)
    with pytest.raises(MissingFactError, match=r"order\.term"):
        priced(at(2026, 2, 1), method, {"term": None})


def test_a_fee_that_is_waived_is_a_fee_of_nothing() -> None:
    fee = FeeDoc(rows=(FeeRowDoc(1, 36, (Decimal("0.1"),)),))
    method = method_of(kind="ratio", used=HOURLY, total=HOURLY, fee=fee)
    for verdict, expected in ((True, (0, Decimal(0))), (False, (3000, Decimal("0.1")))):
        waived: Any = SimpleNamespace(test=lambda ctx, verdict=verdict: verdict)
        result = priced(at(2026, 2, 1), replace(method, fee_waived=waived), {})
        assert (result.fee, result.fee_rate) == expected
    unsure: Any = SimpleNamespace(test=lambda ctx: Unknown(("account.framework_contract",)))
    with pytest.raises(MissingFactError, match=r"account\.framework_contract"):
        priced(at(2026, 2, 1), replace(method, fee_waived=unsure), {})


def factors(*verdicts: Verdict) -> Method:
    rules: Any = tuple(
        SimpleNamespace(when=SimpleNamespace(test=lambda ctx, verdict=verdict: verdict))
        for verdict in verdicts
    )
    return replace(method_of(kind="ratio"), factors=rules)


def test_a_factor_that_rests_on_an_unknown_fact_is_not_guessed() -> None:
    ctx: Any = SimpleNamespace(measures={})
    with pytest.raises(MissingFactError, match=r"resource\.used"):
        factor_for(ctx, factors(Unknown(("resource.used",)), True), Measured(1, 2))
    method = factors(False, True, True)
    found: Factor | None = factor_for(ctx, method, Measured(1, 2))
    assert found is method.factors[1]
    assert ctx.measures == {"used": 1, "total": 2}
    assert factor_for(ctx, factors(False), Measured(1)) is None


UNIT_PRICE = {"pricing": {"unit_price": "2.5"}}


@pytest.mark.parametrize(
    ("doc", "order", "fen", "formula"),
    [
        ({"kind": "share", "rate": Decimal("0.3")}, {}, 9000, "实付金额 300 × 30%"),
        ({"kind": "units"}, UNIT_PRICE, 2500, "单价 2.5 × 10"),
        ({"kind": "ratio", "total_fixed": 30}, {}, 10000, "实付金额 300 × 10 ÷ 30"),
        (
            {"kind": "ratio", "total_fixed": 31, "unit_rounding": "half_up"},
            {},
            9680,
            "实付金额 300 ÷ 31 ≈ 9.68，× 10",
        ),
    ],
)
def test_the_calculation_shown_is_the_one_that_was_made(
    doc: dict[str, Any], order: dict[str, Any], fen: int, formula: str
) -> None:
    method = method_of(used=CountDoc("day", "ceil"), **doc)
    result = priced(at(2026, 1, 11), method, order)
    assert (result.consumed, result.formula) == (fen, formula)


def test_the_factor_is_part_of_the_calculation_shown() -> None:
    always: Any = SimpleNamespace(test=lambda ctx: True)
    rule: Any = SimpleNamespace(doc=SimpleNamespace(value=Decimal("1.5")), when=always)
    method = method_of(kind="ratio", used=CountDoc("day", "ceil"), total_fixed=30)
    result = priced(at(2026, 1, 11), replace(method, factors=(rule,)), {})
    assert (result.consumed, result.factor) == (15000, rule)
    assert result.formula == "实付金额 300 × 10 ÷ 30 × 系数 1.5"


@pytest.mark.parametrize(
    ("remaining", "months"),
    [("months_and_days", 2 + Fraction(16, 30)), ("months_or_days", Fraction(77, 30))],
)
def test_a_day_that_has_begun_is_left_as_a_whole_day(remaining: Any, months: Exact) -> None:
    method = method_of(
        kind="ratio", used=HOURLY, total=HOURLY, downgrade="return_then_buy", remaining=remaining
    )
    request = {"new_month_price": "6", "new_discount": "1"}
    result = priced(at(2026, 10, 16, 12), method, {}, request)
    assert result.kept == 600 * months
