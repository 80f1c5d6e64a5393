"""Graph component that brings every message into one form before anything else reads it."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from refundbot.nlu.text import COMMAND_PREFIX, normalize

ORIGINAL_TEXT = "original_text"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Normalizer(GraphComponent):
    """Replaces the text of each message by `refundbot.nlu.text.normalize` of it.

    A raw text that starts with an ASCII ``/`` is a button's payload: only the internal channel
    can deliver one, typed text never reaches Rasa that way. It is left untouched. Any other text
    cannot become a payload, because the normal form never starts with ``/``.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Normalizer":
        """Make the component; it has no settings and nothing to load."""
        normalize("预热")
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise the examples; entity marks would point into the old text and are dropped."""
        for message in training_data.training_examples:
            self._normalize(message)
            if message.get(ENTITIES):
                message.set(ENTITIES, [])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise incoming messages."""
        for message in messages:
            self._normalize(message)
        return messages

    @staticmethod
    def _normalize(message: Message) -> None:
        raw = message.get(TEXT)
        if not isinstance(raw, str) or raw.startswith(COMMAND_PREFIX):
            return
        message.set(ORIGINAL_TEXT, raw, add_to_output=True)
        message.set(TEXT, normalize(raw), add_to_output=True)
