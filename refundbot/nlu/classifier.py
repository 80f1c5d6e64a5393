"""Graph component around the intent model: intent, ranking and the intents of the clauses."""

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import vstack

from refundbot.nlu.clauses import split_clauses
from refundbot.nlu.encoder import shared_encoder
from refundbot.nlu.features import count_ngrams, feature_text
from refundbot.nlu.intent_model import IntentModel, Recipe, train

CLAUSES = "clauses"
NO_INTENT = {"name": None, "confidence": 0.0}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RefundIntentClassifier(IntentClassifier, GraphComponent):
    """Classifies the message and, on its own, each of its clauses.

    Sets ``intent`` and ``intent_ranking`` as Rasa's own classifiers do, and ``clauses``: a list of
    ``{"text", "intent", "confidence", "entities"}`` in the order of the text.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Featurizers must run before."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings of `Recipe`, and how many intents the ranking holds."""
        recipe = Recipe()
        return {
            "dense_weight": recipe.dense_weight,
            "sharpness": recipe.sharpness,
            "ridge": recipe.ridge,
            "bucket_count": recipe.bucket_count,
            "ranking_length": 10,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RefundIntentClassifier":
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "RefundIntentClassifier":
        """Load a trained classifier.

        Raises:
            ValueError: the model holds no state of this component, or one of another version.
        """
        with model_storage.read_from(resource) as folder:
            intents = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
            with np.load(folder / "model.npz", allow_pickle=False) as state:
                model = IntentModel.from_arrays(intents, dict(state))
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on every example that has an intent, and store it."""
        examples = [
            message
            for message in training_data.intent_examples
            if message.get(INTENT) and _features(message) is not None
        ]
        rows = [_features(message) for message in examples]
        self._model = train(
            vstack([row[0] for row in rows if row]).tocsr(),
            np.vstack([row[1] for row in rows if row]),
            [message.get(INTENT) for message in examples],
            Recipe(
                dense_weight=float(self._config["dense_weight"]),
                sharpness=float(self._config["sharpness"]),
                ridge=float(self._config["ridge"]),
                bucket_count=int(self._config["bucket_count"]),
            ),
        )
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "intents.json").write_text(json.dumps(self._model.intents), encoding="utf-8")
            np.savez(folder / "model.npz", **self._model.to_arrays())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify incoming messages; one with nothing to read gets no intent at all."""
        for message in messages:
            features = _features(message)
            ranking = self._rank(*features)[0] if features else []
            message.set(INTENT, dict(ranking[0]) if ranking else dict(NO_INTENT), True)
            message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"]], True)
            message.set(CLAUSES, self._clauses(message) if features else [], True)
        return messages

    def _rank(self, counts: Any, dense: Any) -> list[list[dict[str, Any]]]:
        """All intents, likeliest first, for each row; none for a row with nothing known in it."""
        if self._model is None:
            return [[] for _ in range(counts.shape[0])]
        rankings = []
        for chances, known in zip(*self._model.predict(counts, dense), strict=True):
            order: Any = np.argsort(-chances, kind="stable") if known else ()
            rankings.append(
                [
                    {"name": self._model.intents[index], "confidence": float(chances[index])}
                    for index in order
                ]
            )
        return rankings

    def _clauses(self, message: Message) -> list[dict[str, Any]]:
        text = message.get(TEXT)
        entities = message.get(ENTITIES) or []
        pieces = split_clauses(text)
        if len(pieces) < 2:
            return [_clause(text, message.get(INTENT), entities)]
        counts = count_ngrams([piece.text for piece in pieces])
        dense = shared_encoder().encode([feature_text(piece.text) for piece in pieces])
        clauses = []
        for piece, ranking in zip(pieces, self._rank(counts, dense), strict=True):
            inside = [e for e in entities if piece.start <= e["start"] and e["end"] <= piece.end]
            clauses.append(_clause(piece.text, (ranking or [NO_INTENT])[0], inside))
        return clauses


def _clause(text: str, intent: Any, entities: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "text": text,
        "intent": intent["name"],
        "confidence": intent["confidence"],
        "entities": list(entities),
    }


def _features(message: Message) -> tuple[Any, Any] | None:
    """N-gram and embedding row of a message, or None for a payload or an empty text."""
    sparse = message.get_sparse_features(TEXT)[1]
    dense = message.get_dense_features(TEXT)[1]
    if sparse is None or dense is None:
        return None
    return sparse.features, dense.features
