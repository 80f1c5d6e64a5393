"""What the classifier looks at: character n-grams, and the text the sentence encoder reads.

Both are stateless functions of a normalised text, so a message and a clause of it are described
alike. Ids, products, numbers and masks carry no wish of their own; each kind becomes one word.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from refundbot.nlu.entities import ids, products
from refundbot.nlu.entities.spans import settle
from refundbot.nlu.jio import syllables

BUCKETS = 2**20
LONGEST_NGRAM = 3
EDGE = "\x02", "\x03"
SOUND = "\x04"
# Grams that every text has: each edge alone, written and spoken.
COMMON_GRAMS = 4

_ID_WORDS = {"order_id": "订单号", "refund_id": "退款单号", "resource_id": "实例"}
# What was bought says nothing of what is wanted: 服务器能退吗 and 域名能退吗 are one question.
_PRODUCT_WORD = "商品"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NUMBER_WORD = "3"
# A small number that is the whole message answers a list; 12306 and 666 do not.
_PLACE = re.compile(r"(?:[1-9]|[1-4]\d|50)[.、]?")
_PLACE_WORD = "第3个"
# Placeholders that redaction leaves in pasted conversations: [订单x], [ORDERID_123], #E-s1, ***.
_MASKS = (
    (re.compile(r"\[?(?:order_?id|订单(?:编?号)?x?)[_\d]*\]", re.I), "订单号"),
    (re.compile(r"\[(?:金额|价格)x?\d*\]"), "100元"),
    (re.compile(r"\[(?:数字|number)x?\d*\]", re.I), "3"),
    (re.compile(r"\[(?:日期|时间)x?\d*\]"), "昨天"),
    (re.compile(r"https?:\S+", re.I), "链接"),
    (re.compile(r"#e-s(?:\[?\w*\]?)|\*+|\[[^\[\]]{1,6}x\d*\]", re.I), " "),
)


@lru_cache(maxsize=1024)
def feature_text(text: str) -> str:
    """The text as the features see it: lower case; ids, products, numbers and masks made alike."""
    if _PLACE.fullmatch(text):
        return _PLACE_WORD
    named = settle(ids.find(text) + products.find(text))
    for span in reversed(named):
        word = _ID_WORDS.get(span.entity, _PRODUCT_WORD)
        text = text[: span.start] + word + text[span.end :]
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    text = _NUMBER.sub(_NUMBER_WORD, text)
    return re.sub(r"\s+", " ", text.lower()).strip()


def _ngrams(units: Sequence[str]) -> Iterator[str]:
    for length in range(1, LONGEST_NGRAM + 1):
        for start in range(len(units) - length + 1):
            yield " ".join(units[start : start + length])


def ngrams(text: str) -> list[str]:
    """1- to 3-grams of a text's characters and of its sounds, the edges of the text included.

    Sounds catch what was typed by ear or picked wrong from an input method: 退宽, 到张.
    """
    plain = feature_text(text)
    if not plain:
        return []
    written = _ngrams([EDGE[0], *plain, EDGE[1]])
    spoken = _ngrams([EDGE[0], *syllables(plain), EDGE[1]])
    return [*written, *(SOUND + gram for gram in spoken)]


@lru_cache(maxsize=1)
def _vectorizer() -> HashingVectorizer:
    return HashingVectorizer(
        analyzer=ngrams, n_features=BUCKETS, alternate_sign=False, norm=None, lowercase=False
    )


def count_ngrams(texts: Sequence[str]) -> csr_matrix:
    """Hashed counts of `ngrams`, one row a text; an empty text has none."""
    return _vectorizer().transform([text or "" for text in texts])
