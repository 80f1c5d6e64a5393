"""Real threads on real databases: one order, one application, one refund."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from refundbot.applications.errors import (
    ApplicationError,
    ChangedMeanwhile,
    NotAllowed,
    NudgedToday,
    OverlappingApplication,
)
from refundbot.applications.tables import Application, ApplicationEvent, Claim
from tests.applications.world import NOW, World, related
from tests.gateway.fake_orders import make_order

THREADS = 8


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run the calls in threads that all start together; results or the errors they raised."""
    ready = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        ready.wait()
        try:
            results[index] = call()
        except ApplicationError as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def count(world: World, table: Any) -> int:
    with world.sessions() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_one_order_confirmed_many_times_at_once_is_one_application(any_world: World) -> None:
    world = any_world
    results = at_once([lambda: world.submit("BD1")] * THREADS)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert {result.application.id for result in results} == {"RF20261123001"}
    assert sum(result.created for result in results) == 1
    assert (count(world, Application), count(world, Claim)) == (1, 1)
    assert count(world, ApplicationEvent) == 4  # the losers left nothing behind


def test_different_orders_at_once_get_different_numbers_without_gaps(any_world: World) -> None:
    world = any_world
    for n in range(10, 10 + THREADS):
        world.orders.all[f"BD{n}"] = make_order(f"BD{n}", "A1001")
    results = at_once([lambda n=n: world.submit(f"BD{n}") for n in range(10, 10 + THREADS)])
    numbers = sorted(result.application.id for result in results)
    assert numbers == [f"RF20261123{n:03d}" for n in range(1, THREADS + 1)]


def test_a_resource_and_its_renewal_at_once_return_the_renewal_once(any_world: World) -> None:
    world = any_world
    renewal = make_order("BD21", "A1001")
    first = make_order("BD20", "A1001")
    world.orders.all["BD20"] = related(first, renewal)
    world.orders.all["BD21"] = related(renewal, first)
    lines = {line.order_id for line in world.decision("BD20").lines}
    assert lines == {"BD20", "BD21"}
    results = at_once([lambda: world.submit("BD20"), lambda: world.submit("BD21")] * 3)
    assert {r.application.id for r in results} == {"RF20261123001"}
    assert count(world, Application) == 1


def test_two_operators_advance_once_not_twice(any_world: World) -> None:
    world = any_world
    record = world.submit("BD2").application
    results = at_once([lambda: world.advance(record)] * THREADS)
    assert sum(isinstance(result, ChangedMeanwhile) for result in results) == THREADS - 1
    after = world.back_office.find(record.id)
    assert after.state == "second_review"
    assert len(after.events) == len(record.events) + 1


def test_cancelling_against_approving_ends_in_one_state_with_one_history(any_world: World) -> None:
    world = any_world
    record = world.submit("BD2").application
    cancel = world.applications.cancel
    results = at_once(
        [lambda: cancel("A1001", record.id, at=NOW), lambda: world.reject(record)] * 4
    )
    after = world.back_office.find(record.id)
    assert after.state in ("cancelled", "rejected")
    assert [event.to_state for event in after.events].count(after.state) == 1
    assert {event.to_state for event in after.events} & {"cancelled", "rejected"} == {after.state}
    refused = [r for r in results if isinstance(r, Exception)]
    assert all(isinstance(error, ChangedMeanwhile | NotAllowed) for error in refused)


def test_urging_many_times_at_once_counts_once(any_world: World) -> None:
    world = any_world
    record = world.submit("BD2").application
    nudge = world.applications.nudge
    results = at_once([lambda: nudge("A1001", record.id, at=NOW)] * THREADS)
    assert sum(isinstance(result, NudgedToday) for result in results) == THREADS - 1
    assert [e.event for e in world.back_office.find(record.id).events].count("nudge") == 1


def test_paying_and_applying_again_at_once_pays_once(any_world: World) -> None:
    world = any_world
    record = world.submit("BD1").application
    later = NOW + timedelta(minutes=1)
    results = at_once([lambda: world.advance(record), lambda: world.submit("BD1", later)] * 3)
    assert count(world, Application) == 1
    assert world.back_office.find(record.id).state == "refunded"
    assert not any(isinstance(result, OverlappingApplication) for result in results)
