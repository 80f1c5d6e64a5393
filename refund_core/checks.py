"""What a policy must keep to beyond its shape. Each problem: the key path and what to do."""

import string
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from refund_core.conditions import exclude_each_other
from refund_core.policy import Policy, Route
from refund_core.texts import PLACEHOLDERS

Problem = tuple[str, str]


def check(policy: Policy) -> Iterator[Problem]:
    """Every problem of one policy."""
    yield from _grounds(policy)
    yield from _codes(policy)
    yield from _placeholders(policy)
    yield from _routes(policy)
    yield from _methods(policy)


def check_set(policies: Sequence[Policy]) -> Iterator[Problem]:
    """Problems between policies: twice the same version, dates that overlap."""
    for first, second in combinations(policies, 2):
        one, two = first.doc, second.doc
        same_place = one.vendor == two.vendor and bool(set(one.sites) & set(two.sites))
        if one.authority != two.authority or not same_place or one.products != two.products:
            continue
        if first.key == second.key:
            yield first.key, "is there twice; give one of them another version"
        elif _overlap(first, second):
            yield (
                f"{first.key} and {second.key}",
                "hold at the same time for the same products; end one with `effective.until` "
                "where the other begins",
            )


def _overlap(first: Policy, second: Policy) -> bool:
    starts_before_end = second.end is None or first.start < second.end
    return starts_before_end and (first.end is None or second.start < first.end)


def _grounded(items: dict[str, Any], path: str, policy: Policy) -> Iterator[Problem]:
    for key, item in items.items():
        where = f"{path}.{key}".strip(".")
        if item.clause is None and item.assumption is None:
            yield where, "rests on nothing; give `clause` (quoted) or `assumption` (stated)"
        if item.clause is not None and item.clause not in policy.doc.clauses:
            yield f"{where}.clause", f"{item.clause!r} is no key of `clauses`"
        if item.assumption is not None and item.assumption not in policy.doc.assumptions:
            yield f"{where}.assumption", f"{item.assumption!r} is no key of `assumptions`"


def _grounds(policy: Policy) -> Iterator[Problem]:
    doc = policy.doc
    yield from _grounded({"effective": doc.effective, "clock": doc.clock}, "", policy)
    for table in ("windows", "quotas", "methods", "destinations", "timings"):
        yield from _grounded(getattr(doc, table), table, policy)
    exclusions = {f"exclusions[{index}]": item for index, item in enumerate(doc.exclusions)}
    if doc.zero_refund is not None:
        exclusions["zero_refund"] = doc.zero_refund
    for where, item in exclusions.items():
        yield from _grounded({"": item}, where, policy)
    for key, method in doc.methods.items():
        for index, factor in enumerate(method.factors):
            yield from _grounded({"": factor}, f"methods.{key}.factors[{index}]", policy)
        if method.fee is not None:
            yield from _grounded({"": method.fee}, f"methods.{key}.fee", policy)
    for index, route in enumerate(doc.routes):
        if route.limit is not None:
            yield from _grounded({"": route.limit}, f"routes[{index}].limit", policy)
    for where, keys in _clause_lists(policy):
        for key in keys:
            if key not in doc.clauses:
                yield where, f"{key!r} is no key of `clauses`"


def _clause_lists(policy: Policy) -> Iterator[tuple[str, Sequence[str]]]:
    for index, note in enumerate(policy.doc.notes):
        yield f"notes[{index}].clauses", note.clauses
    for index, rule in enumerate(policy.doc.rules):
        yield f"rules[{index}].clauses", rule.clauses
    for index, route in enumerate(policy.doc.routes):
        if not route.clauses and not route.assumptions:
            yield f"routes[{index}].clauses", ("",)


