"""Fixtures shared by all tests."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from refundbot.db import make_engine, session_factory
from refundbot.orders.migrate import upgrade
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
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One running stack for every test that only talks to it."""
    running = start_stack(tmp_path_factory.mktemp("stack"))
    try:
        yield running
    finally:
        running.stop()
        sys.stdout.flush()
