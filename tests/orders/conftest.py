"""The order source and the import over each test's database."""

from pathlib import Path

import pytest

from refundbot.orders.sql import SqlOrderSource
from tests.orders.documents import Sessions
from tests.orders.importer import Importer


@pytest.fixture
def source(sessions: Sessions) -> SqlOrderSource:
    return SqlOrderSource(sessions)


@pytest.fixture
def importer(sessions: Sessions, tmp_path: Path) -> Importer:
    return Importer(sessions, tmp_path)
