"""What an answer carries besides its sum: totals, grounds, dates, and who decides in doubt."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from refund_core import Decision, PolicyError, PolicySet, RefundCase, compare, evaluate
from refund_core.codec import SHANGHAI, parse_instant
from refund_core.matching import choose_route, match
from refund_core.verdict import Unknown, Verdict

from .samples import instance_case

AS_OF = parse_instant("2026-11-23T10:00:00+08:00")


def case_of(**changes: Any) -> RefundCase:
    data = instance_case()
    for name, part in changes.items():
        data[name] = data.get(name, {}) | part if isinstance(part, dict) else part
    return RefundCase.from_json(data)


def more(name: str, kind: str, **changes: Any) -> dict[str, Any]:
    """Another order on the same resource, paid with 30.00."""
    paid = {"amount": "30.00", "payments": {"cash": "30.00"}}
    order: dict[str, Any] = instance_case()["order"]
    return order | {"id": name, "kind": kind} | paid | changes


def decide(at: datetime = AS_OF, **changes: Any) -> Decision:
    return evaluate(case_of(**changes), at)


def test_an_order_and_its_upgrade_come_back_together() -> None:
    upgrade = more("UP1", "upgrade", purchased_at="2026-11-14T12:00:00+08:00")
    decision = decide(related_orders=[upgrade])
    assert decision.paid == Decimal("310.00")
    assert decision.consumed == Decimal("103.33")
    assert decision.amount == Decimal("206.67")
    assert decision.daily_decrease == Decimal("10.33")
    (total,) = [step for step in decision.steps if step.rule == "total"]
    assert (total.label, total.unit) == ("退款合计", "元")
    assert total.formula == "186.67 ＋ 20.00 ＝ 206.67"


def test_one_order_needs_no_total() -> None:
    decision = decide()
    assert [step for step in decision.steps if step.rule == "total"] == []
    assert (decision.consumed, decision.daily_decrease) == (Decimal("93.33"), Decimal("9.33"))
    assert decision.route_label == "差额退订"


@pytest.mark.parametrize(
    "failed", [{"order": {"status": "failed"}}, {"resource": {"status": "create_failed"}}]
)
def test_a_creation_that_failed_gives_back_that_order_only(failed: dict[str, Any]) -> None:
    upgrade = more("UP1", "upgrade", purchased_at="2026-11-14T12:00:00+08:00")
    decision = decide(**failed, related_orders=[upgrade])
    assert decision.route == "create_failed"
    assert [line.order_id for line in decision.lines] == ["BD20261114001"]
    (line,) = decision.lines
    assert (line.used, line.total, line.unit, line.count_note) == (None, None, "", "")


def test_what_does_not_stop_a_failed_creation_hides_no_later_reason() -> None:
    decision = decide(
        order={"status": "failed"},
        resource={"status": "expired", "police_frozen": True},
    )
    codes = [reason.code for reason in decision.reasons]
    assert "police_frozen" in codes
    assert "expired" not in codes


def test_the_first_renewal_to_begin_ends_the_way_back_for_renewals() -> None:
    first = more("R1", "renewal", starts_at="2026-12-14T10:00:00+08:00",
                 ends_at="2027-01-14T10:00:00+08:00")  # fmt: skip
    second = more("R2", "renewal", starts_at="2027-01-14T10:00:00+08:00",
                  ends_at="2027-02-14T10:00:00+08:00")  # fmt: skip
    for related in ([first, second], [second, first]):
        decision = decide(request={"scope": "renewal"}, related_orders=related)
        ends = [item.at for item in decision.deadlines if item.code == "renewal_starts"]
        assert ends == [parse_instant("2026-12-14T10:00:00+08:00")]
        assert decision.amount == Decimal("60.00")


def end_of_refund(decision: Decision) -> list[str]:
    return [f"{item.at:%Y-%m-%d}" for item in decision.deadlines if item.code == "refund_zero"]


def test_an_order_paid_with_vouchers_only_does_not_hide_when_nothing_is_left() -> None:
    free = more("UP1", "upgrade", purchased_at="2026-11-14T12:00:00+08:00",
                payments={"voucher": "30.00"})  # fmt: skip
    assert end_of_refund(decide(related_orders=[free])) == ["2026-12-13"]


def test_the_last_fen_has_its_last_day_too() -> None:
    fen = {"amount": "0.01", "payments": {"cash": "0.01"}}
    decision = decide(order=fen)
    assert decision.amount == Decimal("0.01")
    assert end_of_refund(decision) == ["2026-11-29"]  # on the 16th day less than half is left


def test_a_factor_on_the_use_is_shown_with_the_order() -> None:
    product = {"code": "uhost", "name": "云主机", "category": "instance"}
    decision = decide(vendor="ucloud", order={"product": product})
    (line,) = decision.lines
    assert line.factor == "1.5"
    assert line.consumed == Decimal("126.00")
    assert (line.used, line.total, line.unit) == ("216", "720", "小时")


def test_use_at_hourly_prices_has_no_share_of_a_period_to_show() -> None:
    pricing = {"month_price": "300", "discount": "1", "used_discount": "1",
               "payg": [{"price": "0.5"}]}  # fmt: skip
    product = {"code": "cvm", "name": "云服务器", "category": "instance"}
    used_up = {"product_code": "cvm", "at": "2026-11-01T00:00:00+08:00", "route": "five_day",
               "count": 1}  # fmt: skip
    decision = decide(
        vendor="tencent",
        account={"entity_id": "E1"},
        order={"product": product, "pricing": pricing},
        history={"refunds": [used_up]},
        at=parse_instant("2026-11-24T10:00:00+08:00"),
    )
    (line,) = decision.lines
    assert line.consumed == Decimal("120.00")
    assert (line.used, line.total, line.unit, line.count_note) == (None, None, "", "")


@pytest.mark.parametrize(
    ("bought", "asked", "latest", "told"),
    [
        ("2026-11-19", "2026-11-20", "2026-11-24", "预计最晚 2026-11-24。"),
        ("2035-11-15", "2035-11-16", "2035-11-20",
         "预计最晚 2035-11-20（按周一到周五推算，节假日安排还没有公布）。"),
    ],
)  # fmt: skip
def test_the_money_is_expected_by_a_working_day(
    bought: str, asked: str, latest: str, told: str
) -> None:
    start = f"{bought}T10:00:00+08:00"
    product = {"code": "ecs", "name": "云服务器 ECS", "category": "instance"}
    end = start.replace("-11-", "-12-")
    period = {"purchased_at": start, "effective_at": start, "starts_at": start, "ends_at": end}
    decision = decide(
        vendor="aliyun",
        order={"product": product, **period},
        resource={"transferred": False, "marketplace_image": False},
        history={"refunds": []},
        at=parse_instant(f"{asked}T10:00:00+08:00"),
    )
    assert decision.outcome == "refundable", decision
    timing = decision.timing
    assert timing is not None
    assert timing.latest == parse_instant(f"{latest}T23:59:59+08:00")
    assert timing.text == f"约 2 个工作日到账。{told}"
    assert timing.clause is not None
    assert timing.clause.id == "two_days"


def test_a_no_is_traced_to_its_clause() -> None:
    decision = decide(resource={"police_frozen": True})
    assert decision.outcome == "not_refundable"
    assert [(step.label, step.value, step.clause) for step in decision.steps] == [
        ("不能退的原因", reason.text, reason.clause) for reason in decision.reasons
    ]
    assert all(step.clause is not None for step in decision.steps)


def test_a_doubt_is_traced_to_the_clause_that_needs_the_fact() -> None:
    decision = decide(resource={"police_frozen": None})
    assert [item.fact for item in decision.missing] == ["resource.police_frozen"]
    (step,) = decision.steps
    assert (step.label, step.value) == ("需要人工确认", decision.reasons[0].text)
    assert step.clause is not None
    assert step.clause.id == "no_police"


def test_without_rules_a_person_decides_and_the_customer_is_told_so() -> None:
    case = case_of(vendor="nobody", currency="USD")
    for instant in (AS_OF, AS_OF.astimezone(tz=None)):
        decision = evaluate(case, instant)
        assert decision.outcome == "needs_review"
        assert (decision.order_id, decision.currency) == ("BD20261114001", "USD")
        assert (decision.as_of, decision.as_of.tzinfo) == (AS_OF, SHANGHAI)
        assert [(reason.code, reason.text) for reason in decision.reasons] == [
            ("no_policy", "没有找到适用于这个订单的退订规则，需要人工确认。")
        ]
        assert decision.next_action is not None
        assert decision.next_action.kind == "human"
        assert decision.next_action.text == "请联系人工客服确认。"


def test_the_answers_of_all_rules_begin_with_the_one_that_is_given() -> None:
    case = case_of(vendor="aliyun", order={"product": {"code": "ecs", "name": "ECS",
                                                       "category": "instance"}})  # fmt: skip
    answers = compare(case, AS_OF)
    assert answers[0] == evaluate(case, AS_OF)
    authorities = [answer.policy.authority for answer in answers if answer.policy]
    assert authorities == ["official", "third_party"]
    assert compare(case, AS_OF, PolicySet(())) == ()
    with pytest.raises(ValueError, match="has no time zone"):
        compare(case, AS_OF.replace(tzinfo=None))


def route(name: str, verdict: Verdict, over: tuple[str, ...] = (), **clauses: Any) -> Any:
    doc = SimpleNamespace(id=name, over=over, exempt=())
    quoted = tuple(clauses.values())
    return SimpleNamespace(doc=doc, when=SimpleNamespace(test=lambda ctx: verdict), clauses=quoted)


def context(*routes: Any) -> Any:
    policy = SimpleNamespace(key="p@1", relevant=lambda case: ((), routes))
    return SimpleNamespace(case=case_of(), now=AS_OF, policy=policy)


def test_the_way_that_goes_first_is_taken() -> None:
    full, daily = route("full", True, over=("daily",)), route("daily", True)
    assert choose_route(context(), [full, daily]) == (full, [])
    assert choose_route(context(), [daily, full]) == (full, [])
    assert choose_route(context(), [route("no", False), daily]) == (daily, [])
    assert choose_route(context(), [route("no", False)]) == (None, [])


def test_two_ways_of_which_neither_goes_first_are_a_fault_of_the_policy() -> None:
    both = [route("one", True), route("two", True)]
    with pytest.raises(PolicyError, match=r"p@1: routes one, two all match order BD20261114001"):
        choose_route(context(), both)
    circle = [route("one", True, over=("two",)), route("two", True, over=("one",))]
    with pytest.raises(PolicyError, match="say with `over` which goes first"):
        choose_route(context(), circle)


def test_a_doubt_about_a_way_that_could_go_first_leaves_the_way_open() -> None:
    doubt = Unknown(("order.starts_at",))
    daily = route("daily", True)
    taken, gaps = choose_route(context(), [route("full", doubt, over=("daily",)), daily])
    assert taken is None
    assert [(gap.fact, gap.clause) for gap in gaps] == [("order.starts_at", None)]
    first = route("first", True, over=("full",))
    assert choose_route(context(), [route("full", doubt), first]) == (first, [])
    quoted = choose_route(context(), [route("full", doubt, clause="quoted")])[1]
    assert [gap.clause for gap in quoted] == ["quoted"]


def test_a_case_no_rule_speaks_of_is_a_fault_of_the_policy() -> None:
    with pytest.raises(PolicyError, match="add a route or an exclusion for it"):
        match(context())


def test_a_minute_changes_nothing_until_the_day_is_over() -> None:
    last = parse_instant("2026-11-23T23:59:59+08:00")
    assert decide(at=last).amount == Decimal("186.67")
    assert decide(at=last + timedelta(seconds=1)).amount == Decimal("177.33")
