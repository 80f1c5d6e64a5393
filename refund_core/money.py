"""Exact money: fractions inside, one rounding, parts that add up to the whole."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Rounding = Literal["half_up", "down", "up"]
# Whole numbers stay whole: they are far quicker than fractions, and just as exact.
Exact = int | Fraction

_FEN = 100
_NO_YUAN = Decimal("0.00")


def to_fen(amount: Decimal) -> int:
    """Whole fen of an amount that has at most two decimals."""
    return int(amount.scaleb(2)) if amount else 0


def from_fen(fen: int) -> Decimal:
    """Yuan with two decimals."""
    return Decimal(fen).scaleb(-2) if fen else _NO_YUAN


def ratio(value: Exact, divisor: Exact) -> Fraction:
    """`value` over `divisor`, exactly."""
    return Fraction(value.numerator * divisor.denominator, value.denominator * divisor.numerator)


def round_exact(value: Exact, mode: Rounding) -> int:
    """Round a value that is not negative to a whole number."""
    return round_over(value.numerator, value.denominator, mode)


def round_over(value: int, divisor: int, mode: Rounding) -> int:
    """Round `value` over `divisor`, neither negative, to a whole number."""
    whole, rest = divmod(value, divisor)
    if rest == 0 or mode == "down":
        return whole
    if mode == "up" or 2 * rest >= divisor:
        return whole + 1
    return whole


def allocate(total: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Split `total` in proportion to `weights`; the parts add up exactly.

    Largest remainder: every part gets the fen below its share, then the fen left over go to the
    largest cut-off remainders, ties to the kind named first. No part exceeds its weight as long
    as the total does not exceed the sum of the weights.

    Raises:
        ValueError: there is something to split and every weight is zero.
    """
    fen = to_fen(total)
    shares = {name: to_fen(weight) for name, weight in weights.items()}
    whole = sum(shares.values())
    if fen == 0:
        return dict.fromkeys(weights, from_fen(0))
    if whole == 0:
        raise ValueError(f"cannot split {total} over weights that are all zero")
    if whole in shares.values():  # everything was paid with one kind
        return {name: total if share else from_fen(0) for name, share in shares.items()}
    parts: dict[str, int] = {}
    rests: list[tuple[int, int, str]] = []
    for position, (name, share) in enumerate(shares.items()):
        parts[name], rest = divmod(fen * share, whole)
        rests.append((-rest, position, name))
    rests.sort()
    for _, _, name in rests[: fen - sum(parts.values())]:
        parts[name] += 1
    return {name: from_fen(part) for name, part in parts.items()}


def plain(value: Exact, places: int = 8) -> str:
    """A number as a decimal text, exact when it ends within `places`, else cut and marked …"""
    if value.denominator == 1:
        return str(value.numerator)
    return _decimal(value.numerator, value.denominator, places)


def _decimal(value: int, divisor: int, places: int) -> str:
    whole, rest = divmod(value * 10**places, divisor)
    head, tail = divmod(whole, 10**places)
    decimals = f"{tail:0{places}d}".rstrip("0")
    text = f"{head}.{decimals}" if decimals else str(head)
    return f"{text}…" if rest else text


def plain_yuan(fen: Exact) -> str:
    """Fen as yuan in a decimal text: 28000 is 280, 9333⅓ is 93.33333333…"""
    if fen.denominator == 1:
        whole, cents = divmod(fen.numerator, _FEN)
        return f"{whole}.{cents:02d}".rstrip("0") if cents else str(whole)
    return _decimal(fen.numerator, fen.denominator * _FEN, places=8)
