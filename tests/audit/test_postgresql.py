"""On PostgreSQL the decisions are kept, found and protected as on SQLite."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from refund_core import Decision
from refundbot.audit import store
from refundbot.audit.writer import Writer
from refundbot.db import make_engine, session_factory
from refundbot.orders.migrate import alembic_config, upgrade
from tests.audit.conftest import ORDER, Told
from tests.orders.documents import NOW, Sessions


@pytest.fixture(scope="module")
def engine(postgres_url: str) -> Iterator[Engine]:
    assert upgrade(postgres_url)
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres(engine: Engine) -> Sessions:
    return session_factory(engine)


def keep(postgres: Sessions, told: Told) -> str:
    decision, case = told()
    return store.record(
        postgres, decision, case, account="A1001", conversation="c1", created_at=NOW
    )


def test_a_decision_comes_back_whole(postgres: Sessions, told: Told) -> None:
    found = store.get(postgres, keep(postgres, told))
    assert found is not None
    assert Decision.from_json(found.decision) == told()[0]
    assert (found.as_of, found.created_at) == (NOW, NOW)
    by_order = store.find(postgres, order=ORDER.lower(), account="A1001", since=NOW, limit=100)
    assert found in by_order
    assert by_order == sorted(by_order, key=lambda item: item.id, reverse=True)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE decisions SET amount = 1", "DELETE FROM decisions", "TRUNCATE decisions"],
)
def test_nothing_can_be_changed_or_removed(statement: str, postgres: Sessions, told: Told) -> None:
    keep(postgres, told)
    before = store.find(postgres)
    with postgres() as session, pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))
    assert store.find(postgres) == before != []


def test_the_writer_keeps_decisions_there(postgres: Sessions, told: Told) -> None:
    writer = Writer(postgres, patience=10)
    decision, case = told()
    number = writer.remember(decision, case, account="A1001", conversation="c2", created_at=NOW)
    writer.close()
    assert number is not None
    assert store.get(postgres, number) is not None


def test_the_table_can_be_taken_down_and_put_up_again(engine: Engine) -> None:
    config = alembic_config(engine.url.render_as_string(hide_password=False))
    command.downgrade(config, "0003")
    assert "decisions" not in inspect(engine).get_table_names()
    command.upgrade(config, "head")
    assert "decisions" in inspect(engine).get_table_names()
