"""The figures are what they say, on numbers small enough to check by hand."""

from pathlib import Path

import pytest

from refundbot.nlu.evaluation import (
    Example,
    Figures,
    Guess,
    TestSetError,
    answerable,
    entity_key,
    measure,
    read_examples,
)
from refundbot.nlu.report_page import draw_confusions, render_page

EXAMPLES = [
    Example("能退吗", "can"),
    Example("可以退吗", "can"),
    Example("退多少", "sum"),
    Example("天气", "out_of_scope"),
    Example("笑话", "out_of_scope"),
]
GUESSES = [
    Guess("can", "can", 0.9),
    Guess("nlu_fallback", "can", 0.3),
    Guess("can", "can", 0.8),
    Guess("out_of_scope", "out_of_scope", 1.0),
    Guess("sum", "sum", 0.5),
]


@pytest.fixture
def figures() -> Figures:
    return measure(EXAMPLES, GUESSES)


def test_shares(figures: Figures) -> None:
    assert figures.accuracy == pytest.approx(3 / 5)
    assert figures.accuracy_after_fallback == pytest.approx(2 / 5)
    assert figures.out_of_scope_kept_out == pytest.approx(1 / 2)
    assert figures.false_refusals == pytest.approx(1 / 3)


def test_figures_of_one_intent(figures: Figures) -> None:
    can = figures.intents["can"]
    assert (can.precision, can.recall, can.support) == (pytest.approx(2 / 3), 1.0, 2)
    assert figures.intents["sum"].f1 == 0.0


def test_confusions_are_counted(figures: Figures) -> None:
    assert set(figures.confusions) == {("sum", "can", 1), ("out_of_scope", "sum", 1)}


def test_calibration_error(figures: Figures) -> None:
    # 0.9 and 1.0 share a bin with two hits; 0.3 hit, 0.8 and 0.5 missed.
    assert figures.calibration_error == pytest.approx((0.1 + 0.7 + 0.8 + 0.5) / 5)


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(TestSetError):
        measure([], [])


def test_a_folder_without_sentences_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TestSetError, match="no sentences"):
        read_examples(tmp_path)


def test_a_file_of_another_form_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text("stories: []\n")
    with pytest.raises(TestSetError, match=r"odd\.yml"):
        read_examples(tmp_path)


def test_fillers_and_doubtful_clauses_want_no_answer() -> None:
    clauses = [
        {"intent": "affirm", "confidence": 0.9},
        {"intent": "ask_refund_timing", "confidence": 0.9},
        {"intent": "ask_refund_amount", "confidence": 0.2},
    ]
    assert answerable(clauses) == {"ask_refund_timing"}


def test_values_compare_by_what_they_mean() -> None:
    assert entity_key({"entity": "money", "value": "12.50"}) == entity_key(
        {"entity": "money", "value": "12.5"}
    )
    late = "2026-11-14T13:00+08:00/2026-11-14T18:00+08:00"
    whole = "2026-11-14T00:00+08:00/2026-11-15T00:00+08:00"
    assert entity_key({"entity": "purchase_time", "value": late}) == entity_key(
        {"entity": "purchase_time", "value": whole}
    )
    assert entity_key({"entity": "ordinal", "value": 1}) != entity_key(
        {"entity": "ordinal", "value": 2}
    )


def test_the_page_and_the_picture(figures: Figures, tmp_path: Path) -> None:
    page = render_page([("accuracy", "<b>0.6</b>")], figures)
    assert "&lt;b&gt;0.6&lt;/b&gt;" in page
    assert "out_of_scope" in page
    draw_confusions(figures, tmp_path / "confusion.png")
    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")
