"""A slip in the slang file is named, not swallowed."""

import pytest

from refundbot.nlu.slang import SlangError, compile_slang


def test_an_unknown_section_is_refused() -> None:
    with pytest.raises(SlangError, match="wrods"):
        compile_slang({"wrods": {"a": "b"}})


def test_an_unquoted_number_is_refused() -> None:
    with pytest.raises(SlangError, match="88"):
        compile_slang({"whole": {88: "再见"}})  # type: ignore[dict-item]


def test_a_guard_for_an_unknown_word_is_refused() -> None:
    with pytest.raises(SlangError, match="退丁"):
        compile_slang({"words": {"退定": "退订"}, "not_before": {"退丁": "金"}})


def test_an_empty_table_changes_nothing() -> None:
    assert compile_slang({}).apply("退宽") == "退宽"


def test_the_longest_spelling_wins() -> None:
    slang = compile_slang({"words": {"到": "X", "到帐": "到账"}})
    assert slang.apply("到帐") == "到账"
