"""`python -m refundbot.nlu.report`: the test set's figures in the terminal, as HTML and as PNG."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

from refundbot.nlu.evaluation import (
    Example,
    Figures,
    Guess,
    TestSetError,
    answerable,
    entity_key,
    measure,
    read_examples,
    unseen,
)
from refundbot.nlu.parser import ModelMissingError, Parser, load_parser
from refundbot.nlu.report_page import draw_confusions, render_page

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests" / "nlu"
TAUGHT = ROOT / "data" / "nlu"
DEFAULT_OUT = ROOT / "var" / "nlu-report"


@dataclass(frozen=True)
class Report:
    """Everything one run measures.

    Attributes:
        figures: intents.
        multi_intent: share of messages with several questions whose questions were all found,
            and nothing else.
        entity_precision: share of the found entities that were expected.
        entity_recall: share of the expected entities that were found.
        sentences: how many sentences the intents were measured on.
        set_aside: how many test sentences were left out because they are training sentences too.
    """

    figures: Figures
    multi_intent: float
    entity_precision: float
    entity_recall: float
    sentences: int
    set_aside: int


def guess_of(parsed: dict[str, Any]) -> Guess:
    """The guess in a parsed message; the ranking's first entry may be the fallback itself."""
    ranking = [entry for entry in parsed["intent_ranking"] if entry["name"] != "nlu_fallback"]
    best = ranking[0] if ranking else parsed["intent"]
    return Guess(str(parsed["intent"]["name"]), str(best["name"]), float(best["confidence"]))


def _multi_intent(parser: Parser, messages: Sequence[dict[str, Any]]) -> float:
    whole = 0
    for message in messages:
        found = answerable(parser.parse(message["text"])["clauses"])
        whole += found == set(message["intents"])
    return whole / len(messages)


def _entities(parser: Parser, messages: Sequence[dict[str, Any]]) -> tuple[float, float]:
    hits = found = wanted = 0
    for message in messages:
        expected = {entity_key(entity) for entity in message["entities"]}
        got = {entity_key(entity) for entity in parser.parse(message["text"])["entities"]}
        hits, found, wanted = hits + len(expected & got), found + len(got), wanted + len(expected)
    return hits / max(found, 1), hits / max(wanted, 1)


def evaluate(parser: Parser, tests: Path = TESTS, taught: Path = TAUGHT) -> Report:
    """Measure a model on the project's test sets, without what it was taught word for word.

    The clock is the one the test set names; it is set for this process by the caller.

    Raises:
        TestSetError: a test set is missing or empty.
    """
    written = read_examples(tests / "testset")
    examples: list[Example] = unseen(written, read_examples(taught))
    guesses = [
        guess_of(parser.parse(example.text))
        for example in track(examples, "understanding", transient=True)
    ]
    several = yaml.safe_load((tests / "multi_intent.yml").read_text(encoding="utf-8"))
    naming = yaml.safe_load((tests / "entities.yml").read_text(encoding="utf-8"))["messages"]
    precision, recall = _entities(parser, naming)
    return Report(
        figures=measure(examples, guesses),
        multi_intent=_multi_intent(parser, several),
        entity_precision=precision,
        entity_recall=recall,
        sentences=len(examples),
        set_aside=len(written) - len(examples),
    )


def expected_clock(tests: Path = TESTS) -> str:
    """The instant the expected entities are meant for."""
    return str(yaml.safe_load((tests / "entities.yml").read_text(encoding="utf-8"))["clock"])


def _summary(report: Report) -> list[tuple[str, str]]:
    figures = report.figures
    return [
        ("sentences", str(report.sentences)),
        ("set aside: also taught", str(report.set_aside)),
        ("accuracy", f"{figures.accuracy:.3f}"),
        ("accuracy after fallback", f"{figures.accuracy_after_fallback:.3f}"),
        ("out of scope kept out", f"{figures.out_of_scope_kept_out:.3f}"),
        ("out of scope let in", f"{1 - figures.out_of_scope_kept_out:.3f}"),
        ("in scope refused", f"{figures.false_refusals:.3f}"),
        ("calibration error", f"{figures.calibration_error:.3f}"),
        ("several questions, all found", f"{report.multi_intent:.3f}"),
        ("entity precision", f"{report.entity_precision:.3f}"),
        ("entity recall", f"{report.entity_recall:.3f}"),
    ]


def _print(report: Report, console: Console) -> None:
    for name, value in _summary(report):
        console.print(f"{name:<30}{value}")
    table = Table("intent", "precision", "recall", "F1", "n")
    for intent, row in report.figures.intents.items():
        cells = (f"{row.precision:.2f}", f"{row.recall:.2f}", f"{row.f1:.2f}", str(row.support))
        table.add_row(intent, *cells)
    console.print(table)


@click.command()
@click.option("--model", type=click.Path(path_type=Path, exists=True), help="Model file or folder.")
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_OUT, show_default=False)
def main(model: Path | None, out: Path) -> None:
    """Measure the newest model on tests/nlu and write index.html and confusion.png."""
    os.environ["REFUNDBOT_NOW"] = expected_clock()
    try:
        report = evaluate(load_parser(model))
    except (ModelMissingError, TestSetError) as error:
        raise click.ClickException(str(error)) from None
    out.mkdir(parents=True, exist_ok=True)
    draw_confusions(report.figures, out / "confusion.png")
    page = render_page(_summary(report), report.figures)
    (out / "index.html").write_text(page, encoding="utf-8")
    console = Console()
    _print(report, console)
    console.print(f"written: {out / 'index.html'}, {out / 'confusion.png'}")


if __name__ == "__main__":
    main()
