"""The reference service with the demo data, started once, and a source that asks it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refundbot.db import make_engine, session_factory
from refundbot.orders import HttpOrderSource, SqlOrderSource
from refundbot.orders.demo import load_demo
from refundbot.orders.http_transport import Limits
from refundbot.orders.migrate import upgrade
from tests.orders.documents import NOW
from tests.orders_http.reference import KEY, Reference, Running

MakeSource = Callable[..., HttpOrderSource]


class Clock:
    """Monotonic seconds that pass only when told, and a sleep that lets them pass."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []
        self.tick = 0.0

    def __call__(self) -> float:
        self.seconds += self.tick
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@pytest.fixture(scope="module")
def database_source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlOrderSource]:
    url = f"sqlite:///{tmp_path_factory.mktemp('service') / 'orders.db'}"
    upgrade(url)
    engine = make_engine(url)
    load_demo(session_factory(engine), NOW)
    yield SqlOrderSource(session_factory(engine))
    engine.dispose()


@pytest.fixture(scope="module")
def running(database_source: SqlOrderSource) -> Iterator[tuple[Reference, str]]:
    reference = Reference(database_source)
    server = Running(reference.app())
    yield reference, server.url
    server.stop()


@pytest.fixture
def service(running: tuple[Reference, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Reference]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    reference, _ = running
    reference.page_size = 100
    reference.asked.clear()
    yield reference
    left_over = len(reference.faults)
    reference.faults.clear()
    assert left_over == 0, "a fault was prepared that nobody met"


@pytest.fixture
def url(running: tuple[Reference, str]) -> str:
    return running[1]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_source(service: Reference, url: str, clock: Clock) -> MakeSource:
    def make(key: str = KEY, address: str = url, **limits: float) -> HttpOrderSource:
        # The real clock still limits what hangs: tests that wait for it set `read` low.
        return HttpOrderSource(
            address,
            key,
            Limits(**limits),  # type: ignore[arg-type]
            clock=clock,
            sleep=clock.sleep,
        )

    return make


@pytest.fixture
def source(make_source: MakeSource) -> HttpOrderSource:
    return make_source()


@pytest.fixture
def case(database_source: SqlOrderSource) -> dict[str, object]:
    """The refund case of an order of account A1001, as the service gives it."""
    return database_source.list_orders("A1001")[0].case.to_json()


@pytest.fixture
def contract_file() -> Path:
    from refundbot.orders.http_contract import CONTRACT_FILE

    return CONTRACT_FILE
