"""The last fen: how a customer's sum is rounded, split and shown."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from refund_core import RefundCase
from refund_core.method_doc import MethodDoc
from refund_core.money import Exact, Rounding, allocate, plain, plain_yuan, ratio, round_over
from refund_core.policy import Method
from refund_core.priced import Priced, settle

from .samples import instance_case


def method_of(rounding: Rounding) -> Method:
    doc = MethodDoc(kind="ratio", rounding=rounding)
    return Method("m", doc, None, None, None, (), None, None)


def settled_of(
    consumed: Exact, *, fee: Exact = 0, refunded: str = "0.00", rounding: Rounding = "half_up"
) -> tuple[str, str, str]:
    """Consumed, fee and refund of an order paid with 100.00."""
    order = replace(RefundCase.from_json(instance_case()).order, refunded=Decimal(refunded))
    settled = settle(Priced(order, method_of(rounding), 10000, consumed, fee=fee))
    assert settled.paid == Decimal("100.00")
    assert settled.refunded == Decimal(refunded)
    parts = settled.consumed + settled.fee + settled.refunded + settled.refund
    assert parts == max(settled.paid, settled.refunded)
    return str(settled.consumed), str(settled.fee), str(settled.refund)


@pytest.mark.parametrize(
    ("value", "divisor", "half_up", "down", "up"),
    [(8, 2, 4, 4, 4), (7, 2, 4, 3, 4), (9, 4, 2, 2, 3), (11, 4, 3, 2, 3), (0, 3, 0, 0, 0)],
)
def test_parts_of_a_fen_are_rounded_as_the_policy_says(
    value: int, divisor: int, half_up: int, down: int, up: int
) -> None:
    assert round_over(value, divisor, "half_up") == half_up
    assert round_over(value, divisor, "down") == down
    assert round_over(value, divisor, "up") == up


@pytest.mark.parametrize(
    ("rounding", "a_third_used", "two_thirds_used"),
    [("half_up", "66.67", "33.33"), ("down", "66.66", "33.33"), ("up", "66.67", "33.34")],
)
def test_the_customer_gets_the_sum_rounded_the_way_the_vendor_rounds(
    rounding: Rounding, a_third_used: str, two_thirds_used: str
) -> None:
    assert settled_of(Fraction(10000, 3), rounding=rounding)[2] == a_third_used
    assert settled_of(Fraction(20000, 3), rounding=rounding)[2] == two_thirds_used


@pytest.mark.parametrize(
    ("consumed", "fee", "refunded", "expected"),
    [
        (3000, 0, "0.00", ("30.00", "0.00", "70.00")),
        (3000, 1000, "0.00", ("30.00", "10.00", "60.00")),
        (3000, 1000, "20.00", ("30.00", "10.00", "40.00")),
        (3000, 0, "90.00", ("10.00", "0.00", "0.00")),
        (9999, 0, "0.00", ("99.99", "0.00", "0.01")),
        (10000, 10, "0.00", ("100.00", "0.00", "0.00")),
        (9995, 10, "0.00", ("99.95", "0.05", "0.00")),
        (12000, 0, "0.00", ("100.00", "0.00", "0.00")),
        (3000, Fraction(2001, 2), "0.00", ("30.00", "10.00", "60.00")),
        (Fraction(6001, 2), 1000, "0.00", ("30.00", "10.00", "60.00")),
    ],
)
def test_use_fee_and_what_was_returned_before_leave_exactly_the_rest(
    consumed: Exact, fee: Exact, refunded: str, expected: tuple[str, str, str]
) -> None:
    assert settled_of(consumed, fee=fee, refunded=refunded) == expected


def test_the_fee_of_half_a_fen_is_a_fen_when_the_sum_leaves_room_for_it() -> None:
    shown = settled_of(3000, fee=Fraction(2001, 2), rounding="down")
    assert shown == ("30.00", "10.01", "59.99")


def test_a_share_of_fractions_is_exact() -> None:
    assert ratio(Fraction(3, 2), Fraction(9, 4)) == Fraction(2, 3)
    assert ratio(7, Fraction(1, 3)) == 21


def test_nothing_to_return_is_nothing_of_every_kind() -> None:
    nothing = {"cash": Decimal("0.00"), "gift": Decimal("0.00")}
    assert allocate(Decimal("0.00"), dict.fromkeys(nothing, Decimal("5.00"))) == nothing
    assert allocate(Decimal("0.00"), nothing) == nothing


def test_a_single_fen_goes_to_the_kind_most_was_paid_with() -> None:
    weights = {"cash": Decimal("1.00"), "gift": Decimal("2.00")}
    assert allocate(Decimal("0.01"), weights) == {"cash": Decimal("0.00"), "gift": Decimal("0.01")}


def test_a_sum_cannot_be_split_over_payments_that_are_all_nothing() -> None:
    with pytest.raises(ValueError, match="all zero"):
        allocate(Decimal("1.00"), {"cash": Decimal("0.00")})
    assert allocate(Decimal("0.01"), {"cash": Decimal("0.01")}) == {"cash": Decimal("0.01")}


def test_what_was_not_paid_with_a_kind_does_not_come_back_that_way() -> None:
    weights = {"cash": Decimal("280.00"), "gift": Decimal("0.00")}
    shares = allocate(Decimal("186.67"), weights)
    assert shares == {"cash": Decimal("186.67"), "gift": Decimal("0.00")}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(30, "30"), (Fraction(5, 2), "2.5"), (Fraction(1, 3), "0.33333333…"), (Fraction(30), "30")],
)
def test_a_number_in_a_calculation_is_exact_or_says_that_it_was_cut(
    value: Exact, shown: str
) -> None:
    assert plain(value) == shown


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(28000, "280"), (28050, "280.5"), (28005, "280.05"), (Fraction(28000, 3), "93.33333333…"),
     (Fraction(1, 2), "0.005")],
)  # fmt: skip
def test_yuan_in_a_calculation_are_exact_or_say_that_they_were_cut(fen: Exact, shown: str) -> None:
    assert plain_yuan(fen) == shown
