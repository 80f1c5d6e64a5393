"""The order service is down, slow, broken or wrong: the whole action, over real HTTP."""

import time
from collections.abc import Callable, Iterator

import pytest

from refundbot.db import make_engine, session_factory
from refundbot.orders import SqlOrderSource, get_source
from refundbot.settings import get_settings
from tests.actions.conftest import Customer
from tests.actions.test_failure_database import is_an_outage
from tests.orders_http.reference import (
    KEY,
    Fault,
    Reference,
    Running,
    babble,
    cut_off,
    saying,
    silence,
)

Make = Callable[..., Customer]
BCC = {"order_id": "BD20261114001"}
TRIES = 3  # of one question, for failures that often pass

FAULTS: dict[str, list[Fault]] = {
    "slow": [silence],
    "trickling": [babble],
    "500": [saying({"code": "internal"}, 500)],
    "503 each time": [saying({"code": "busy"}, 503)] * TRIES,
    "429": [saying({"code": "busy"}, 429)],
    "cut off each time": [cut_off] * TRIES,
    "refusing the key": [saying({"code": "refused"}, 401)],
    "no JSON": [saying(raw=b"<html>Bad Gateway</html>")],
    "another schema": [saying({"data": [{"orderId": "BD20261114001", "amount": 280}]})],
    "orders without facts": [saying({"orders": [{"id": "BD20261114001"}], "next": None})],
    "a redirect": [saying({}, 302, location="http://127.0.0.1:1/")],
}


@pytest.fixture(scope="module")
def running(demo_database: str) -> Iterator[tuple[Reference, str]]:
    engine = make_engine(demo_database)
    reference = Reference(SqlOrderSource(session_factory(engine)))
    server = Running(reference.app())
    yield reference, server.url
    server.stop()
    engine.dispose()


@pytest.fixture
def service(running: tuple[Reference, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Reference]:
    """The service the actions ask, with a circuit breaker that has seen nothing yet."""
    reference, url = running
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("refundbot.orders._service", _fresh())
    name(monkeypatch, url)
    yield reference
    left_over = len(reference.faults)
    reference.faults.clear()
    assert left_over == 0, "a fault was prepared that nobody met"


def _fresh() -> Callable[..., object]:
    from functools import lru_cache

    from refundbot.orders import HttpOrderSource

    return lru_cache(maxsize=4)(HttpOrderSource)


def name(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REFUNDBOT_ORDERS_API", url)
    monkeypatch.setenv("REFUNDBOT_ORDERS_API_KEY", KEY)
    get_settings.cache_clear()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_service_that_fails_is_an_outage_in_time_and_an_answer_afterwards(
    customer: Make, service: Reference, fault: str
) -> None:
    service.fail(*FAULTS[fault])
    started = time.monotonic()
    is_an_outage(customer().ask("ask_refund_amount", **BCC))
    assert time.monotonic() - started < 3.5
    said = customer().ask("ask_refund_amount", **BCC)
    assert "¥186.67" in said.text
    assert said.decision is not None


def test_a_service_where_nobody_listens_is_an_outage(
    customer: Make, service: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    name(monkeypatch, "http://127.0.0.1:9/v1")
    is_an_outage(customer().ask("list_orders"))


def test_rows_of_another_account_are_an_outage_and_never_an_answer(
    customer: Make, service: Reference
) -> None:
    foreign = get_source().list_orders("A1002")[0]
    service.fail(saying({"orders": [foreign.case.to_json()], "next": None}))
    said = customer().ask("list_orders")
    is_an_outage(said)
    assert foreign.id not in said.text


def test_a_service_left_alone_after_failures_is_an_outage_at_once(
    customer: Make, service: Reference
) -> None:
    regular = customer()
    for _ in range(5):
        service.fail(saying({"code": "internal"}, 500))
        is_an_outage(regular.ask("ask_refund_amount", **BCC))
    asked = len(service.asked)
    is_an_outage(regular.ask("ask_refund_amount", **BCC))
    assert len(service.asked) == asked


def test_a_person_can_be_reached_while_the_service_is_slow(
    customer: Make, service: Reference
) -> None:
    regular = customer()
    regular.ask("ask_refund_amount", **BCC)
    service.fail(silence)
    person = regular.ask("handoff", text="转人工")
    assert "为您转接人工客服" in person.text
    assert person.custom["handoff"]["orders"][0]["id"] == BCC["order_id"]
