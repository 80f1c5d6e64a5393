"""Worked examples: facts and the decision they must lead to, in YAML a business owner can read.

A folder `policies/<vendor>/cases/` holds `_bases.yaml` (named cases to start from) and files with
a list of examples: `name`, `base`, `set` (dotted path: value), `as_of`, `expect`.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from refund_core import codec
from refund_core.case import RefundCase
from refund_core.codec import ShapeError
from refund_core.decision import Decision
from refund_core.engine import decide, evaluate
from refund_core.library import PolicySet
from refund_core.loader import item_lines, read_yaml
from refund_core.policy import PolicyError

_KEYS = {"name", "base", "set", "as_of", "expect", "source", "policy"}
_EXPECT = {
    "outcome",
    "amount",
    "route",
    "reasons",
    "missing",
    "trace",
    "deadlines",
    "destination",
    "action",
    "voucher_lost",
    "allocation",
    "daily_decrease",
    "policy",
    "quota_left",
    "fee",
    "conflicts",
    "sides",
}


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """One worked example.

    Attributes:
        name: a sentence about the customer.
        place: file and line, for messages.
        policy: id@version to decide under; the version in force when None.
        expect: what the decision must be, see `mismatches`.
    """

    name: str
    place: str
    case: RefundCase
    as_of: datetime
    policy: str | None
    expect: dict[str, Any]


def read_cases(folder: Path) -> Iterator[WorkedCase]:
    """Every worked example of a folder.

    Raises:
        PolicyError: a file or an example does not fit; names file, line and what is allowed.
    """
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != "_bases.yaml")
    bases = read_yaml(folder / "_bases.yaml") if paths else {}
    for path in paths:
        items = read_yaml(path) or []
        for item, line in zip(items, item_lines(path.read_text(encoding="utf-8")), strict=True):
            yield from _under_each_policy(item, bases, f"{path}, line {line}")


def _under_each_policy(item: dict[str, Any], bases: Any, place: str) -> Iterator[WorkedCase]:
    """One example for each policy it names; `policy` is one name or a list of names."""
    policies = item.get("policy")
    if not isinstance(policies, list):
        yield _worked(item, bases, place)
        return
    for policy in policies:
        name = f"{item['name']} [{policy}]"
        yield _worked({**item, "name": name, "policy": policy}, bases, place)


def _worked(item: dict[str, Any], bases: dict[str, Any], place: str) -> WorkedCase:
    unknown = set(item) - _KEYS
    if unknown:
        raise PolicyError(f"{place}: {sorted(unknown)} not known; use {sorted(_KEYS)}")
    expect = item["expect"]
    unknown = set(expect) - _EXPECT
    if unknown:
        raise PolicyError(f"{place}: expect {sorted(unknown)} not known; use {sorted(_EXPECT)}")
    if item["base"] not in bases:
        raise PolicyError(f"{place}: base {item['base']!r} is not in _bases.yaml")
    data = copy.deepcopy(bases[item["base"]])
    for path, value in (item.get("set") or {}).items():
        _put(data, path, value)
    try:
        case = RefundCase.from_json(data)
        as_of = codec.parse_instant(item["as_of"])
    except (ShapeError, ValueError) as error:
        raise PolicyError(f"{place}: {error}") from None
    return WorkedCase(item["name"], place, case, as_of, item.get("policy"), expect)


def _put(data: Any, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        data = data[int(name)] if isinstance(data, list) else data.setdefault(name, {})
    data[last] = value


def run_cases(folder: Path, policies: PolicySet) -> Iterator[tuple[WorkedCase, list[str]]]:
    """Every worked example of a folder with what of its expectation is not met.

    Raises:
        PolicyError: see `read_cases`, or a policy is at fault.
    """
    for worked in read_cases(folder):
        if worked.policy is None:
            decision = evaluate(worked.case, worked.as_of, policies)
        else:
            decision = decide(worked.case, worked.as_of, policies.get(worked.policy))
        yield worked, mismatches(worked.expect, decision)


def mismatches(expect: dict[str, Any], decision: Decision) -> list[str]:
    """What of the expectation the decision does not meet.

    `trace` maps rule ids of steps to values; each must be there with exactly that value (of any
    order, when several orders have the step). `reasons`, `missing` are compared in full.
    """
    found = _found(decision)
    problems = [
        f"{key}: expected {value!r}, got {found[key]!r}"
        for key, value in expect.items()
        if key not in ("trace", "deadlines", "sides") and found[key] != value
    ]
    for rule, value in expect.get("trace", {}).items():
        values = [step.value for step in decision.steps if step.rule == rule]
        if value not in values:
            problems.append(f"trace {rule}: expected {value!r}, got {values!r}")
    amounts = {
        conflict.code: [
            None if side.amount is None else format(side.amount, "f") for side in conflict.sides
        ]
        for conflict in decision.conflicts
    }
    for code, wanted in expect.get("sides", {}).items():
        if amounts.get(code) != wanted:
            problems.append(f"sides of {code}: expected {wanted}, got {amounts.get(code)}")
    for code, at in expect.get("deadlines", {}).items():
        instants = [item.at for item in decision.deadlines if item.code == code]
        if instants != ([] if at is None else [codec.parse_instant(at)]):
            problems.append(f"deadline {code}: expected {at}, got {instants}")
    return problems


def _found(decision: Decision) -> dict[str, Any]:
    def money(value: Any) -> str | None:
        return None if value is None else format(value, "f")

    allocation = decision.allocation
    return {
        "outcome": decision.outcome,
        "amount": money(decision.amount),
        "route": decision.route,
        "reasons": [reason.code for reason in decision.reasons],
        "missing": [item.fact for item in decision.missing],
        "destination": decision.destination.kind if decision.destination else None,
        "action": decision.next_action.kind if decision.next_action else None,
        "voucher_lost": money(decision.voucher_lost),
        "daily_decrease": money(decision.daily_decrease),
        "fee": money(decision.fee),
        "policy": f"{decision.policy.id}@{decision.policy.version}" if decision.policy else None,
        "quota_left": decision.quota.left if decision.quota else None,
        "conflicts": [item.code for item in decision.conflicts],
        "allocation": {
            kind: value for kind, value in codec.write(allocation).items() if value != "0.00"
        }
        if allocation is not None
        else None,
    }
