"""The encoder is asked once for a text, however often it comes."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from refundbot.nlu.encoder import DIMENSIONS, SentenceEncoder, shared_encoder


class Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked.extend(texts)
        rows = [np.full(DIMENSIONS, len(text), dtype=np.float32) for text in texts]
        return np.vstack(rows)


def test_a_repeated_text_is_not_encoded_again() -> None:
    backend = Counting()
    encoder = SentenceEncoder(backend)
    rows = encoder.encode(["退款", "退", "退款"])
    assert encoder.encode(["退"])[0, 0] == 1
    assert backend.asked == ["退款", "退"]
    assert [row[0] for row in rows] == [2, 1, 2]


def test_the_oldest_text_is_forgotten_first() -> None:
    backend = Counting()
    encoder = SentenceEncoder(backend, cache_size=2)
    for text in ["一", "二", "一", "三", "一", "二"]:
        encoder.encode([text])
    assert backend.asked == ["一", "二", "三", "二"]


def test_a_batch_larger_than_the_cache_comes_out_whole() -> None:
    encoder = SentenceEncoder(Counting(), cache_size=1)
    assert encoder.encode(["退", "退款", "退款吗"])[:, 0].tolist() == [1, 2, 3]


def test_a_blank_text_is_zero_and_not_encoded() -> None:
    backend = Counting()
    assert not SentenceEncoder(backend).encode([""]).any()
    assert backend.asked == []


def test_likeness_of_meaning() -> None:
    same, other = (
        shared_encoder().encode(["怎么申请退款", "如何办理退款"]),
        shared_encoder().encode(["今天下雨"]),
    )
    assert same[0] @ same[1] > same[0] @ other[0] + 0.2
