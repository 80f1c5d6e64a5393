"""Every worked example of every packaged policy leads to its decision, by its trace."""

import pytest

from refund_core import decide, default_policies, evaluate, explain
from refund_core.decision import Decision
from refund_core.library import POLICY_DIR
from refund_core.worked import WorkedCase, mismatches, read_cases

CASES = [case for folder in sorted(POLICY_DIR.glob("*/cases")) for case in read_cases(folder)]


def decision_of(worked: WorkedCase) -> Decision:
    if worked.policy is None:
        return evaluate(worked.case, worked.as_of)
    return decide(worked.case, worked.as_of, default_policies().get(worked.policy))


@pytest.mark.parametrize("worked", CASES, ids=[case.name for case in CASES])
def test_worked_example(worked: WorkedCase) -> None:
    decision = decision_of(worked)
    problems = mismatches(worked.expect, decision)
    assert not problems, f"{worked.place}: " + "; ".join(problems)
    assert Decision.from_json(decision.to_json()) == decision
    assert bool(decision.route) == bool(decision.route_label)
    text = explain.render_text(decision, worked.case)
    assert "None" not in text
    assert "{" not in text
    assert "*" not in text


def test_there_are_examples_for_every_reason_and_every_route() -> None:
    seen: set[tuple[str, str]] = set()
    for decision in map(decision_of, CASES):
        assert decision.policy is not None
        key = f"{decision.policy.id}@{decision.policy.version}"
        seen.update((key, reason.code) for reason in decision.reasons)
        if decision.route is not None:
            seen.add((key, decision.route))
    for policy in default_policies():
        doc = policy.doc
        rules = (*doc.exclusions, *doc.conflicts, *([doc.zero_refund] if doc.zero_refund else []))
        wanted = {item.code for item in rules if item.when is not None}
        wanted |= {route.id for route in doc.routes}
        untried = sorted(name for name in wanted if (policy.key, name) not in seen)
        assert not untried, f"{policy.key}: no worked example for {untried}"


def test_a_wrong_expectation_is_found() -> None:
    decision = decision_of(CASES[0])
    wrong = {"amount": "0.01", "trace": {"paid": "1.00"}, "deadlines": {"nothing": None}}
    assert len(mismatches(wrong, decision)) == 2
