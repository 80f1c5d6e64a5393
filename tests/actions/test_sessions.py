"""What a conversation was about is forgotten after an hour of silence, as Rasa counts it."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from tests.stack import ROOT

SAID = {
    "order_id": "BD20261114001",
    "candidates": ["BD20261114001", "BD20261120002"],
    "shown": ["BD20261114001"],
    "pending_question": "ask_refund_amount",
    "last_question": "ask_refund_amount",
}
HOUR = 3600.0


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def processor(domain: Domain) -> MessageProcessor:
    """Rasa's processor as far as sessions go: no model is needed to end one."""
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.domain = domain
    processor.nlg = TemplatedNaturalLanguageGenerator(domain.responses)
    processor.tracker_store = InMemoryTrackerStore(domain)
    processor.action_endpoint = None
    processor.model_metadata = cast(
        ModelMetadata, SimpleNamespace(assistant_id="test", model_id="test")
    )
    return processor


def resumed(
    processor: MessageProcessor, monkeypatch: pytest.MonkeyPatch, after: float, who: str = "c1"
) -> DialogueStateTracker:
    """The conversation c1 as the next message of ``who`` finds it, ``after`` seconds later."""
    start = time.time()
    tracker = DialogueStateTracker("c1", processor.domain.slots)
    tracker.update(UserUttered("能退多少", timestamp=start), processor.domain)
    for name, value in SAID.items():
        tracker.update(SlotSet(name, value, timestamp=start), processor.domain)
    asyncio.run(processor.tracker_store.save(tracker))
    monkeypatch.setattr("rasa.core.processor.time.time", lambda: start + after)
    return asyncio.run(processor.fetch_tracker_and_update_session(who))


def remembered(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {name: tracker.get_slot(name) for name in SAID}


@pytest.mark.parametrize("after", [0.0, HOUR - 1, HOUR])
def test_within_the_hour_the_talk_goes_on(
    processor: MessageProcessor, monkeypatch: pytest.MonkeyPatch, after: float
) -> None:
    assert remembered(resumed(processor, monkeypatch, after)) == SAID


@pytest.mark.parametrize("after", [HOUR + 1, 24 * HOUR])
def test_after_the_hour_nothing_of_the_old_talk_is_left(
    processor: MessageProcessor, monkeypatch: pytest.MonkeyPatch, after: float
) -> None:
    assert remembered(resumed(processor, monkeypatch, after)) == dict.fromkeys(SAID)


def test_another_conversation_starts_with_nothing(
    processor: MessageProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remembered(resumed(processor, monkeypatch, 0.0, "c2")) == dict.fromkeys(SAID)


def test_every_slot_that_points_at_orders_is_tried_here(domain: Domain) -> None:
    ours = {slot.name for slot in domain.slots} - {"session_started_metadata", "misses"}
    assert {name for name in ours if not name.startswith("requested")} == set(SAID)
