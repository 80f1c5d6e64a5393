"""The review list as Rasa's NLU YAML: masked, once each, under the intent guessed first.

The file is training data in form, not yet in content: whoever annotates it moves each sentence
under the right intent. Sentences without a guess stand under `UNSURE`.
"""

from collections.abc import Iterable
from typing import Any

import yaml

from refundbot.review.masking import mask
from refundbot.review.store import Item

UNSURE = "to_annotate"
_HEAD = (
    "# Sentences to annotate: not understood, or answered badly (down_vote). Ids are masked.\n"
    "# Move each one under the right intent, drop what teaches nothing, then add to data/nlu/.\n"
)


class _Block(str):
    """A string written as a block, as Rasa's own files write examples."""


class _Writer(yaml.SafeDumper):
    """Writes `_Block` as literal blocks."""


_Writer.add_representer(
    _Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
)


def to_yaml(items: Iterable[Item]) -> str:
    """NLU YAML of the items, grouped by first guess, groups and sentences in a stable order."""
    groups: dict[str, dict[str, dict[str, Any]]] = {}
    for item in items:
        sentence = " ".join(mask(item.text, item.account).split())
        if not sentence:
            continue
        intent = item.guesses[0]["intent"] if item.guesses else UNSURE
        known = groups.setdefault(intent, {})
        if sentence not in known:
            known[sentence] = _about(item)
    document = {
        "version": "3.1",
        "nlu": [
            {
                "intent": intent,
                "examples": [
                    {"text": _Block(sentence + "\n"), "metadata": about}
                    for sentence, about in sorted(groups[intent].items())
                ],
            }
            for intent in sorted(groups)
        ],
    }
    text: str = yaml.dump(document, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=1000)
    return _HEAD + text


def _about(item: Item) -> dict[str, Any]:
    about: dict[str, Any] = {"source": item.source}
    if item.guesses:
        about["guesses"] = ", ".join(f"{g['intent']} {g['confidence']}" for g in item.guesses)
    if item.reason:
        about["reason"] = mask(item.reason, item.account)
    if item.source == "down_vote":
        about["answer"] = mask(item.answer, item.account).split("\n")[0]
    return about
