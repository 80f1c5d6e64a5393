"""The handling fee of an order: a share of the payment by length of term and year of use."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from refund_core.case import Order
from refund_core.context import Context, required_start
from refund_core.duration import add_months, add_term, at_full_hour, at_midnight, full_months
from refund_core.method_doc import CountDoc
from refund_core.money import Exact
from refund_core.policy import Method
from refund_core.priced import Measured
from refund_core.verdict import MissingFactError, Unknown

_MONTHS_A_YEAR = 12


def fee_of(
    ctx: Context, method: Method, order: Order, measured: Measured, paid: int
) -> tuple[Exact, Decimal | None]:
    """The fee in fen, exact, and its rate; no rate when the policy knows no fee.

    Raises:
        MissingFactError: the term, or the rate for it, is unknown.
    """
    fee = method.doc.fee
    if fee is None:
        return 0, None
    if method.fee_waived is not None:
        waived = method.fee_waived.test(ctx)
        if isinstance(waived, Unknown):
            raise MissingFactError(*waived.facts)
        if waived:
            return 0, Decimal(0)
    start = measured.start or required_start(order, method.doc.period_start)
    if order.term is None:
        raise MissingFactError("order.term")
    months = full_months(start, add_term(start, order.term))
    year = year_of_use(start, ctx.now, method.doc.used)
    for row in fee.rows:
        if row.from_months <= months <= row.to_months and year < len(row.rates):
            return paid * Fraction(row.rates[year]), row.rates[year]
    raise MissingFactError("policy.fee_rate")


def year_of_use(start: datetime, now: datetime, counting: CountDoc | None) -> int:
    """The year of use an instant falls into, by the time that counts as used; 0 is the first."""
    return full_years_over(*_period(start, now, counting))


def full_years_over(start: datetime, end: datetime) -> int:
    """Years that are over: the rate of a year still holds when exactly that year was used."""
    years = full_months(start, end) // _MONTHS_A_YEAR
    exactly = years > 0 and add_months(start, years * _MONTHS_A_YEAR) == end
    return years - 1 if exactly else years


def _period(start: datetime, now: datetime, counting: CountDoc | None) -> tuple[datetime, datetime]:
    """The time that counts as used, cut the way the method counts it."""
    if counting is None:
        return start, now
    if counting.how == "clock_floor":
        return at_full_hour(start), at_full_hour(now)
    if counting.how == "dates":
        return at_midnight(start), at_midnight(now)
    if counting.how == "both_ends":
        return at_midnight(start), at_midnight(now) + timedelta(days=1)
    return start, now
