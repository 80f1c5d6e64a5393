"""What holds for every case, whatever its facts."""

import json
from datetime import datetime, timedelta
from decimal import Decimal

import jsonschema
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from refund_core import Decision, Policy, RefundCase, decide, default_policies, evaluate, explain
from refund_core.case_schema import case_schema
from refund_core.context import returnable
from refund_core.money import allocate

from .strategies import any_case, instants, later, money, plausible_cases

relaxed = settings(
    deadline=None,
    max_examples=200,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
KINDS = ("cash", "gift", "stored_value", "cash_coupon", "voucher")
VALIDATOR = jsonschema.Draft7Validator(case_schema())
POLICIES = list(default_policies())


@relaxed
@given(any_case(), instants().map(datetime.fromisoformat))
def test_any_case_the_schema_allows_gets_an_answer(case: RefundCase, as_of: datetime) -> None:
    VALIDATOR.validate(case.to_json())
    decision = evaluate(case, as_of)
    event(decision.outcome)
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision
    assert explain.render_text(decision, case)
    if decision.outcome != "refundable":
        assert decision.reasons
        assert all(reason.code and reason.text for reason in decision.reasons)
    else:
        assert decision.amount is not None


@relaxed
@given(any_case(), instants().map(datetime.fromisoformat), st.sampled_from(POLICIES))
def test_any_case_gets_an_answer_under_any_policy(
    case: RefundCase, as_of: datetime, policy: Policy
) -> None:
    decision = decide(case, as_of, policy)
    assert decision.outcome == "refundable" or decision.reasons


@relaxed
@given(plausible_cases(), later(), st.sampled_from(POLICIES))
def test_the_refund_lies_between_nothing_and_what_is_left(
    case: RefundCase, after: timedelta, policy: Policy
) -> None:
    decision = decide(case, case.order.purchased_at + after, policy)
    event(f"{policy.key} {decision.outcome} {decision.route}")
    if decision.amount is None:
        return
    orders = {order.id: order for order in (case.order, *case.related_orders)}
    for line in decision.lines:
        order = orders[line.order_id]
        assert Decimal(0) <= line.refund
        assert line.refund <= max(Decimal(0), line.paid - order.refunded)
        assert line.paid <= returnable(order, KINDS)
        assert line.consumed >= 0
        assert line.fee >= 0
        for kind in KINDS:
            assert getattr(line.allocation, kind) <= getattr(order.payments, kind)
        if order.refunded <= line.paid:
            assert line.paid - line.consumed - line.fee - line.already_refunded == line.refund


@relaxed
@given(plausible_cases(), later(), st.sampled_from(POLICIES))
def test_the_parts_of_a_refund_add_up_to_the_fen(
    case: RefundCase, after: timedelta, policy: Policy
) -> None:
    decision = decide(case, case.order.purchased_at + after, policy)
    if decision.amount is None or decision.allocation is None:
        return
    assert decision.allocation.total == decision.amount
    assert sum((line.refund for line in decision.lines), Decimal(0)) == decision.amount
    assert decision.amount == decision.amount.quantize(Decimal("0.01"))


def may_rise(policy: Policy, route_id: str) -> bool:
    """Whether a route prices used time so that a full month can cost less than most of it.

    That is so where hours are priced one by one, or where longer use earns a better discount.
    """
    routes = [route for route in policy.routes if route.doc.id == route_id]
    methods = [way for route in routes for way in (route.method, *route.methods_by_kind.values())]
    return any(way.doc.kind == "payg" or way.doc.discount == "used" for way in methods)


@relaxed
@given(plausible_cases(), later(), later(), st.sampled_from(POLICIES))
def test_waiting_never_raises_the_refund_of_one_route(
    case: RefundCase, after: timedelta, more: timedelta, policy: Policy
) -> None:
    start = case.order.purchased_at + after
    first, second = decide(case, start, policy), decide(case, start + more, policy)
    if first.route is None or first.route != second.route or may_rise(policy, first.route):
        return
    # An order whose period ends leaves the sum with nothing, one bought meanwhile joins it.
    # Some handling fees fall with the years of use, as their tables say.
    before = {line.order_id: line for line in first.lines}
    for line in second.lines:
        old = before.get(line.order_id, line)
        assert line.refund <= old.refund or line.fee < old.fee


@relaxed
@given(plausible_cases(), later())
def test_the_same_facts_give_the_same_answer(case: RefundCase, after: timedelta) -> None:
    at = case.order.purchased_at + after
    again = RefundCase.from_json(json.loads(json.dumps(case.to_json())))
    assert again == case
    assert evaluate(again, at) == evaluate(case, at)


@relaxed
@given(plausible_cases(), later(), st.sampled_from(POLICIES))
def test_a_deadline_is_the_first_instant_with_another_answer(
    case: RefundCase, after: timedelta, policy: Policy
) -> None:
    at = case.order.purchased_at + after
    decision = decide(case, at, policy)
    for deadline in decision.deadlines:
        assert deadline.at > at
    for deadline in decision.deadlines[:1]:
        before = decide(case, deadline.at - timedelta(microseconds=1), policy)
        then = decide(case, deadline.at, policy)
        assert before.outcome == "refundable", deadline
        answers = [(item.outcome, item.route, item.amount) for item in (before, then)]
        assert answers[0] != answers[1], deadline


@relaxed
@given(money(), st.lists(money(), min_size=1, max_size=5))
def test_a_split_adds_up_and_no_part_exceeds_its_weight(total: str, weights: list[str]) -> None:
    named = {str(index): Decimal(weight) for index, weight in enumerate(weights)}
    whole = sum(named.values(), Decimal(0))
    amount = min(Decimal(total), whole)
    parts = allocate(amount, named)
    assert sum(parts.values(), Decimal(0)) == amount
    for name, part in parts.items():
        assert 0 <= part <= named[name]
        if whole:
            assert abs(part - amount * named[name] / whole) < Decimal("0.01")
