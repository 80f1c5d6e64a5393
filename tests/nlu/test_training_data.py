"""The training data teaches each sentence once, with one meaning, and copies no test sentence."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from refundbot.nlu.evaluation import Example, bare, read_examples, unseen
from refundbot.nlu.text import normalize

HERE = Path(__file__).parent
# Two authors who know nothing of each other both write 你好 and 退款要几天. Longer than this,
# the same words are a copy.
LONGEST_COINCIDENCE = 9


@pytest.fixture(scope="module")
def taught() -> list[Example]:
    return read_examples(HERE.parents[1] / "data" / "nlu")


def _several() -> list[str]:
    messages = yaml.safe_load((HERE / "multi_intent.yml").read_text(encoding="utf-8"))
    return [message["text"] for message in messages]


def test_no_test_sentence_is_copied(taught: list[Example]) -> None:
    asked = [example.text for example in read_examples(HERE / "testset")] + _several()
    shared = {bare(text) for text in asked} & {bare(example.text) for example in taught}
    assert [text for text in shared if len(text) > LONGEST_COINCIDENCE] == []


def test_figures_leave_out_what_was_taught() -> None:
    asked = [Example("你好", "greet"), Example("您好呀", "greet"), Example("？", "greet")]
    learnt = [Example("你好！", "greet"), Example("！！", "greet")]
    assert unseen(asked, learnt) == asked[1:]


def test_no_sentence_is_taught_twice(taught: list[Example]) -> None:
    times = Counter((example.intent, example.text) for example in taught)
    assert [text for (_, text), count in times.items() if count > 1] == []


def test_no_sentence_means_two_things(taught: list[Example]) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for example in taught:
        meanings[normalize(example.text)].add(example.intent)
    assert {text: found for text, found in meanings.items() if len(found) > 1 and text} == {}
