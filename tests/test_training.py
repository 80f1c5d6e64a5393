"""A model is trained when missing, stale or damaged; stories cannot pass by not running."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from refundbot import cli_stack, training
from refundbot.training import TrainingError, current_model, ensure_model, inputs_hash


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text("recipe: default.v1\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text("nlu: []\n")
    return tmp_path


def fake_rasa(monkeypatch: pytest.MonkeyPatch, content: bytes = b"model") -> list[str]:
    trained: list[str] = []

    def train(models_dir: Path, name: str, say: Any, root: Path) -> None:
        trained.append(name)
        (models_dir / f"{name}.tar.gz").write_bytes(content)

    monkeypatch.setattr(training, "_run_rasa_train", train)
    return trained


def test_a_missing_model_is_trained_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = fake_rasa(monkeypatch)
    said: list[str] = []
    model = ensure_model(project / "models", said.append, project)
    assert model.name == f"refundbot-{inputs_hash(project)}.tar.gz"
    assert ensure_model(project / "models", said.append, project) == model
    assert len(trained) == 1
    assert any("training" in line for line in said)


def test_changed_inputs_are_trained_anew(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = fake_rasa(monkeypatch)
    ensure_model(project / "models", print, project)
    (project / "data" / "nlu.yml").write_text("nlu: [x]\n")
    assert current_model(project / "models", project) is None
    ensure_model(project / "models", print, project)
    assert len(set(trained)) == 2


def test_a_damaged_model_is_not_served(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_rasa(monkeypatch)
    model = ensure_model(project / "models", print, project)
    model.write_bytes(b"half a mod")
    assert current_model(project / "models", project) is None


def test_old_models_are_dropped_with_their_records(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_rasa(monkeypatch)
    for version in range(5):
        (project / "data" / "nlu.yml").write_text(f"nlu: [{version}]\n")
        ensure_model(project / "models", print, project)
    kept = {path.name.split(".")[0] for path in (project / "models").glob("*.tar.gz")}
    assert len(kept) == 3
    assert kept == {path.stem for path in (project / "models").glob("*.json")}
    record = json.loads(next((project / "models").glob("*.json")).read_text())
    assert set(record) == {"sha256", "trained_in_seconds"}


def test_training_that_leaves_no_model_is_an_error(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "_run_rasa_train", lambda *_: None)
    with pytest.raises(TrainingError, match="without writing a model"):
        ensure_model(project / "models", print, project)


@pytest.mark.parametrize(
    ("code", "output", "message"),
    [
        (0, "No model could be found.\n", "no Rasa test story ran"),
        (0, "Evaluating 0 stories\n", "no Rasa test story ran"),
        (1, "WrongPredictionException: NLU model predicted\n", "Rasa test stories failed"),
        (0, "\tCorrect:          41 / 42\n", "Rasa test stories failed"),
    ],
    ids=["no model", "no stories", "wrong prediction", "a wrong one and exit code 0"],
)
def test_stories_that_did_not_run_or_are_wrong_fail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, output: str, message: str
) -> None:
    monkeypatch.setattr(cli_stack, "ensure_model", lambda *_: tmp_path / "m.tar.gz")
    done = subprocess.CompletedProcess([], code, stdout=output)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    result = CliRunner().invoke(cli_stack.test_stories)
    assert result.exit_code == 1
    assert message in result.output


def test_stories_that_all_pass_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli_stack, "ensure_model", lambda *_: tmp_path / "m.tar.gz")
    done = subprocess.CompletedProcess([], 0, stdout="\tCorrect:          42 / 42\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    result = CliRunner().invoke(cli_stack.test_stories)
    assert result.exit_code == 0
    assert "42 Rasa test stories passed" in result.output
