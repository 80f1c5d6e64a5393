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
    text = explain.render_text(decision, worked.case)
    assert "None" not in text
    assert "{" not in text
    assert "*" not in text


def test_there_are_examples_for_every_reason_and_every_route() -> None:
    decisions = [decision_of(case) for case in CASES]
    seen_reasons = {reason.code for item in decisions for reason in item.reasons}
    seen_routes = {(item.policy.id, item.route) for item in decisions if item.policy}
    for policy in default_policies():
        doc = policy.doc
        codes = {item.code for item in doc.exclusions}
        assert codes <= seen_reasons, f"{policy.key}: {sorted(codes - seen_reasons)}"
        routes = {(doc.id, route.id) for route in doc.routes}
        assert routes <= seen_routes, f"{policy.key}: {sorted(routes - seen_routes)}"


def test_a_wrong_expectation_is_found() -> None:
    decision = decision_of(CASES[0])
    wrong = {"amount": "0.01", "trace": {"paid": "1.00"}, "deadlines": {"nothing": None}}
    assert len(mismatches(wrong, decision)) == 2