def _codes(policy: Policy) -> Iterator[Problem]:
    doc = policy.doc
    seen: set[str] = set()
    zero = (doc.zero_refund,) if doc.zero_refund else ()
    codes = {item.code for item in (*doc.exclusions, *zero)}
    for index, item in enumerate((*doc.exclusions, *zero)):
        where = f"exclusions[{index}]" if index < len(doc.exclusions) else "zero_refund"
        if item.code in seen:
            yield f"{where}.code", f"{item.code!r} is there twice; reason codes are unique"
        seen.add(item.code)
        for code in item.implied_by:
            if code not in codes:
                yield f"{where}.implied_by", f"{code!r} is no code of `exclusions`"
    ids = [route.id for route in doc.routes]
    for index, route in enumerate(doc.routes):
        if route.id in ids[:index]:
            yield f"routes[{index}].id", f"{route.id!r} is there twice; route ids are unique"
        for code in route.exempt:
            if code not in codes:
                yield f"routes[{index}].exempt", f"{code!r} is no code of `exclusions`"
        for other in route.over:
            if other not in ids:
                yield f"routes[{index}].over", f"{other!r} is no route"
    for index, conflict in enumerate(doc.conflicts):
        if conflict.code in seen:
            yield f"conflicts[{index}].code", f"{conflict.code!r} is there twice"
        seen.add(conflict.code)
        if len(conflict.sides) < 2:
            yield f"conflicts[{index}].sides", "a conflict has two sides at least"
    for key, quota in doc.quotas.items():
        for other in quota.routes:
            if other not in ids:
                yield f"quotas.{key}.routes", f"{other!r} is no route"


def _placeholders(policy: Policy) -> Iterator[Problem]:
    doc = policy.doc
    texts = {f"exclusions[{index}].text": item.text for index, item in enumerate(doc.exclusions)}
    if doc.zero_refund is not None:
        texts["zero_refund.text"] = doc.zero_refund.text
    for where, text in texts.items():
        for _, name, _, _ in string.Formatter().parse(text):
            if name is not None and name not in PLACEHOLDERS:
                yield where, f"{{{name}}} is not known; use {', '.join(sorted(PLACEHOLDERS))}"


def _routes(policy: Policy) -> Iterator[Problem]:
    for (index, first), (_, second) in combinations(enumerate(policy.routes), 2):
        ahead, behind = _order(first, second)
        if ahead is None or behind is None:
            if not exclude_each_other(first.when, second.when):
                yield (
                    f"routes[{index}]",
                    f"{first.doc.id} and {second.doc.id} can both match; say with `over` which "
                    "goes first, or give them conditions that exclude each other",
                )
        elif set(ahead.when.atoms) <= set(behind.when.atoms) and _all_atoms(ahead):
            yield (
                f"routes[{policy.routes.index(behind)}]",
                f"{behind.doc.id} can never be taken: {ahead.doc.id} matches whenever it does "
                "and goes first",
            )


def _all_atoms(route: Route) -> bool:
    # `any` leaves no atoms behind; such a route cannot be compared.
    return len(route.when.atoms) >= len(route.doc.when)


def _order(first: Route, second: Route) -> tuple[Route | None, Route | None]:
    if second.doc.id in first.doc.over:
        return first, second
    if first.doc.id in second.doc.over:
        return second, first
    return None, None


def _methods(policy: Policy) -> Iterator[Problem]:
    for key, method in policy.doc.methods.items():
        where = f"methods.{key}"
        if method.kind == "share" and method.rate is None:
            yield where, "a share needs `rate`: what is kept of the payment"
        if method.kind in ("none", "share") or method.measure == "quantity":
            continue
        if method.used is None:
            yield where, f"{method.kind} needs `used`: how used time is counted"
        wholes = (method.total, method.total_fixed, method.month_days)
        if method.kind == "ratio" and all(whole is None for whole in wholes):
            yield (
                where,
                "a ratio needs `total` (counted), `total_fixed` (a number) or `month_days` (days "
                "of a month of the term)",
            )
    for index, deadline in (
        (index, item) for index, route in enumerate(policy.doc.routes) for item in route.deadlines
    ):
        if (deadline.at == "window") != (deadline.window is not None):
            yield f"routes[{index}].deadlines", f"{deadline.code}: `window` goes with `at: window`"
