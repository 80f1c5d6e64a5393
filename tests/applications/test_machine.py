"""Which state may follow which: nothing but the paths a customer is told about."""

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refundbot.applications.machine import (
    OPEN,
    TERMINAL,
    ApplicationMachine,
    Path,
    TransitionNotAllowed,
    allows,
)

# Written down a second time on purpose: the machine must say exactly this.
MANUAL = {
    ("draft", "submit"): "submitted",
    ("submitted", "advance"): "auto_review",
    ("auto_review", "advance"): "first_review",
    ("first_review", "advance"): "second_review",
    ("second_review", "advance"): "final_review",
    ("final_review", "advance"): "approved",
    ("final_review", "approve"): "approved",
    ("approved", "advance"): "refunding",
    ("refunding", "advance"): "refunded",
    ("approved", "fail"): "failed",
    ("refunding", "fail"): "failed",
    **{
        (state, "reject"): "rejected"
        for state in ("auto_review", "first_review", "second_review", "final_review")
    },
    **{
        (state, "cancel"): "cancelled"
        for state in ("submitted", "auto_review", "first_review", "second_review", "final_review")
    },
    **{
        (state, "nudge"): state
        for state in (
            "submitted",
            "auto_review",
            "first_review",
            "second_review",
            "final_review",
            "approved",
            "refunding",
        )
    },
}
AUTOMATIC = {
    **MANUAL,
    ("auto_review", "advance"): "approved",
    ("auto_review", "approve"): "approved",
}
TABLES: dict[Path, dict[tuple[str, str], str]] = {"manual": MANUAL, "automatic": AUTOMATIC}
STATES = [state.id for state in ApplicationMachine.states]
EVENTS = ["submit", "advance", "approve", "reject", "cancel", "fail", "nudge"]
paths = st.sampled_from(["manual", "automatic"])


@dataclass
class Row:
    state: str


def test_the_machine_has_no_other_events() -> None:
    assert {event.id for event in ApplicationMachine.events} == set(EVENTS)


@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize(("state", "event"), list(itertools.product(STATES, EVENTS)))
def test_every_event_in_every_state_does_what_is_written_or_nothing(
    path: Path, state: str, event: str
) -> None:
    row, told = Row(state), []
    machine = ApplicationMachine(row, path, lambda *what: told.append(what))
    target = TABLES[path].get((state, event))
    if target is None:
        with pytest.raises(TransitionNotAllowed):
            machine.send(event)
        assert (row.state, told) == (state, [])
        assert not allows(state, path, event)
    else:
        machine.send(event)
        assert (row.state, told) == (target, [(event, state, target)])
        assert allows(state, path, event)


@settings(deadline=None)
@given(paths, st.lists(st.sampled_from(EVENTS), max_size=25))
def test_whatever_is_tried_the_history_is_one_unbroken_legal_chain(
    path: Path, tried: list[str]
) -> None:
    row, told = Row("draft"), []
    for event in tried:
        try:
            ApplicationMachine(row, path, lambda *what: told.append(what)).send(event)
        except TransitionNotAllowed:
            continue
    at = "draft"
    for event, source, target in told:
        assert source == at
        assert TABLES[path][source, event] == target
        at = target
    assert at == row.state
    visited = [target for _, _, target in told]
    if "approved" in visited and path == "manual":
        reviews = [state for state in dict.fromkeys(visited) if state.endswith("_review")]
        assert reviews == ["auto_review", "first_review", "second_review", "final_review"]
    if "refunded" in visited:
        assert "approved" in visited


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_what_is_over_stays_over(state: str) -> None:
    assert not any(allows(state, path, event) for path in TABLES for event in EVENTS)


def test_a_draft_holds_nothing_and_every_other_state_is_open_or_over() -> None:
    assert {"rejected", "cancelled", "refunded", "failed"} == TERMINAL
    assert OPEN | TERMINAL | {"draft"} == set(STATES)
    assert not OPEN & TERMINAL
