"""The model learns, is calibrated, deterministic, and survives being stored."""

import io

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from refundbot.nlu.features import count_ngrams, feature_text, ngrams
from refundbot.nlu.intent_model import IntentModel, IntentModelError, Recipe, _solve, train

TEXTS = [
    "能退吗",
    "可以退吗",
    "还能退不",
    "退多少钱",
    "能退多少",
    "退我多少钱",
    "今天天气",
    "讲个笑话",
    "天气好吗",
]
LABELS = ["can"] * 3 + ["sum"] * 3 + ["other"] * 3


def features(texts: list[str]) -> tuple[csr_matrix, np.ndarray]:
    """Sparse rows as in the pipeline; in place of embeddings, bags of characters."""
    dense = np.zeros((len(texts), 64), dtype=np.float32)
    for row, text in zip(dense, texts, strict=True):
        for char in text:
            row[ord(char) % 64] += 1
    return count_ngrams(texts), dense / np.linalg.norm(dense, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return train(*features(TEXTS), LABELS)


def test_it_tells_the_intents_apart(model: IntentModel) -> None:
    chances, _ = model.predict(*features(["能退不", "一共退多少钱", "明天天气"]))
    assert [model.intents[index] for index in chances.argmax(axis=1)] == ["can", "sum", "other"]


def test_probabilities_are_probabilities(model: IntentModel) -> None:
    chances, _ = model.predict(*features(["能退不", "xyz"]))
    assert np.allclose(chances.sum(axis=1), 1)
    assert (chances >= 0).all()


def test_training_twice_gives_the_same_model(model: IntentModel) -> None:
    again = train(*features(TEXTS), LABELS)
    for name, array in model.to_arrays().items():
        assert np.array_equal(array, again.to_arrays()[name]), name


def test_stored_and_loaded_it_says_the_same(model: IntentModel) -> None:
    file = io.BytesIO()
    np.savez(file, **model.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as state:
        loaded = IntentModel.from_arrays(model.intents, dict(state))
    texts = features(["能退不", "天气"])
    assert np.array_equal(loaded.predict(*texts)[0], model.predict(*texts)[0])


def test_a_state_of_another_version_is_refused(model: IntentModel) -> None:
    with pytest.raises(IntentModelError, match="train anew"):
        IntentModel.from_arrays(model.intents, {**model.to_arrays(), "version": np.array(99)})


def test_one_intent_is_not_enough() -> None:
    with pytest.raises(IntentModelError, match="two intents"):
        train(*features(TEXTS[:3]), LABELS[:3])


def test_leaving_one_out_equals_training_without_it() -> None:
    """The closed form that calibration rests on, against really training without the sentence."""
    recipe = Recipe(ridge=0.5)
    kernel = np.array([[0.9, 0.2, 0.1], [0.2, 0.8, 0.3], [0.1, 0.3, 0.7]], dtype=np.float32)
    wanted = np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)
    dual, diagonal = _solve((kernel + np.eye(3, dtype=np.float32) * recipe.ridge).copy(), wanted)
    left_out = wanted - dual / diagonal[:, None]
    rest = kernel[:2, :2] + np.eye(2) * recipe.ridge
    assert np.allclose(left_out[2], kernel[2, :2] @ np.linalg.solve(rest, wanted[:2]), atol=1e-5)


def test_it_knows_what_it_has_never_seen(model: IntentModel) -> None:
    _, known = model.predict(*features(["能退吗", "ßð"]))
    assert known.tolist() == [True, False]


def test_a_text_alone_and_among_others_gets_the_same_answer(model: IntentModel) -> None:
    together, _ = model.predict(*features(["能退不", "天气", "退多少"]))
    alone, _ = model.predict(*features(["天气"]))
    assert np.allclose(together[1], alone[0], atol=1e-6)


def test_what_was_bought_and_how_many_is_one_question_to_the_features() -> None:
    assert feature_text("域名能退吗") == feature_text("云服务器能退吗") == "商品能退吗"
    assert feature_text("买了12天") == feature_text("买了3天")


def test_homophones_share_features() -> None:
    shared = set(ngrams("退款多久到账")) & set(ngrams("退宽多久到张"))
    assert "\x04tui kuan duo" in shared
    assert not set(ngrams("退款")) & set(ngrams("天气")) - set(ngrams("x"))


def test_ids_and_masks_are_plain_words_to_the_features() -> None:
    assert feature_text("BD20261114001能退吗") == "订单号能退吗"
    assert feature_text("RF20261118002到哪了") == "退款单号到哪了"
    assert feature_text("[ORDERID_10002026]能退吗") == "订单号能退吗"
    assert feature_text("#E-s1 退款 ***") == "退款"
    assert feature_text("[图片]") == "[图片]"
