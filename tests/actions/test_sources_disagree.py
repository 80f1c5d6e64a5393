"""Two sources say different things of one order: both are told, and which one is official."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

import refund_core
from actions import view as views
from actions import wording
from actions.reply import Reply
from actions.view import View
from refund_core.decision import Decision, Reason
from refund_core.disagreement import disagreement
from refundbot.applications.confirmation import Confirmations
from refundbot.applications.service import get_applications
from refundbot.audit import numbers_told, store
from refundbot.clock import parse_instant
from refundbot.db import make_engine, session_factory
from refundbot.orders import get_source
from refundbot.policies import choose, live_policies
from refundbot.settings import get_settings
from tests.actions.conftest import Customer
from tests.stack import NOW

Make = Callable[..., Customer]
AT = parse_instant(NOW)
NEW, USED, GONE, UNKNOWN, PACK = (
    "AL20261123101",
    "AL20261111102",
    "AL20261028103",
    "AL20261121104",
    "AL20261121105",
)
GUIDE, OFFICIAL = "aliyun-guide-zhitaoyun", "aliyun-unsubscribe-cn"


@pytest.fixture
def official_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A deployment that names the official policy alone."""
    monkeypatch.setenv("REFUNDBOT_POLICIES", OFFICIAL)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def compared(order_id: str) -> tuple[Decision, ...]:
    order = get_source().get_order("A1010", order_id)
    assert order is not None
    return refund_core.compare(order.case, AT)


def guide_sides(order_id: str, code: str) -> list[str]:
    guide = next(d for d in compared(order_id) if d.policy and d.policy.id == GUIDE)
    conflict = next(item for item in guide.conflicts if item.code == code)
    return [f"¥{side.amount:,.2f}" for side in conflict.sides if side.amount is not None]


def test_both_sides_come_first_then_what_they_are_worth_then_the_official_answer(
    owner: Customer,
) -> None:
    said = owner.ask("ask_refund_amount", order_id=NEW)
    lines = said.text.split("\n")
    assert lines[0] == "需要人工确认，两种说法对不上："
    assert lines[1].startswith(f"订单 {NEW} · 云服务器 ECS")
    assert lines[2] == "· 阶梯规则：15 分钟到 1 小时扣 20% 手续费 → 退 ¥640.00"
    assert lines[3] == "· 同一篇文章的案例：37 分钟只退 30% → 退 ¥240.00"
    assert lines[4].startswith("这份资料是第三方文章，不是官方规则。出处：阿里云服务器退款指南")
    assert "2025-05-18" in lines[4]
    assert lines[5] == "官方规则（五天无理由全额退订）：可以全额退 ¥800.00。"
    assert "阿里云退订规则说明" in said.text
    assert "本自然年这个产品还有 1 次" in said.text
    assert "截止 2026-11-28 09:23：满 5 天后按非全额退订计算。" in said.text
    assert said.titles == ["按官方规则去申请", "看每一步怎么算的", "转人工"]
    assert said.kind == "disagreement"


def test_whoever_asks_for_the_official_rules_is_not_told_the_article_again(
    owner: Customer,
) -> None:
    said = owner.ask("ask_refund_amount", order_id=NEW, text="按官方的呢")
    assert said.text.startswith("可以全额退 ¥800.00。")
    assert "第三方" not in said.text


def test_the_sums_are_those_of_the_decisions(owner: Customer) -> None:
    said = owner.ask("ask_refund_eligibility", order_id=NEW)
    official, guide = compared(NEW)
    assert guide_sides(NEW, "tier_against_37_minutes") == ["¥640.00", "¥240.00"]
    assert said.decision is not None
    assert Decision.from_json(said.decision) == official
    assert [Decision.from_json(item) for item in said.decisions] == [guide]
    assert f"/refund/{NEW}?link=" in said.buttons[0]["url"]


def test_the_steps_are_those_of_the_official_answer(owner: Customer) -> None:
    owner.ask("ask_refund_amount", order_id=NEW)
    said = owner.ask("ask_calculation")
    assert said.text.startswith("可以全额退 ¥800.00。")
    assert "¥640.00" not in said.text


def test_after_an_hour_the_source_contradicts_itself_in_another_place(owner: Customer) -> None:
    said = owner.ask("ask_refund_amount", order_id=USED)
    for amount in guide_sides(USED, "percent_addition"):
        assert amount in said.text
    assert "官方规则（非全额退订）：可以退，预计退 ¥" in said.text
    # What the article leaves without a sum helps nobody to decide.
    assert "审核通过率" not in said.text


@pytest.mark.parametrize(
    ("order_id", "outcome"), [(GONE, "not_refundable"), (UNKNOWN, "needs_review")]
)
def test_an_official_answer_that_is_no_yes_stands_alone(
    owner: Customer, order_id: str, outcome: str
) -> None:
    said = owner.ask("ask_refund_amount", order_id=order_id)
    assert said.decision is not None
    assert said.decision["outcome"] == outcome
    assert said.decisions == []
    assert "第三方" not in said.text


def test_a_source_that_does_not_speak_of_packs_is_left_out(owner: Customer) -> None:
    said = owner.ask("ask_refund_amount", order_id=PACK)
    assert said.text.startswith("可以全额退 ¥99.00。")
    assert said.decisions == []


def test_an_article_on_servers_says_nothing_of_databases() -> None:
    order = get_source().get_order("A1010", NEW)
    assert order is not None
    database = replace(order.case.order, product=replace(order.case.order.product, code="rds"))
    [only] = refund_core.compare(replace(order.case, order=database), AT)
    assert only.policy is not None
    assert only.policy.id == OFFICIAL


