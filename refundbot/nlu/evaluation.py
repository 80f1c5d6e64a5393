"""How well texts are understood: figures from expected and predicted values. No Rasa here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from refundbot.clock import parse_interval
from refundbot.nlu.text import normalize

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
# Turns that need no answer of their own when they come with a question (好的, 几天到账).
FILLERS = frozenset(
    {"affirm", "deny", "greet", "thanks", "goodbye", "inform", OUT_OF_SCOPE, FALLBACK}
)
CLAUSE_CONFIDENCE = 0.5


class TestSetError(ValueError):
    """A test set is missing, empty, or not in Rasa's form."""

    __test__ = False  # not a test class, whatever its name


@dataclass(frozen=True)
class Example:
    """A sentence and the intent a reader gave it."""

    text: str
    intent: str


@dataclass(frozen=True)
class Guess:
    """What the model said: the intent after fallback, the best one before it, its confidence."""

    intent: str
    best: str
    confidence: float


@dataclass(frozen=True)
class IntentFigures:
    """One intent: shares between 0 and 1, and how many sentences it has."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Figures:
    """The figures of one run.

    Attributes:
        accuracy: share of sentences whose best intent is right.
        accuracy_after_fallback: the same when 没听懂 counts as wrong.
        out_of_scope_kept_out: share of out-of-scope sentences answered as such or as 没听懂.
        false_refusals: share of in-scope sentences answered as out of scope or as 没听懂.
        calibration_error: mean distance between confidence and accuracy, over ten bins.
        intents: figures by intent, of the best intent.
        confusions: expected and predicted intent, and how often, most frequent first.
    """

    accuracy: float
    accuracy_after_fallback: float
    out_of_scope_kept_out: float
    false_refusals: float
    calibration_error: float
    intents: Mapping[str, IntentFigures]
    confusions: tuple[tuple[str, str, int], ...]


def read_examples(folder: Path) -> list[Example]:
    """The sentences of every YAML file in a folder and below.

    Raises:
        TestSetError: there is none, or a file is not Rasa training data.
    """
    examples = []
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or "nlu" not in content:
            raise TestSetError(f"{path.name} has no `nlu:` section")
        for entry in content["nlu"]:
            for line in str(entry["examples"]).splitlines():
                if line.strip().startswith("- "):
                    examples.append(Example(line.strip()[2:].strip(), str(entry["intent"])))
    if not examples:
        raise TestSetError(f"no sentences in {folder}")
    return examples


def bare(text: str) -> str:
    """A sentence without what makes no difference to a reader: marks, blanks, case, spelling."""
    return "".join(char for char in normalize(text).lower() if char.isalnum())


def unseen(examples: Sequence[Example], taught: Sequence[Example]) -> list[Example]:
    """The examples that are not training sentences.

    Two authors both write 你好 and 转人工. A model that has learnt them by heart proves nothing on
    them, so they are left out of the figures; a sentence without a letter or digit stays.
    """
    known = {bare(example.text) for example in taught} - {""}
    return [example for example in examples if bare(example.text) not in known]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _intent_figures(expected: Sequence[str], predicted: Sequence[str]) -> dict[str, IntentFigures]:
    support, said = Counter(expected), Counter(predicted)
    hits = Counter(want for want, got in zip(expected, predicted, strict=True) if want == got)
    figures = {}
    for intent in sorted(support):
        precision, recall = (
            _share(hits[intent], said[intent]),
            _share(hits[intent], support[intent]),
        )
        f1 = _share(2 * precision * recall, precision + recall)
        figures[intent] = IntentFigures(precision, recall, f1, support[intent])
    return figures


def _calibration_error(right: Sequence[bool], confidences: Sequence[float]) -> float:
    bins: dict[int, list[tuple[bool, float]]] = {}
    for hit, confidence in zip(right, confidences, strict=True):
        bins.setdefault(min(int(confidence * 10), 9), []).append((hit, confidence))
    gaps = (
        abs(sum(hit for hit, _ in members) - sum(confidence for _, confidence in members))
        for members in bins.values()
    )
    return _share(sum(gaps), len(right))


def measure(examples: Sequence[Example], guesses: Sequence[Guess]) -> Figures:
    """Figures of guesses for examples, in the same order.

    Raises:
        TestSetError: there are no examples.
    """
    if not examples:
        raise TestSetError("no sentences to measure")
    pairs = list(zip(examples, guesses, strict=True))
    right = [guess.best == example.intent for example, guess in pairs]
    outside = [guess for example, guess in pairs if example.intent == OUT_OF_SCOPE]
    inside = [guess for example, guess in pairs if example.intent != OUT_OF_SCOPE]
    refused = {OUT_OF_SCOPE, FALLBACK}
    confusions = Counter((e.intent, g.best) for e, g in pairs if e.intent != g.best)
    return Figures(
        accuracy=_share(sum(right), len(pairs)),
        accuracy_after_fallback=_share(sum(g.intent == e.intent for e, g in pairs), len(pairs)),
        out_of_scope_kept_out=_share(sum(g.intent in refused for g in outside), len(outside)),
        false_refusals=_share(sum(g.intent in refused for g in inside), len(inside)),
        calibration_error=_calibration_error(right, [guess.confidence for _, guess in pairs]),
        intents=_intent_figures([e.intent for e in examples], [g.best for g in guesses]),
        confusions=tuple((want, got, n) for (want, got), n in confusions.most_common()),
    )


def answerable(clauses: Sequence[Mapping[str, Any]]) -> set[str]:
    """The intents of a message's clauses that want an answer."""
    return {
        str(clause["intent"])
        for clause in clauses
        if clause["intent"] not in FILLERS and clause["confidence"] >= CLAUSE_CONFIDENCE
    }


def entity_key(entity: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and comparable value: money as a number, times by their days, durations in days."""
    kind, value = str(entity["entity"]), entity["value"]
    if kind == "money":
        value = Decimal(str(value)).normalize()
    elif kind.endswith("_time"):
        start, end = parse_interval(str(value))
        value = (start.date(), (end - timedelta(minutes=1)).date())
    elif kind == "duration":
        value = value["days"]
    elif kind == "resource_id":
        value = str(value).lower()
    return kind, str(value)
