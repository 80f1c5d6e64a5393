"""A fresh orders database for every test, copied from one that was migrated once."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from refundbot.clock import parse_instant
from refundbot.db import make_engine, session_factory
from refundbot.orders.migrate import upgrade
from refundbot.orders.sql import SqlOrderSource

NOW = parse_instant("2026-11-23T10:00:00+08:00")
Sessions = Callable[[], Session]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("orders") / "empty.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Path:
    file = tmp_path / "orders.db"
    shutil.copy(migrated, file)
    return file


@pytest.fixture
def sessions(database: Path) -> Iterator[Sessions]:
    engine = make_engine(f"sqlite:///{database}")
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def source(sessions: Sessions) -> SqlOrderSource:
    return SqlOrderSource(sessions)
