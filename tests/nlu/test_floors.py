"""The trained model understands the test set as well as `floors.yml` promises."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from refundbot.nlu.parser import load_parser
from refundbot.nlu.report import Report, evaluate, expected_clock
from refundbot.settings import get_settings
from refundbot.training import ensure_model

FLOORS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "floors.yml").read_text())


@pytest.fixture(scope="module")
def report() -> Report:
    model = ensure_model(get_settings().models_dir, print)
    before = os.environ.get("REFUNDBOT_NOW")
    os.environ["REFUNDBOT_NOW"] = expected_clock()
    try:
        return evaluate(load_parser(model))
    finally:
        os.environ.pop("REFUNDBOT_NOW")
        if before is not None:
            os.environ["REFUNDBOT_NOW"] = before


def test_there_is_enough_to_measure(report: Report) -> None:
    assert report.sentences >= 500
    assert set(FLOORS["refund_intents"]) <= set(report.figures.intents)


@pytest.mark.parametrize("figure", ["accuracy", "accuracy_after_fallback", "out_of_scope_kept_out"])
def test_intents_reach_their_floor(report: Report, figure: str) -> None:
    assert getattr(report.figures, figure) >= FLOORS[figure]


def test_few_customers_are_turned_away(report: Report) -> None:
    assert report.figures.false_refusals <= FLOORS["false_refusals_at_most"]


def test_confidence_means_what_it_says(report: Report) -> None:
    assert report.figures.calibration_error <= FLOORS["calibration_error_at_most"]


@pytest.mark.parametrize("figure", ["multi_intent", "entity_precision", "entity_recall"])
def test_clauses_and_entities_reach_their_floor(report: Report, figure: str) -> None:
    assert getattr(report, figure) >= FLOORS[figure]


@pytest.mark.parametrize("intent", FLOORS["refund_intents"])
def test_each_refund_intent_reaches_the_floor(report: Report, intent: str) -> None:
    assert report.figures.intents[intent].recall >= FLOORS["refund_intent_recall"]


@pytest.mark.parametrize("intent", sorted(FLOORS["recall"]))
def test_intents_with_a_floor_of_their_own_reach_it(report: Report, intent: str) -> None:
    assert report.figures.intents[intent].recall >= FLOORS["recall"][intent]
