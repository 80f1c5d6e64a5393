"""Train the Rasa model when it is missing or when what it is made from has changed.

The model's name carries a hash of every input: Rasa's files, our NLU components and the lock
file. The archive's own sha256 is kept beside it, so a damaged model is trained anew.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from refundbot.quiet import quiet_environment
from refundbot.settings import ROOT

_INPUTS = ("config.yml", "domain.yml", "data", "refundbot/nlu", "requirements.lock")
_SUFFIXES = {".yml", ".yaml", ".py", ".txt", ".lock", ".json"}
_KEPT_MODELS = 3


class TrainingError(RuntimeError):
    """Rasa could not train; the message holds the end of what it printed."""


def _input_files(root: Path) -> Iterator[Path]:
    for name in _INPUTS:
        path = root / name
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES and p.is_file())
        elif path.is_file():
            yield path


def inputs_hash(root: Path = ROOT) -> str:
    """A short sha256 over the names and contents of everything the model depends on."""
    digest = hashlib.sha256()
    for path in _input_files(root):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def current_model(models_dir: Path, root: Path = ROOT) -> Path | None:
    """The trained model of the present inputs, or None when it is missing or damaged."""
    model = models_dir / f"refundbot-{inputs_hash(root)}.tar.gz"
    record = model.with_suffix("").with_suffix(".json")
    if not (model.is_file() and record.is_file()):
        return None
    return model if json.loads(record.read_text()).get("sha256") == _sha256(model) else None


def ensure_model(models_dir: Path, say: Callable[[str], None], root: Path = ROOT) -> Path:
    """The model of the present inputs, trained now if there is none.

    Args:
        models_dir: where models are kept; created when missing.
        say: called with one line of progress at a time.
        root: the Rasa project.

    Raises:
        TrainingError: training failed or left no model.
    """
    ready = current_model(models_dir, root)
    if ready is not None:
        return ready
    models_dir.mkdir(parents=True, exist_ok=True)
    name = f"refundbot-{inputs_hash(root)}"
    say("training the model (its inputs are new or have changed)")
    started = time.monotonic()
    _run_rasa_train(models_dir, name, say, root)
    model = models_dir / f"{name}.tar.gz"
    if not model.is_file():
        raise TrainingError("Rasa finished without writing a model")
    seconds = round(time.monotonic() - started, 1)
    record = {"sha256": _sha256(model), "trained_in_seconds": seconds}
    (models_dir / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n")
    say(f"model trained in {seconds} s")
    _drop_old_models(models_dir)
    return model


def _run_rasa_train(models_dir: Path, name: str, say: Callable[[str], None], root: Path) -> None:
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", name]
    command += ["--out", str(models_dir), "--config", "config.yml", "--domain", "domain.yml"]
    command += ["--data", "data"]
    process = subprocess.Popen(
        command,
        cwd=root,
        env=quiet_environment(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    tail: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        tail = [*tail[-30:], line.rstrip()]
        if "Starting to train component" in line or "Finished training component" in line:
            say(line.split(" - ")[-1].strip())
    if process.wait() != 0:
        raise TrainingError("Rasa could not train the model:\n" + "\n".join(tail))


def _drop_old_models(models_dir: Path) -> None:
    models = sorted(models_dir.glob("refundbot-*.tar.gz"), key=lambda p: p.stat().st_mtime)
    for model in models[:-_KEPT_MODELS]:
        model.unlink(missing_ok=True)
        model.with_suffix("").with_suffix(".json").unlink(missing_ok=True)
