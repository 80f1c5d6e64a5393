"""What would change for real cases if one policy took the place of another."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from heapq import nlargest

from refund_core.case import ZERO, RefundCase
from refund_core.decision import Decision, Outcome
from refund_core.engine import decide
from refund_core.policy import Policy

Judge = Callable[[RefundCase, datetime], Decision]


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the past and the instant it was asked about."""

    name: str
    case: RefundCase
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One case whose answer becomes another one."""

    name: str
    order_id: str
    outcome_before: Outcome
    outcome_after: Outcome
    amount_before: Decimal | None
    amount_after: Decimal | None
    reasons_before: tuple[str, ...]
    reasons_after: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        """How much more is returned; less is negative. No sum counts as nothing returned."""
        return (self.amount_after or ZERO) - (self.amount_before or ZERO)


@dataclass(slots=True)
class Report:
    """What changes over all cases; amounts in yuan."""

    before: str
    after: str
    cases: int = 0
    total_before: Decimal = ZERO
    total_after: Decimal = ZERO
    outcomes: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)

    @property
    def difference(self) -> Decimal:
        """How much more is returned in all."""
        return self.total_after - self.total_before

    def largest(self, number: int = 10) -> list[Change]:
        """The changes with the largest differences."""
        return nlargest(number, self.changes, key=lambda change: abs(change.difference))


def under(policy: Policy) -> Judge:
    """Decide every case under one policy."""
    return lambda case, as_of: decide(case, as_of, policy)


def compare_cases(
    cases: Iterable[Case], before: Judge, after: Judge, names: tuple[str, str]
) -> Report:
    """Decide every case twice and collect what differs.

    Raises:
        PolicyError: a policy is at fault on some case, see `evaluate`.
    """
    report = Report(*names)
    for case in cases:
        first, second = before(case.case, case.as_of), after(case.case, case.as_of)
        report.cases += 1
        report.total_before += _returned(first)
        report.total_after += _returned(second)
        report.outcomes[first.outcome, second.outcome] += 1
        change = _change(case, first, second)
        if change is not None:
            report.changes.append(change)
    return report


def _returned(decision: Decision) -> Decimal:
    return decision.amount or ZERO


def _change(case: Case, first: Decision, second: Decision) -> Change | None:
    codes = [tuple(reason.code for reason in item.reasons) for item in (first, second)]
    same = (first.outcome, first.amount, codes[0]) == (second.outcome, second.amount, codes[1])
    if same:
        return None
    return Change(
        name=case.name,
        order_id=case.case.order.id,
        outcome_before=first.outcome,
        outcome_after=second.outcome,
        amount_before=first.amount,
        amount_after=second.amount,
        reasons_before=codes[0],
        reasons_after=codes[1],
    )


def at_request(cases: Iterable[tuple[str, RefundCase]], as_of: datetime) -> Iterator[Case]:
    """Cases at the instant of their application; at `as_of` when they hold none."""
    for name, case in cases:
        yield Case(name, case, case.request.requested_at or as_of)
