"""Tokens are words where a word is known, never blank, and cover the text."""

import pytest

from refundbot.nlu.tokenizer import read_terms, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("云服务器怎么退款", ["云服务器", "怎么", "退款"]),
        ("BD20261114001能退吗", ["BD20261114001", "能", "退", "吗"]),
        ("ORD-20261101-0001 退订", ["ORD-20261101-0001", "退订"]),
        ("自动续费 关掉", ["自动续费", "关", "掉"]),
        ("几天到账?", ["几", "天", "到账", "?"]),
    ],
)
def test_words_of_the_field_stay_whole(text: str, words: list[str]) -> None:
    assert [word for _, word in split_words(text)] == words


@pytest.mark.parametrize("text", ["", " ", "退 款\t多 久", "😀 ok", "\u3000退"])
def test_no_token_is_blank_and_each_stands_where_it_says(text: str) -> None:
    for start, word in split_words(text):
        assert word.strip()
        assert text[start : start + len(word)] == word


def test_comments_in_the_word_list_are_skipped() -> None:
    assert read_terms("# 退\n退款 # 常用\n\n退订\n") == ["退款", "退订"]
