"""Random lives of applications: no order is returned twice, and nothing is left unwritten."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine, select
from sqlalchemy.pool import StaticPool

from refund_core import Decision
from refundbot.applications import tables
from refundbot.applications.errors import ApplicationError
from refundbot.applications.machine import OPEN, TERMINAL
from refundbot.applications.records import ApplicationRecord
from refundbot.db import Base, session_factory
from tests.applications.test_machine import TABLES
from tests.applications.world import NOW, World

ORDERS = ["BD1", "BD2", "BD3", "BD9"]
orders = st.sampled_from(ORDERS)
choices = st.integers(min_value=0, max_value=9)


class Life(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.engine = create_engine(
            "sqlite://",
            future=True,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
        )
        models = (
            tables.Application,
            tables.Claim,
            tables.ApplicationEvent,
            tables.ApplicationNumber,
        )
        Base.metadata.create_all(self.engine, tables=[model.__table__ for model in models])
        self.world = World(session_factory(self.engine))
        self.at = NOW
        self.over: dict[str, ApplicationRecord] = {}

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()

    def _pick(self, choice: int) -> ApplicationRecord | None:
        every = self.world.back_office.list(limit=1000)
        return every[choice % len(every)] if every else None

    @rule(hours=st.integers(min_value=1, max_value=30))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(order=orders)
    def a_customer_confirms(self, order: str) -> None:
        decision = self.world.decision(order, self.at)
        holder = self.world.applications.get_by_order(
            self.world.orders.all[order].account_id, order
        )
        try:
            done = self.world.submit(order, self.at)
        except ApplicationError:
            assert not may_submit(decision) or (holder and holder.state == "refunded")
            return
        assert done.created == (holder is None or not holder.open)
        if not done.created:
            assert holder is not None
            assert done.application.id == holder.id

    @rule(choice=choices)
    def a_customer_cancels(self, choice: int) -> None:
        if record := self._pick(choice):
            try:
                after = self.world.applications.cancel(record.account_id, record.id, at=self.at)
            except ApplicationError:
                assert record.state in TERMINAL - {"cancelled"} | {"approved", "refunding"}
            else:
                assert after.state == "cancelled"

    @rule(choice=choices)
    def a_customer_urges(self, choice: int) -> None:
        if record := self._pick(choice):
            today = record.nudged_at is not None and record.nudged_at.date() >= self.at.date()
            try:
                self.world.applications.nudge(record.account_id, record.id, at=self.at)
            except ApplicationError:
                assert today or record.state in TERMINAL
            else:
                assert not today

    @rule(choice=choices, what=st.sampled_from(["advance", "reject", "fail"]))
    def an_operator_acts(self, choice: int, what: str) -> None:
        if record := self._pick(choice):
            more = {}
            if what == "advance" and record.state == "final_review" and record.amount is None:
                more = {"amount": Decimal("10.00")}
            path = "manual" if record.plan.endswith("manual") else "automatic"
            try:
                after = getattr(self.world, what)(record, self.at, **more)
            except ApplicationError:
                assert (record.state, what) not in TABLES[path]
            else:
                assert after.state == TABLES[path][record.state, what]

    @invariant()
    def every_order_has_at_most_one_application_that_pays(self) -> None:
        if not hasattr(self, "world"):
            return
        for order in ORDERS:
            every = [r for r in self.world.back_office.list(limit=1000) if r.order_id == order]
            assert sum(record.state in OPEN | {"refunded"} for record in every) <= 1

    @invariant()
    def the_history_is_whole_and_legal(self) -> None:
        if not hasattr(self, "world"):
            return
        with self.world.sessions() as session:
            rows = session.scalars(select(tables.ApplicationEvent)).all()
            positions: dict[str, list[int]] = {}
            for row in rows:
                positions.setdefault(row.application_id, []).append(row.position)
        for record in self.world.back_office.list(limit=1000):
            path = "manual" if record.plan.endswith("manual") else "automatic"
            assert sorted(positions[record.id]) == list(range(1, len(record.events) + 1))
            state = "draft"
            for event in record.events:
                assert event.from_state == state
                state = TABLES[path][state, event.event]
                assert event.to_state == state
                assert event.actor.name
            assert state == record.state
            if record.state == "refunded":
                assert record.amount is not None

    @invariant()
    def what_is_over_never_changes(self) -> None:
        if not hasattr(self, "world"):
            return
        for record in self.world.back_office.list(limit=1000):
            if record.id in self.over:
                assert record == self.over[record.id]
            elif not record.open:
                self.over[record.id] = record


def may_submit(decision: Decision) -> bool:
    return decision.outcome != "not_refundable"


Life.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestLife = Life.TestCase
