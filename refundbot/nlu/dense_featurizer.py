"""Graph component that adds the sentence embedding of each message."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from refundbot.nlu.clauses import split_clauses
from refundbot.nlu.encoder import shared_encoder
from refundbot.nlu.features import feature_text
from refundbot.nlu.text import COMMAND_PREFIX


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """One row of 512 numbers a message; a button's payload gets none."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEmbeddingFeaturizer":
        """Make the component and load the shared encoder."""
        shared_encoder()
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to set."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed all examples at once."""
        self._embed(training_data.training_examples, [])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Embed incoming messages, and their clauses along with them.

        The classifier will ask for the clauses and find them in the encoder's cache: one batch
        costs little more than its longest text, since most of the time goes to reading weights.
        """
        texts = [
            m.get(TEXT) for m in messages if not (m.get(TEXT) or COMMAND_PREFIX).startswith("/")
        ]
        clauses = [piece.text for text in texts for piece in split_clauses(text)]
        self._embed(messages, [feature_text(clause) for clause in clauses])
        return messages

    def _embed(self, messages: list[Message], more: list[str]) -> None:
        typed = [m for m in messages if not (m.get(TEXT) or COMMAND_PREFIX).startswith("/")]
        texts = [feature_text(message.get(TEXT)) for message in typed]
        rows = shared_encoder().encode([*texts, *more])[: len(texts)]
        for message, row in zip(typed, rows, strict=True):
            self.add_features_to_message(None, row[None, :], TEXT, message)
