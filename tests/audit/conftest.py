"""A migrated database, and decisions on demo orders to keep in it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refund_core import Decision, RefundCase, evaluate
from refundbot.db import make_engine, session_factory
from refundbot.orders import SqlOrderSource
from refundbot.orders.demo import load_demo
from refundbot.orders.migrate import upgrade
from refundbot.settings import get_settings
from tests.orders.documents import NOW, Sessions

Told = Callable[..., tuple[Decision, RefundCase]]
ORDER = "BD20261114001"


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("audit") / "loaded.db"
    upgrade(f"sqlite:///{file}")
    engine = make_engine(f"sqlite:///{file}")
    load_demo(session_factory(engine), NOW)
    engine.dispose()  # folds the write-ahead log into the file
    return file


@pytest.fixture
def database(loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    file = tmp_path / "audit.db"
    shutil.copy(loaded, file)
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("REFUNDBOT_NOW", NOW.isoformat())
    get_settings.cache_clear()
    yield file
    get_settings.cache_clear()


@pytest.fixture
def told(sessions: Sessions) -> Told:
    """Decides an order of the demo data as of the tests' clock."""
    source = SqlOrderSource(sessions)

    def decide(order_id: str = ORDER, account: str = "A1001") -> tuple[Decision, RefundCase]:
        order = source.get_order(account, order_id)
        assert order is not None
        return evaluate(order.case, NOW), order.case

    return decide
