"""The exact sum of one order, and its one rounding. All amounts here are fen."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from refund_core.case import Order
from refund_core.money import Exact, from_fen, round_exact, round_over, to_fen
from refund_core.policy import Factor, Method


@dataclass(frozen=True, slots=True)
class Measured:
    """How much was used of how much; `start` and `end` when it is time."""

    used: Exact
    total: Exact | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """The exact sum of one order before rounding, in fen.

    Attributes:
        kept: what a downgrade keeps of the rest; part of `consumed`.
        basis: what the method's share or ratio was taken of.
        formula: the calculation of `consumed` with its numbers (yuan).
    """

    order: Order
    method: Method
    paid: int
    consumed: Exact
    formula: str = ""
    fee: Exact = 0
    kept: Exact = 0
    basis: Exact = 0
    measured: Measured | None = None
    factor: Factor | None = None
    fee_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The rounded sum of one order: paid - consumed - fee - refunded = refund, in yuan."""

    paid: Decimal
    consumed: Decimal
    fee: Decimal
    refunded: Decimal
    refund: Decimal


def settle(priced: Priced) -> Settled:
    """Round the sum of one order: the refund to the fen, once; the rest follows from it."""
    paid, back = priced.paid, to_fen(priced.order.refunded)
    used = priced.consumed + priced.fee if priced.fee else priced.consumed
    # Whole numbers over one divisor: quicker than a fraction, and just as exact.
    divisor = used.denominator
    exact = (paid - back) * divisor - used.numerator
    refund = round_over(exact, divisor, priced.method.doc.rounding) if exact > 0 else 0
    refund = max(0, min(refund, paid - back))
    rest = max(0, paid - back - refund)
    fee = 0
    if priced.fee:
        left = max(0, rest - round_exact(priced.consumed, "down"))
        fee = min(round_exact(priced.fee, "half_up"), left)
    return Settled(
        paid=from_fen(paid),
        consumed=from_fen(rest - fee),
        fee=from_fen(fee),
        refunded=priced.order.refunded,
        refund=from_fen(refund),
    )
