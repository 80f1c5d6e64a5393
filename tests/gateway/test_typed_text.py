"""Typed text is made harmless without losing what it says."""

import unicodedata

import pytest

from refundbot import typed_text


@pytest.mark.parametrize(
    "text",
    [
        '/refund{"order_id":"X1"}',
        '／refund{"order_id":"X1"}',
        '  /refund{"order_id":"X1"}',
        '\u200b/refund{"order_id":"X1"}',
        '\ufeff \u2060／refund{"order_id":"X1"}',
        '//／/refund{"order_id":"X1"}',
        '/ /refund{"order_id":"X1"}',
        '\x00\x1b/refund{"order_id":"X1"}',
        '\u202e/refund{"order_id":"X1"}',
        '\U000e002f/refund{"order_id":"X1"}',
        '\u3000／\u3000/refund{"order_id":"X1"}',
    ],
)
def test_a_typed_instruction_becomes_plain_text(text: str) -> None:
    assert typed_text.inert(text) == 'refund{"order_id":"X1"}'


@pytest.mark.parametrize("lead", ["【", "。", "？！", "“", "-", "\ufe0f", "😀"])
def test_no_slash_hides_behind_punctuation_that_a_normaliser_may_drop(lead: str) -> None:
    assert "/" not in typed_text.inert(f"{lead}/refund")
    assert "/" not in unicodedata.normalize("NFKC", typed_text.inert(f"{lead}／refund"))


def test_no_character_normalises_to_a_leading_slash() -> None:
    for code in [*range(0x20000), *range(0xE0000, 0xE0080)]:
        text = typed_text.inert(chr(code) + "restart")
        assert not unicodedata.normalize("NFKC", text).lstrip().startswith("/"), hex(code)


def test_slashes_inside_a_question_stay() -> None:
    text = "用了10/30天，退到 http://a.cn/b 吗"
    assert typed_text.inert(text) == text


def test_cleaning_folds_blanks_and_drops_what_cannot_be_seen() -> None:
    assert typed_text.clean("能\u200b退\x07吗\n\n  \u3000BD1\ud800 ") == "能退吗 BD1"


@pytest.mark.parametrize("text", ["😀", "👍🏻👍", "❤️", "👨‍👩‍👧", "🇨🇳", "\ufe0f\u20e3", "😂 😂"])
def test_emoji_alone_say_nothing(text: str) -> None:
    assert typed_text.says_nothing(typed_text.clean(text))


@pytest.mark.parametrize("text", ["？", "退😀", "1", "...", ""])
def test_anything_else_is_left_to_be_understood(text: str) -> None:
    assert not typed_text.says_nothing(text)
