"""A message that asks several things is cut where a reader would pause."""

import pytest

from refundbot.nlu.clauses import MAX_CLAUSES, split_clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("好的,几天到账?代金券退吗", ["好的", "几天到账", "代金券退吗"]),
        ("能退吗 退多少", ["能退吗", "退多少"]),
        ("怎么退另外发票怎么办", ["怎么退", "另外发票怎么办"]),
        ("能退吗", ["能退吗"]),
        ("花了1,200.50元能退吗", ["花了1,200.50元能退吗"]),
        ("对,就是这个", ["对,就是这个"]),
        ("", []),
        ("???", []),
    ],
)
def test_cutting(text: str, clauses: list[str]) -> None:
    assert [clause.text for clause in split_clauses(text)] == clauses


@pytest.mark.parametrize("text", ["好的, 几天到账 ? 券呢", "一,二,三,四,五,六,七", "退款," * 40])
def test_clauses_quote_the_text_and_are_few(text: str) -> None:
    clauses = split_clauses(text)
    assert len(clauses) <= MAX_CLAUSES
    for clause in clauses:
        assert text[clause.start : clause.end] == clause.text
