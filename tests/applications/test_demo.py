"""The demo applications: one of each kind, the same on every start, nobody's own lost."""

from datetime import datetime, timedelta

import pytest

from refund_core import evaluate
from refundbot.applications.confirmation import Confirmations
from refundbot.applications.demo import demo_file, load_demo_applications
from refundbot.applications.progress import progress
from refundbot.applications.records import ApplicationRecord
from refundbot.applications.service import Applications, BackOffice
from refundbot.clock import parse_instant
from refundbot.orders import SqlOrderSource
from refundbot.orders.demo import load_demo
from tests.applications.world import NOW, SECRET, Sessions


def load(sessions: Sessions, at: datetime) -> list[ApplicationRecord]:
    load_demo(sessions, at)
    load_demo_applications(sessions, at)
    return BackOffice(sessions).list(limit=1000)


def test_there_is_one_of_each_kind_and_none_on_the_first_account(sessions: Sessions) -> None:
    records = load(sessions, NOW)
    assert len(records) == len(demo_file())
    assert {r.state for r in records} == {
        "first_review",
        "second_review",
        "rejected",
        "refunded",
        "failed",
        "refunding",
        "cancelled",
    }
    assert "A1001" not in {r.account_id for r in records}
    assert all(r.rejection for r in records if r.state in ("rejected", "failed"))


def test_the_model_dialogues_application_is_there(sessions: Sessions) -> None:
    record = next(r for r in load(sessions, NOW) if r.id == "RF20261118002")
    assert (record.state, f"{record.submitted_at:%m-%d %H:%M}") == ("first_review", "11-18 15:20")
    assert f"{record.due}" == "2026-11-23"


def test_loading_again_changes_nothing(sessions: Sessions) -> None:
    assert load(sessions, NOW) == load(sessions, NOW)


@pytest.mark.parametrize(
    "now",
    ["2026-11-23T00:00:01+08:00", "2026-02-17T23:59:59+08:00", "2028-02-29T12:00:00+08:00"],
)
def test_on_any_day_and_hour_it_loads_and_lies_in_the_past(sessions: Sessions, now: str) -> None:
    at = parse_instant(now)
    records = load(sessions, at)
    assert len(records) == len(demo_file())
    for record in records:
        instants = [event.at for event in record.events]
        assert instants == sorted(instants)
        assert instants[-1] <= at
        assert progress(record, at).stages


def test_under_rules_that_refuse_some_the_others_still_load(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    records = load(sessions, parse_instant("2024-02-29T12:00:00+08:00"))  # the seven-day rules
    assert 0 < len(records) < len(demo_file())
    assert "left out" in caplog.text


def test_loading_on_another_day_replaces_them(sessions: Sessions) -> None:
    load(sessions, NOW)
    later = load(sessions, NOW + timedelta(days=2))
    assert len(later) == len(demo_file())
    assert "RF20261118002" not in {r.id for r in later}


def test_a_customers_own_application_stays_and_keeps_its_number(sessions: Sessions) -> None:
    load(sessions, NOW)
    source = SqlOrderSource(sessions)
    order = source.get_order("A1004", "BD20261101413")  # the demo's failed one, applied for again
    assert order is not None
    confirmation = Confirmations(SECRET).ask("A1004", evaluate(order.case, NOW))
    mine = Applications(sessions, source, SECRET)
    own = mine.submit("A1004", order.id, confirmation=confirmation, at=NOW).application
    again = load(sessions, NOW)
    assert mine.get_by_order("A1004", order.id) == own
    assert len(again) == len(demo_file())  # one demo application gave way
    assert [r.id for r in again].count(own.id) == 1
