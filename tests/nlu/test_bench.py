"""The comparison measures the pipeline that ships, and says so when it cannot measure."""

import importlib.util
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from refundbot.nlu import bench
from refundbot.nlu.report import ROOT


def test_ours_is_the_pipeline_of_the_project() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    assert bench.own_pipeline() == config["pipeline"]


def test_the_stock_pipeline_trains_as_long_as_asked() -> None:
    [diet] = [part for part in bench.stock_pipeline(7) if part["name"] == "DIETClassifier"]
    assert diet["epochs"] == 7


def test_without_jieba_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str, *rest: Any) -> None:
        assert name == "jieba"

    monkeypatch.setattr(importlib.util, "find_spec", find)
    result = CliRunner().invoke(bench.main, [])
    assert result.exit_code == 1
    assert "--only ours" in result.output
