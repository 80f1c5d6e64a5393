# ruff: noqa: RUF009  -- `about` only describes a field, it is `dataclasses.field` with a text
"""What a policy file says about computing the consumed part."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from refund_core.codec import DECIMAL_PATTERN, about
from refund_core.duration import Count, Unit
from refund_core.money import Rounding

ID = r"^[a-z][a-z0-9_.-]*$"
OrderInstant = Literal["purchased_at", "effective_at", "starts_at"]


@dataclass(frozen=True, slots=True)
class CountDoc:
    """How a duration is counted."""

    unit: Unit = about("unit")
    how: Count = about("rounding and which ends count")


@dataclass(frozen=True, slots=True)
class FactorDoc:
    """A factor on the consumed part, under conditions."""

    value: Decimal = about("factor, like 1.5", pattern=DECIMAL_PATTERN)
    when: tuple[Any, ...] = about("all must hold; none: always", ())
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class FeeRowDoc:
    """A row of a handling-fee table: terms, and the rate for each year of use."""

    from_months: int = about("shortest term of the row, in months")
    to_months: int = about("longest term of the row, in months")
    rates: tuple[Decimal, ...] = about(
        "rate for the first, second, … year of use", pattern=DECIMAL_PATTERN
    )


@dataclass(frozen=True, slots=True)
class FeeDoc:
    """A handling fee on the amount paid."""

    rows: tuple[FeeRowDoc, ...] = about("the table")
    waived_when: tuple[Any, ...] = about("all must hold; none: never waived", ())
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class MethodDoc:
    """How the consumed amount is computed."""

    kind: Literal["none", "share", "ratio", "units", "payg"] = about(
        "nothing; a fixed share of the payment; used over whole; a price for each unit; full "
        "months at the month's price and the rest by the hour"
    )
    measure: Literal["time", "quantity"] = about(
        "what is counted: time, or what a pack holds", "time"
    )
    basis: Literal["paid", "list_price", "month_price", "term_months"] = about(
        "what the ratio is taken of: the payment, the order's list price, a month's list price "
        "(for `total_fixed` units), or a month's list price for each month of the term",
        "paid",
    )
    rate: Decimal | None = about(
        "share: what is kept of the payment", None, pattern=DECIMAL_PATTERN
    )
    used: CountDoc | None = about("how used time is counted", None)
    total: CountDoc | None = about("how the whole period is counted", None)
    total_fixed: int | None = about("units of the whole period when fixed, like 30", None)
    month_days: int | None = about(
        "days each month of the term counts for in the whole period, like 30", None
    )
    period_start: tuple[OrderInstant, ...] = about(
        "begin of use; the first one known", ("starts_at",)
    )
    stops_at_upgrade: bool = about("use is counted up to the first upgrade only", False)
    discount: Literal["none", "order", "used"] = about("discount on a list price", "none")
    downgrade: Literal["none", "price_difference", "return_then_buy"] = about(
        "what a downgrade returns of the rest: the share the price falls by, or all of it less the "
        "new price of the remaining time",
        "none",
    )
    remaining: Literal["months_and_days", "months_or_days"] = about(
        "return_then_buy: the remaining time is whole months and the days over, or, when it is "
        "not whole months, all of it in days; `total_fixed` days make a month",
        "months_and_days",
    )
    unit_rounding: Rounding | None = about(
        "ratio: rounding of the price of one unit, to the fen; null: not rounded", None
    )
    factors: tuple[FactorDoc, ...] = about("factors; the first that holds applies", ())
    fee: FeeDoc | None = about("handling fee", None)
    rounding: Rounding = about("of the refund of each order, to the fen", "half_up")
    note: str = about("how time is counted, for the customer", "")
    paid_clause: str | None = about("which payments count", None)
    time_clause: str | None = about("how time is counted", None)
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)
