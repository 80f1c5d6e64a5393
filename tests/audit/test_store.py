"""Every decision told is kept as it was told, and nobody can change it afterwards."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as Amount

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from refund_core import Decision, RefundCase
from refundbot.audit import store
from refundbot.audit.numbers import Numbers, canonical, shown
from refundbot.clock import parse_instant
from refundbot.orders import SqlOrderSource
from tests.audit.conftest import ORDER, Told
from tests.orders.documents import NOW, Sessions


def keep(sessions: Sessions, told: tuple[Decision, RefundCase], minutes: int = 0) -> str:
    decision, case = told
    return store.record(
        sessions,
        decision,
        case,
        account=case.account.id,
        conversation=f"console:baidu:{case.account.id}:1",
        created_at=NOW + timedelta(minutes=minutes),
    )


class TestKept:
    def test_it_comes_back_whole(self, sessions: Sessions, told: Told) -> None:
        decision, case = told()
        number = keep(sessions, (decision, case), minutes=1)
        found = store.get(sessions, number)
        assert found is not None
        assert Decision.from_json(found.decision) == decision
        assert RefundCase.from_json(found.facts) == case
        assert (found.account, found.order_id) == ("A1001", ORDER)
        assert found.conversation == "console:baidu:A1001:1"
        assert (found.outcome, found.amount) == ("refundable", Amount("186.67"))
        assert decision.policy is not None
        assert found.policy == f"{decision.policy.id}@{decision.policy.version}"
        assert (found.as_of, found.created_at) == (NOW, NOW + timedelta(minutes=1))
        assert found.core_version == store.core_version() != ""

    def test_every_demo_order_can_be_kept(self, sessions: Sessions, told: Told) -> None:
        source = SqlOrderSource(sessions)
        orders = [
            order for account in source.list_accounts() for order in source.list_orders(account.id)
        ]
        for order in orders:
            keep(sessions, told(order.id, order.account_id))
        outcomes = {found.outcome for found in store.find(sessions)}
        assert len(store.find(sessions)) == len(orders) > 40
        assert outcomes == {"refundable", "not_refundable", "needs_review"}

    def test_a_decision_without_rules_or_sum_is_kept_too(
        self, sessions: Sessions, told: Told
    ) -> None:
        decision, case = told()
        number = keep(sessions, (replace(decision, policy=None, amount=None), case))
        found = store.get(sessions, number)
        assert found is not None
        assert (found.policy, found.amount) == (None, None)

    def test_facts_of_another_account_or_order_are_refused(
        self, sessions: Sessions, told: Told
    ) -> None:
        decision, case = told()
        for wrong in ({"account": "A1002"}, {"decision": replace(decision, order_id="BD1")}):
            given = {"decision": decision, "account": "A1001", **wrong}
            with pytest.raises(ValueError, match="do not belong"):
                store.record(sessions, case=case, conversation="c", created_at=NOW, **given)
        assert store.find(sessions) == []

    def test_it_outlives_the_order(self, sessions: Sessions, told: Told) -> None:
        number = keep(sessions, told())
        with sessions() as session, session.begin():
            session.execute(text("DELETE FROM orders"))
            session.execute(text("DELETE FROM accounts"))
        assert store.get(sessions, number) is not None


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE decisions SET amount = 1",
            "UPDATE decisions SET facts = '{}'",
            "INSERT OR REPLACE INTO decisions SELECT * FROM decisions",
            "DELETE FROM decisions",
        ],
    )
    def test_nothing_can_be_changed_or_removed(
        self, statement: str, sessions: Sessions, told: Told
    ) -> None:
        before = store.get(sessions, keep(sessions, told()))
        with sessions() as session, pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(statement))
        assert before is not None
        assert store.find(sessions) == [before]

    def test_a_number_is_used_once(self, sessions: Sessions, told: Told) -> None:
        decision, case = told()
        row = store.entry(decision, case, account="A1001", conversation="c", created_at=NOW)
        store.add(sessions, row)
        with pytest.raises(IntegrityError):
            store.add(sessions, row)


class TestFind:
    @pytest.fixture
    def numbers(self, sessions: Sessions, told: Told) -> list[str]:
        other = SqlOrderSource(sessions).list_orders("A1002")[0].id
        return [
            keep(sessions, told()),
            keep(sessions, told(other, "A1002"), minutes=5),
            keep(sessions, told(), minutes=10),
        ]

    def test_the_newest_comes_first(self, sessions: Sessions, numbers: list[str]) -> None:
        assert [found.id for found in store.find(sessions)] == numbers[::-1]
        assert [found.id for found in store.find(sessions, limit=1)] == numbers[2:]

    def test_by_account_order_and_time(self, sessions: Sessions, numbers: list[str]) -> None:
        first, second, third = numbers
        by_account = store.find(sessions, account="A1002")
        assert [found.id for found in by_account] == [second]
        by_order = store.find(sessions, order=ORDER.lower())
        assert [found.id for found in by_order] == [third, first]
        recent = store.find(sessions, since=NOW + timedelta(minutes=5))
        assert [found.id for found in recent] == [third, second]
        both = store.find(sessions, account="A1001", since=NOW + timedelta(minutes=5))
        assert [found.id for found in both] == [third]
        assert store.find(sessions, account="A1002", order=ORDER) == []


class TestNumbers:
    def test_they_are_short_and_in_the_order_of_time(self) -> None:
        numbers = Numbers()
        made = [numbers.new(NOW + timedelta(milliseconds=step)) for step in range(200)]
        assert made == sorted(made)
        assert {len(number) for number in made} == {15}

    def test_on_a_clock_that_stands_still_or_goes_back_they_still_are(self) -> None:
        numbers = Numbers()
        made = [numbers.new(NOW) for _ in range(1000)]
        made.append(numbers.new(NOW - timedelta(days=1)))
        assert made == sorted(set(made))

    def test_two_processes_do_not_make_the_same(self) -> None:
        assert not {Numbers().new(NOW) for _ in range(50)} & {Numbers().new(NOW) for _ in range(50)}

    def test_they_last_until_long_after_the_service(self) -> None:
        late = Numbers().new(parse_instant("2099-12-31T23:59:59+08:00"))
        assert Numbers().new(NOW) < late
        assert len(late) == 15

    def test_however_it_is_written_it_is_found(self, sessions: Sessions, told: Told) -> None:
        number = keep(sessions, told())
        written = shown(number)
        assert written.count("-") == 2
        for text_ in (written, written.lower(), f" {number} ", number.replace("0", "o")):
            found = store.get(sessions, text_)
            assert found is not None
            assert found.id == number
        assert canonical("01iL-o") == "01110"
        assert store.get(sessions, "nothing") is None
