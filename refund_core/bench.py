"""How fast the core decides: `python -m refund_core.bench`.

Processor time of one core, so that other work on the machine matters little; the best of several
rounds, so that a short disturbance does not count.
"""

import copy
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import click

from refund_core.backtest import Case, compare_cases, under
from refund_core.case import RefundCase
from refund_core.engine import decide
from refund_core.library import POLICY_DIR, default_policies
from refund_core.worked import read_cases

_ROUNDS = 5
_SECONDS = 0.4


def rate(work: Callable[[], object], number: int = 1) -> float:
    """How often a second `work` does its `number` of things."""
    best = 0.0
    for _ in range(_ROUNDS):
        done, start = 0, time.process_time()
        while (spent := time.process_time() - start) < _SECONDS:
            work()
            done += number
        best = max(best, done / spent)
    return best


def with_orders(case: RefundCase, number: int) -> RefundCase:
    """The case with so many orders on its resource: renewals one after the other."""
    assert case.order.ends_at is not None  # a case with a period
    month = timedelta(days=30)
    related = tuple(
        replace(
            copy.copy(case.order),
            id=f"{case.order.id}-{index}",
            kind="renewal",
            starts_at=case.order.ends_at + index * month,
            ends_at=case.order.ends_at + (index + 1) * month,
        )
        for index in range(number - 1)
    )
    return replace(case, related_orders=related)


def main() -> None:
    """Print decisions a second: a typical case, by orders a case, and in a back-test."""
    folder = POLICY_DIR / "baidu" / "cases"
    examples = [item for item in read_cases(folder) if item.policy is None]
    typical = next(item for item in examples if item.expect.get("route") == "difference")
    policy = default_policies().get("baidu-unsubscribe@2025-08-21")
    for number in (1, 2, 5, 10, 20, 50):
        case, at = with_orders(typical.case, number), typical.as_of
        speed = rate(lambda case=case, at=at: decide(case, at, policy))  # type: ignore[misc]
        click.echo(f"{number:3d} orders a case: {speed:10,.0f} decisions/s")
    cases = [Case(item.name, item.case, item.as_of) for item in examples]
    judge = under(policy)
    speed = rate(lambda: compare_cases(cases, judge, judge, ("a", "b")), len(cases))
    click.echo(f"back-test over all worked examples: {speed:10,.0f} cases/s")


if __name__ == "__main__":
    main()
