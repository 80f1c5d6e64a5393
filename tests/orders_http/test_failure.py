"""A service that is down, slow or wrong is an outage, soon, and never half an answer."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from threading import Event
from typing import Any

import circuitbreaker
import pytest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from refundbot.orders import HttpOrderSource, OrdersUnavailable
from refundbot.orders.http_transport import Limits, ServiceFailed
from tests.orders_http.conftest import Clock, MakeSource
from tests.orders_http.reference import Reference, babble, cut_off, saying, silence

ACTION_BUDGET = 3.0


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody listens: bound, so that nobody else takes it, but not open."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/v1"


def test_a_question_is_over_well_before_the_action_is() -> None:
    limits = Limits()
    assert limits.total <= ACTION_BUDGET - 1
    assert limits.connect < limits.read < limits.total


class TestAgain:
    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_a_passing_failure_is_tried_again(
        self, status: int, service: Reference, source: HttpOrderSource, clock: Clock
    ) -> None:
        service.fail(saying(status=status))
        assert len(source.list_orders("A1002")) == 1
        assert len(service.asked) == 2
        assert len(clock.slept) == 1

    def test_a_connection_cut_off_in_the_middle_is_tried_again(
        self, service: Reference, source: HttpOrderSource
    ) -> None:
        service.fail(cut_off)
        assert source.get_account("A1001") is not None
        assert len(service.asked) == 2

    def test_but_three_times_at_most(
        self, service: Reference, source: HttpOrderSource, clock: Clock
    ) -> None:
        service.fail(*[saying(status=503)] * 3)
        with pytest.raises(ServiceFailed, match="503"):
            source.list_orders("A1001")
        assert len(service.asked) == 3
        assert len(clock.slept) == 2
        assert sum(clock.slept) < 0.5

    def test_and_not_when_the_pause_would_outlast_the_question(
        self, service: Reference, source: HttpOrderSource, clock: Clock
    ) -> None:
        service.fail(saying(status=503))
        clock.tick = 1.0  # every look at the clock: after the first attempt nothing is left
        with pytest.raises(ServiceFailed, match="503"):
            source.list_orders("A1001")
        assert len(service.asked) == 1
        assert clock.slept == []

    def test_nobody_there_is_an_outage_after_three_attempts(
        self, nobody: str, make_source: MakeSource, clock: Clock
    ) -> None:
        with pytest.raises(ServiceFailed, match="no connection"):
            make_source(address=nobody).list_orders("A1001")
        assert len(clock.slept) == 2

    @pytest.mark.parametrize("status", [500, 501, 505, 429])
    def test_an_error_of_the_service_itself_is_not_tried_again(
        self, status: int, service: Reference, source: HttpOrderSource
    ) -> None:
        service.fail(saying({"error": "secret detail"}, status=status))
        with pytest.raises(ServiceFailed, match=str(status)) as failed:
            source.get_order("A1001", "BD20261114001")
        assert "secret" not in str(failed.value)
        assert len(service.asked) == 1


class TestSlow:
    def test_silence_is_given_up_and_not_asked_again(
        self, service: Reference, make_source: MakeSource
    ) -> None:
        service.fail(silence)
        with pytest.raises(ServiceFailed, match="too slow"):
            make_source(read=0.05).list_orders("A1001")
        assert len(service.asked) == 1

    def test_one_customers_slow_answer_does_not_hold_up_another_customer(
        self, service: Reference, make_source: MakeSource
    ) -> None:
        source, asked, answer = make_source(read=30.0, total=30.0), Event(), Event()

        async def held(request: Request) -> Response:
            asked.set()
            await run_in_threadpool(answer.wait, 10)
            return Response(status_code=500)

        service.fail(held)
        with ThreadPoolExecutor(1) as elsewhere:
            slow = elsewhere.submit(source.get_account, "A1001")
            assert asked.wait(10)
            assert source.get_account("A1002") is not None
            assert not slow.done()
            answer.set()
            with pytest.raises(ServiceFailed, match="500"):
                slow.result(10)

    def test_an_answer_that_trickles_in_cannot_outlast_the_question(
        self, service: Reference, source: HttpOrderSource, clock: Clock
    ) -> None:
        service.fail(babble)
        clock.tick = 0.5
        with pytest.raises(ServiceFailed, match="longer than a question may"):
            source.list_orders("A1001")

    def test_many_pages_share_the_time_of_one_question(
        self, service: Reference, source: HttpOrderSource, clock: Clock
    ) -> None:
        service.page_size = 1
        clock.tick = 0.2
        with pytest.raises(ServiceFailed, match="longer than a question may"):
            source.list_orders("A1004")
        assert 1 < len(service.asked) < 16

    def test_an_answer_without_end_is_refused_for_its_size(
        self, service: Reference, make_source: MakeSource
    ) -> None:
        service.fail(babble)
        with pytest.raises(OrdersUnavailable, match="more than 10000 bytes"):
            make_source(body=10_000).list_orders("A1001")


class TestWrong:
    @pytest.mark.parametrize(
        "body", [b"", b"<html>down</html>", b'{"orders": [', b"[" * 100_000, b"\xff\xfe"]
    )
    def test_what_is_no_json_is_an_outage(
        self, body: bytes, service: Reference, source: HttpOrderSource
    ) -> None:
        service.fail(saying(raw=body))
        with pytest.raises(OrdersUnavailable, match="no JSON"):
            source.list_orders("A1001")

    @pytest.mark.parametrize(
        "answer",
        [None, [], "orders", {}, {"orders": []}, {"orders": None, "next": None}, {"next": None}],
    )
    def test_json_of_another_shape_is_an_outage(
        self, answer: Any, service: Reference, source: HttpOrderSource
    ) -> None:
        service.fail(*[saying(answer)] * 3)
        with pytest.raises(OrdersUnavailable, match="OrderPage"):
            source.list_orders("A1001")
        with pytest.raises(OrdersUnavailable, match="AccountOrder"):
            source.get_order("A1001", "BD20261114001")
        with pytest.raises(OrdersUnavailable, match="CustomerAccount"):
            source.get_account("A1001")

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("order.amount", 280.0),
            ("order.amount", "280.001"),
            ("order.amount", "-280.00"),
            ("order.purchased_at", "2026-11-14 10:20"),
            ("order.purchased_at", "2026-02-30T10:20:00+08:00"),
            ("order.status", "on fire"),
            ("order.id", "BD 1"),
            ("order.surprise", 1),
            ("resource.police_frozen", "no"),
            ("account.id", ""),
            ("resource", None),
        ],
    )
    def test_one_wrong_field_of_one_order_makes_the_whole_answer_unusable(
        self, path: str, value: Any, service: Reference, source: HttpOrderSource, case: Any
    ) -> None:
        wrong = deepcopy(case)
        *parents, name = path.split(".")
        place = wrong
        for parent in parents:
            place = place[parent]
        place[name] = value
        service.fail(saying({"orders": [case, wrong], "next": None}))
        with pytest.raises(OrdersUnavailable) as refused:
            source.list_orders("A1001")
        assert name in str(refused.value)
        assert value is None or str(value) not in str(refused.value).split()

    def test_a_missing_fact_that_rules_may_ask_for_is_no_mistake(
        self, service: Reference, source: HttpOrderSource, case: Any
    ) -> None:
        del case["resource"]["police_frozen"]
        service.fail(saying({"orders": [case], "next": None}))
        assert source.list_orders("A1001")[0].case.resource.police_frozen is None

    def test_a_redirect_is_not_followed(
        self, service: Reference, source: HttpOrderSource, nobody: str
    ) -> None:
        service.fail(saying(status=302, location=f"{nobody}/elsewhere"))
        with pytest.raises(OrdersUnavailable, match="302"):
            source.list_orders("A1001")
        assert len(service.asked) == 1


class TestBreaker:
    @pytest.fixture(autouse=True)
    def _same_clock(self, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(circuitbreaker, "monotonic", clock)

    @pytest.fixture
    def tired(self, service: Reference, make_source: MakeSource) -> HttpOrderSource:
        """A source after as many failures as it takes."""
        source = make_source(failures=3, recovery=10)
        service.fail(*[saying(status=500)] * 3)
        for _ in range(3):
            with pytest.raises(ServiceFailed):
                source.get_account("A1001")
        service.asked.clear()
        return source

    def test_after_repeated_failures_the_service_is_left_alone(
        self, tired: HttpOrderSource, service: Reference
    ) -> None:
        for _ in range(5):
            with pytest.raises(OrdersUnavailable, match="left alone"):
                tired.list_orders("A1001")
        assert service.asked == []

    def test_one_good_answer_later_it_is_asked_as_before(
        self, tired: HttpOrderSource, service: Reference, clock: Clock
    ) -> None:
        clock.seconds += 9
        with pytest.raises(OrdersUnavailable, match="left alone"):
            tired.get_account("A1001")
        clock.seconds += 1
        assert tired.get_account("A1001") is not None
        service.fail(saying(status=500))
        with pytest.raises(ServiceFailed):
            tired.get_account("A1001")
        assert tired.get_account("A1001") is not None

    def test_one_bad_answer_later_it_is_left_alone_again(
        self, tired: HttpOrderSource, service: Reference, clock: Clock
    ) -> None:
        clock.seconds += 10
        service.fail(saying(status=500))
        with pytest.raises(ServiceFailed, match="500"):
            tired.get_account("A1001")
        with pytest.raises(OrdersUnavailable, match="left alone"):
            tired.get_account("A1001")
        assert len(service.asked) == 1

    def test_good_answers_in_between_start_the_count_anew(
        self, service: Reference, make_source: MakeSource
    ) -> None:
        source = make_source(failures=2)
        for _ in range(3):
            service.fail(saying(status=500))
            with pytest.raises(ServiceFailed):
                source.get_account("A1001")
            assert source.get_account("A1001") is not None

    def test_one_customers_unusable_rows_do_not_cut_off_the_others(
        self, service: Reference, make_source: MakeSource
    ) -> None:
        source = make_source(failures=2)
        for _ in range(5):
            service.fail(saying({"orders": [{}], "next": None}))
            with pytest.raises(OrdersUnavailable, match="OrderPage"):
                source.list_orders("A1001")
        assert len(source.list_orders("A1002")) == 1
