"""Graph component that adds the character n-grams of each message."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from refundbot.nlu.features import count_ngrams
from refundbot.nlu.text import COMMAND_PREFIX


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class CharNgramFeaturizer(SparseFeaturizer, GraphComponent):
    """One sparse row of hashed n-gram counts a message; a button's payload gets none."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "CharNgramFeaturizer":
        """Make the component; hashing leaves nothing to learn."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to set."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Count the n-grams of all examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Count the n-grams of incoming messages."""
        typed = [m for m in messages if not (m.get(TEXT) or COMMAND_PREFIX).startswith("/")]
        if typed:
            rows = count_ngrams([message.get(TEXT) for message in typed])
            for index, message in enumerate(typed):
                self.add_features_to_message(None, rows[index], TEXT, message)
        return messages
