"""A fresh orders database for every test, copied from one that was migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from refundbot.db import make_engine, session_factory
from refundbot.orders.migrate import upgrade
from refundbot.orders.sql import SqlOrderSource
from tests.orders.documents import Sessions
from tests.orders.importer import Importer


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


@pytest.fixture
def importer(sessions: Sessions, tmp_path: Path) -> Importer:
    return Importer(sessions, tmp_path)
