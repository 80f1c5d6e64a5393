"""`refundbot up | train | test-stories`: the commands behind the Makefile."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from refundbot.quiet import quiet_environment
from refundbot.settings import ROOT, SettingsError, get_settings
from refundbot.training import TrainingError, current_model, ensure_model

_console = Console(highlight=False, soft_wrap=True)
# The stories annotate 上周六 and the like with the days they mean on this Monday.
_STORIES_NOW = "2026-11-23T10:00:00+08:00"


def _say(line: str) -> None:
    _console.print(line, markup=False)


@click.command()
def up() -> None:
    """Start gateway, Rasa and action server; Ctrl-C ends them all."""
    from refundbot.runner import StartError, run_stack

    try:
        run_stack(_say)
    except (StartError, TrainingError, SettingsError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@click.command()
def train() -> None:
    """Train the Rasa model if it is missing or its inputs changed."""
    try:
        model = ensure_model(get_settings().models_dir, _say)
    except TrainingError as error:
        raise click.ClickException(str(error)) from error
    _say(f"model ready: {model.name}")


@click.command()
def rasa() -> None:
    """Serve the trained model alone, as a container does; `up` starts everything."""
    from refundbot.runner import rasa_command, rasa_environment

    settings = get_settings()
    model = current_model(settings.models_dir)
    if model is None:
        raise click.ClickException("no model for the present inputs; run `refundbot train` first")
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    command = rasa_command(settings, model)
    os.execve(command[0], command, rasa_environment(settings))


@click.command("test-stories")
def test_stories() -> None:
    """Run the Rasa test stories end to end; fails on any wrong prediction and on zero stories.

    Rasa itself exits 0 without a model, with no story found and, unless told otherwise, with
    wrong predictions; each of these is an error here.
    """
    try:
        model = ensure_model(get_settings().models_dir, _say)
    except TrainingError as error:
        raise click.ClickException(str(error)) from error
    stories = ROOT / "tests" / "stories"
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "rasa", "test", "core", "--e2e"]
        command += ["--fail-on-prediction-errors", "--model", str(model)]
        command += ["--stories", str(stories), "--out", out, "--endpoints", os.devnull]
        result = subprocess.run(
            command,
            cwd=ROOT,
            env=quiet_environment({**os.environ, "REFUNDBOT_NOW": _STORIES_NOW}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        failed = Path(out, "failed_test_stories.yml")
        failures = failed.read_text() if failed.is_file() else ""
    counts = re.search(r"Correct:\s+(\d+) / (\d+)", result.stdout)
    correct, ran = (int(counts[1]), int(counts[2])) if counts else (0, 0)
    if result.returncode != 0 or correct < ran:
        raise click.ClickException(f"Rasa test stories failed\n{result.stdout[-4000:]}\n{failures}")
    if ran == 0:
        raise click.ClickException(f"no Rasa test story ran\n{result.stdout[-2000:]}")
    _say(f"{ran} Rasa test stories passed")
