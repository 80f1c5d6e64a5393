"""Graph component that finds every entity of a message and settles overlaps."""

from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from refundbot import clock
from refundbot.nlu.entities import (
    ages,
    chinese_time,
    durations,
    ids,
    money,
    ordinals,
    products,
    times,
    whose,
)
from refundbot.nlu.entities.denied import without_denied
from refundbot.nlu.entities.spans import Span, settle
from refundbot.nlu.text import COMMAND_PREFIX

# Stands in for the characters of an id, so that its digits are no time and no sum.
_FILLER = "|"


def _blank_out(text: str, spans: list[Span]) -> str:
    for span in spans:
        text = text[: span.start] + _FILLER * (span.end - span.start) + text[span.end :]
    return text


def find_entities(text: str, now: datetime) -> list[dict[str, Any]]:
    """Every entity of a normalised text, none overlapping, in the order of the text.

    Args:
        text: normal form of the message.
        now: the instant times are read from, aware.
    """
    named = settle(ids.find(text))
    rest = _blank_out(text, named)
    moments = chinese_time.read_moments(rest, now)
    candidates = (
        named
        + money.find(rest)
        + ages.from_moments(moments, rest, now)
        + times.find(rest, now, moments)
        + durations.from_moments(moments, rest)
        + ordinals.find(rest)
        + products.find(rest)
        + whose.find(rest)
    )
    return [span.to_rasa(text) for span in without_denied(text, settle(candidates))]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RefundEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Sets the entities of each message; a button's payload brings its own."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RefundEntityExtractor":
        """Make the component and warm up the time parser."""
        chinese_time.warm_up(clock.now())
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Find the entities of incoming messages."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith(COMMAND_PREFIX):
                found = self.add_extractor_name(find_entities(text, clock.now()))
                message.set(ENTITIES, found, add_to_output=True)
        return messages
