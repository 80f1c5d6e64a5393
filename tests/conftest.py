"""Fixtures shared by all tests."""

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from refundbot.db import make_engine, session_factory
from refundbot.orders.migrate import upgrade
from tests.applications import postgres
from tests.stack import Stack, start_stack


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with every table, to be copied: migrating takes longer than a test."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Path:
    """A fresh database for one test."""
    file = tmp_path / "refundbot.db"
    shutil.copy(migrated, file)
    return file


@pytest.fixture
def sessions(database: Path) -> Iterator[Callable[[], Session]]:
    """Sessions on `database`."""
    engine = make_engine(f"sqlite:///{database}")
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Address of one PostgreSQL server for all tests that need one; skipped where none can run."""
    try:
        with postgres.server() as url:
            yield url
    except postgres.NoPostgres as reason:
        pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture(scope="module")
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> str:
    """An empty database of that server for one module."""
    name = "t_" + re.sub(r"\W", "_", request.module.__name__)
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT", future=True)
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name[-60:]}"'))
    engine.dispose()
    return make_url(postgres_server).set(database=name[-60:]).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One running stack for every test that only talks to it."""
    running = start_stack(tmp_path_factory.mktemp("stack"))
    try:
        yield running
    finally:
        running.stop()
        sys.stdout.flush()
