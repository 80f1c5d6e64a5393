"""A database with the applications' tables, on SQLite and, where it can run, on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from refundbot.db import make_engine, session_factory
from refundbot.orders.migrate import upgrade
from tests.applications import postgres
from tests.applications.world import Sessions, World


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("applications") / "empty.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Path:
    file = tmp_path / "applications.db"
    shutil.copy(migrated, file)
    return file


@pytest.fixture
def sessions(database: Path) -> Iterator[Sessions]:
    engine = make_engine(f"sqlite:///{database}")
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def world(sessions: Sessions) -> World:
    return World(sessions)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    try:
        with postgres.server() as url:
            upgrade(url)
            yield url
    except postgres.NoPostgres as reason:
        pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The service on each kind of database, empty."""
    if request.param == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('database')}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    if request.param == "postgresql":
        tables = "application_events, application_claims, refund_applications, application_numbers"
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables}"))
    yield World(session_factory(engine))
    engine.dispose()
