"""A stored decision can be decided anew, and what has changed since is named."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from refund_core import Decision, RefundCase, default_policies, evaluate, load_policies
from refund_core.library import POLICY_DIR, PolicySet
from refundbot.audit import store
from refundbot.audit.replay import Difference, replay
from refundbot.audit.store import StoredDecision
from tests.audit.conftest import Told
from tests.orders.documents import NOW, Sessions


def stored(told: tuple[Decision, RefundCase]) -> StoredDecision:
    """The decision as it comes back from the store."""
    decision, case = told
    row = store.entry(decision, case, account=case.account.id, conversation="c1", created_at=NOW)
    return store._stored(type("Row", (), row)())


class TestHolds:
    def test_under_the_same_rules_it_holds_word_for_word(self, told: Told) -> None:
        again = replay(stored(told()))
        assert again.holds
        assert (again.differences, again.reworded, again.problem) == ((), (), "")
        assert again.decision == told()[0]

    def test_it_is_decided_as_of_then_not_as_of_today(self, told: Told) -> None:
        _, case = told()
        early = evaluate(case, case.order.purchased_at)
        assert early.amount != told()[0].amount
        assert replay(stored((early, case))).holds

    def test_other_words_alone_do_not_make_it_fall(self, told: Told) -> None:
        decision, case = told()
        assert decision.next_action is not None
        reworded = replace(
            decision,
            steps=decision.steps[1:],
            next_action=replace(decision.next_action, text="从前的说法。"),
        )
        again = replay(stored((reworded, case)))
        assert again.holds
        assert set(again.reworded) == {"steps", "next_action"}


class TestFalls:
    def test_another_sum_is_named_with_both_values(self, told: Told) -> None:
        decision, case = told()
        again = replay(stored((replace(decision, amount=decision.paid), case)))
        assert not again.holds
        assert again.differences == (Difference("amount", "280.00", "186.67"),)

    def test_each_thing_that_differs_is_named(self, told: Told) -> None:
        decision, case = told()
        refused = Decision(
            outcome="not_refundable",
            order_id=decision.order_id,
            as_of=decision.as_of,
            policy=decision.policy,
        )
        told_then = {item.what: item.then for item in replay(stored((refused, case))).differences}
        assert told_then["outcome"] == "not_refundable"
        assert {"amount", "route", "deadlines", "destination"} <= set(told_then)
        assert told_then["amount"] == "none"

    def test_rules_that_are_gone_leave_it_to_a_person(self, told: Told) -> None:
        decision, case = told()
        assert decision.policy is not None
        rest = PolicySet(
            tuple(policy for policy in default_policies() if policy.doc.vendor != case.vendor)
        )
        again = replay(stored((decision, case)), rest)
        assert not again.holds
        found = {item.what: (item.then, item.now) for item in again.differences}
        assert found["outcome"] == ("refundable", "needs_review")
        assert found["reasons"] == ("none", "no_policy")

    def test_an_edited_rule_changes_the_replay_and_names_the_sum(
        self, told: Told, tmp_path: Path
    ) -> None:
        folder = tmp_path / "policies"
        shutil.copytree(POLICY_DIR, folder)
        rules = folder / "baidu" / "refund-2025-08-21.yaml"
        text = rules.read_text(encoding="utf-8")
        assert "how: both_ends" in text
        # The day of the purchase no longer counts: nine days of thirty instead of ten.
        rules.write_text(text.replace("how: both_ends", "how: ceil"), encoding="utf-8")
        then = stored(told())
        assert replay(then, load_policies(POLICY_DIR)).holds
        again = replay(then, load_policies(folder))
        assert Difference("amount", "186.67", "196.00") in again.differences


class TestUnreadable:
    def test_facts_this_version_does_not_know_are_a_problem_not_a_crash(self, told: Told) -> None:
        old = stored(told())
        again = replay(replace(old, facts={**old.facts, "moon_phase": "full"}))
        assert not again.holds
        assert again.decision is None
        assert "moon_phase" in again.problem

    def test_a_decision_this_version_does_not_know_is_one_too(self, told: Told) -> None:
        old = stored(told())
        again = replay(replace(old, decision={"outcome": "maybe"}))
        assert not again.holds
        assert "cannot read" in again.problem


def test_all_demo_decisions_hold_under_the_rules_they_were_made_by(
    sessions: Sessions, told: Told
) -> None:
    from refundbot.orders import SqlOrderSource

    source = SqlOrderSource(sessions)
    replays = [
        replay(stored(told(order.id, account.id)))
        for account in source.list_accounts()
        for order in source.list_orders(account.id)
    ]
    assert len(replays) > 40
    assert all(again.holds and not again.reworded for again in replays)


@pytest.mark.parametrize("field", ["amount", "outcome", "currency", "route", "fee"])
def test_what_the_customer_relies_on_counts_as_substance(field: str, told: Told) -> None:
    decision, case = told()
    other = {
        "amount": None,
        "outcome": "needs_review",
        "currency": "USD",
        "route": "another",
        "fee": decision.amount,
    }[field]
    again = replay(stored((replace(decision, **{field: other}), case)))
    assert field in {item.what for item in again.differences}