def test_a_deployment_without_third_parties_gives_the_official_answer(
    official_only: None, owner: Customer
) -> None:
    said = owner.ask("ask_refund_amount", order_id=NEW)
    assert said.text.startswith("可以全额退 ¥800.00。")
    assert "第三方" not in said.text
    assert said.titles[0] == "去退订"


def test_beside_other_questions_it_is_mentioned_and_not_spread_out(owner: Customer) -> None:
    clauses = [
        {"intent": "ask_refund_amount", "confidence": 0.9},
        {"intent": "ask_refund_timing", "confidence": 0.9},
    ]
    said = owner.ask("ask_refund_amount", order_id=NEW, clauses=clauses)
    assert "可以全额退 ¥800.00。另有第三方文章说法不同" in said.text
    assert "¥640.00" not in said.text


def kept_policies(ask: Callable[[], object]) -> list[tuple[str, str]]:
    """Policy and number of the decisions stored while asking, the latest first."""
    engine = make_engine(get_settings().database_url)
    before = {row.id for row in store.find(session_factory(engine), account="A1010")}
    ask()
    rows = store.find(session_factory(engine), account="A1010")
    engine.dispose()
    return [((row.policy or "").partition("@")[0], row.id) for row in rows if row.id not in before]


@pytest.mark.usefixtures("own_database")
def test_what_the_other_source_said_is_kept_and_the_number_quoted_is_the_official_one(
    owner: Customer,
) -> None:
    kept = kept_policies(lambda: owner.ask("ask_refund_amount", order_id=NEW))
    assert [policy for policy, _ in kept] == [OFFICIAL, GUIDE]
    told = numbers_told(account="A1010", conversation="test:A1010")
    assert told[NEW] == kept[0][1]


@pytest.mark.usefixtures("own_database")
def test_a_source_that_was_not_told_is_not_kept(owner: Customer) -> None:
    kept = kept_policies(lambda: owner.ask("ask_refund_timing", order_id=NEW))
    assert [policy for policy, _ in kept] == [OFFICIAL]


@pytest.mark.usefixtures("own_database")
def test_once_it_is_applied_for_what_another_source_says_is_past(owner: Customer) -> None:
    official, _ = compared(NEW)
    confirmed = Confirmations(get_settings().link_secret).ask("A1010", official)
    get_applications().submit("A1010", NEW, confirmation=confirmed, at=AT)
    said = owner.ask("ask_refund_amount", order_id=NEW)
    assert said.text.startswith("退款单 RF")
    assert "可以全额退 ¥800.00。" in said.text
    assert "第三方" not in said.text
    assert said.decisions == []


class TestWhatCountsAsADisagreement:
    """Decisions made up for the purpose."""

    @pytest.fixture
    def sources(self) -> tuple[Decision, Decision]:
        official, guide = compared(NEW)
        return official, guide

    def clear(self, guide: Decision, **changes: Any) -> Decision:
        return replace(guide, outcome="refundable", reasons=(), conflicts=(), **changes)

    def test_one_that_gives_the_same_sum(self, sources: tuple[Decision, Decision]) -> None:
        official, guide = sources
        agreeing = self.clear(guide, amount=official.amount)
        assert disagreement(official, [agreeing]) is None

    def test_one_that_gives_another_sum_is_set_against_the_official_one(
        self, sources: tuple[Decision, Decision]
    ) -> None:
        official, guide = sources
        assert official.amount is not None
        other = self.clear(guide, amount=official.amount / 2, route_label="部署阶段扣 20%")
        found = disagreement(official, [other])
        assert found is not None
        [conflict] = found.conflicts
        assert [(side.text, side.amount) for side in conflict.sides] == [
            ("第三方文章：部署阶段扣 20%", official.amount / 2),
            ("官方规则：五天无理由全额退订", official.amount),
        ]

    def test_one_that_is_official_too(self, sources: tuple[Decision, Decision]) -> None:
        official, guide = sources
        assert guide.policy is not None
        other = replace(guide, policy=replace(guide.policy, authority="official"))
        assert disagreement(official, [other]) is None

    def test_one_that_has_another_doubt_about_the_order(
        self, sources: tuple[Decision, Decision]
    ) -> None:
        official, guide = sources
        doubt = Reason("not_covered", "文章没有写到这种情形。")
        assert disagreement(official, [replace(guide, reasons=(*guide.reasons, doubt))]) is None
        missing = Reason("missing_fact", "还缺少一项信息。")
        assert disagreement(official, [replace(guide, reasons=(*guide.reasons, missing))])

    def test_no_more_than_two_contradictions_are_told(
        self, sources: tuple[Decision, Decision]
    ) -> None:
        official, guide = sources
        first = guide.conflicts[0]
        many = tuple(replace(first, code=f"c{n}", text=f"第 {n} 处") for n in range(4))
        found = disagreement(official, [replace(guide, reasons=(), conflicts=many)])
        assert found is not None
        assert [item.code for item in found.conflicts] == ["c0", "c1"]
        order = get_source().get_order("A1010", NEW)
        assert order is not None
        reply: Reply = wording.sources_disagree(View(order, official, further=(guide,)), found)
        assert reply.text.startswith("需要人工确认，几种说法对不上：")
        assert "第 0 处：" in reply.text
        assert "第 2 处" not in reply.text


def test_a_third_party_policy_at_fault_costs_only_itself(
    owner: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Decision:
        raise refund_core.PolicyError("no route")

    monkeypatch.setattr(views.refund_core, "decide", fail)
    said = owner.ask("ask_refund_amount", order_id=NEW)
    assert said.text.startswith("可以全额退 ¥800.00。")


def test_live_policies_hold_the_guide_by_default() -> None:
    assert GUIDE in {policy.doc.id for policy in live_policies()}
    assert GUIDE not in {policy.doc.id for policy in choose((OFFICIAL,))}
