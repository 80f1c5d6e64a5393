"""The database is gone, slow, or may only be read: real databases, whole actions."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from refundbot.applications.demo import load_demo_applications
from refundbot.clock import parse_instant
from refundbot.db import make_engine, session_factory
from refundbot.orders.demo import load_demo
from refundbot.orders.migrate import upgrade
from refundbot.settings import get_settings
from tests.actions.conftest import Customer, Said
from tests.actions.databases import Database, Postgres, Sqlite
from tests.stack import NOW

Make = Callable[..., Customer]
BCC = {"order_id": "BD20261114001"}
BUDGET = 3.5  # seconds of an action, and what a busy machine adds


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> str:
    upgrade(postgres_url)
    engine = make_engine(postgres_url)
    load_demo(session_factory(engine), parse_instant(NOW))
    load_demo_applications(session_factory(engine), parse_instant(NOW))
    engine.dispose()
    return postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, demo_database: str, tmp_path: Path) -> Database:
    if request.param == "postgresql":
        return Postgres(request.getfixturevalue("postgres"))
    engine = make_engine(demo_database)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{tmp_path}/broken.db'")
    engine.dispose()
    return Sqlite(tmp_path / "broken.db")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, database: Database) -> Callable[[], None]:
    """Make the actions read this database, as it is named now."""

    def use() -> None:
        monkeypatch.setenv("REFUNDBOT_DATABASE_URL", database.url)
        get_settings.cache_clear()

    return use


def is_an_outage(said: Said) -> None:
    """The fixed sentence with its two ways on, and the word that it can be asked again."""
    assert said.text.startswith("订单系统暂时查不到")
    assert said.kind == "outage"
    assert said.titles == ["转人工", "自己去退订页面看"]
    assert said.custom["later"] == {"part": "orders"}
    assert said.decision is None
    assert "¥" not in said.text


def count(database: Database, table: str) -> int:
    engine = make_engine(database.url)
    with engine.connect() as connection:
        found: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return found


@pytest.mark.parametrize(
    "question",
    ["ask_refund_eligibility", "ask_refund_amount", "ask_timeline", "apply_refund", "list_orders"],
)
def test_a_database_that_is_gone_is_an_outage(
    customer: Make, database: Database, use: Callable[[], None], question: str
) -> None:
    database.lose()
    use()
    is_an_outage(customer().ask(question, **BCC))


def test_without_a_database_a_person_can_still_be_reached_and_the_rules_be_read(
    customer: Make, database: Database, use: Callable[[], None]
) -> None:
    database.lose()
    use()
    person = customer().ask("handoff", text="转人工")
    assert "为您转接人工客服" in person.text
    assert "handoff" in person.custom
    assert "包年包月" in customer(None).ask("ask_policy", text="退订规则").text


def test_without_a_database_the_state_of_a_refund_is_said_to_be_unknown(
    customer: Make, database: Database, use: Callable[[], None]
) -> None:
    database.lose()
    use()
    said = customer("A1006").ask("ask_refund_status", text="退款到哪了")
    assert "退款申请暂时查不到" in said.text
    assert "转人工" in said.titles


def test_a_database_that_answers_too_late_is_an_outage_in_time(
    customer: Make, database: Database, use: Callable[[], None]
) -> None:
    use()
    with database.held():
        started = time.monotonic()
        is_an_outage(customer().ask("ask_refund_amount", **BCC))
        assert time.monotonic() - started < BUDGET
    assert "¥186.67" in customer().ask("ask_refund_amount", **BCC).text


def test_a_database_that_may_only_be_read_still_answers(
    customer: Make, database: Database, use: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    use()
    with database.read_only():
        regular = customer()
        said = regular.ask("ask_refund_amount", **BCC)
        assert "¥186.67" in said.text
        assert said.decision is not None
        assert BCC["order_id"] in regular.ask("list_orders").text
    assert "is not stored" in caplog.text  # the decision's record: the operator is told


@pytest.mark.parametrize(
    ("intent", "how"),
    [
        ("ask_refund_status", {"text": "麻烦催一下"}),
        ("cancel_refund", {"text": "撤销申请", "only": "confirmed"}),
    ],
)
def test_what_cannot_be_written_is_said_not_to_be_done_and_is_not_done(
    customer: Make,
    database: Database,
    use: Callable[[], None],
    intent: str,
    how: dict[str, str],
) -> None:
    use()
    before = count(database, "application_events")
    applicant = customer("A1006")
    with database.read_only():
        said = applicant.ask(intent, **how)
        assert "已经替您催了" not in said.text
        assert "已经撤销" not in said.text
        assert "退款申请暂时查不到" in said.text
        assert "正在初审" in applicant.ask("ask_refund_status", text="退款到哪了").text
    assert count(database, "application_events") == before
