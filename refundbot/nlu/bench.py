"""`python -m refundbot.nlu.bench`: this pipeline against Rasa's stock Chinese one, same data.

Each pipeline is trained, then loaded and asked the test set, in processes of its own, so that
times and memory are its own too. The stock pipeline needs `jieba` and many minutes to train;
`--epochs` shortens that, at the cost of its accuracy.
"""

import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
import psutil  # type: ignore[import-untyped]
import yaml
from rich.console import Console
from rich.table import Table

from refundbot.nlu.evaluation import OUT_OF_SCOPE, Guess, measure, read_examples
from refundbot.nlu.parser import load_parser
from refundbot.nlu.quiet import silence_libraries
from refundbot.nlu.report import ROOT, TESTS, guess_of

EPOCHS = 100
WARM_UP = 10
COLUMNS = {
    "accuracy": "accuracy",
    "out_of_scope": "out of scope kept out",
    "train_seconds": "training s",
    "train_mb": "training peak MB",
    "cpu_p50_ms": "p50 processor ms",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "load_seconds": "loading s",
    "loaded_mb": "resident MB",
}


def stock_pipeline(epochs: int) -> list[dict[str, Any]]:
    """What Rasa's documentation gives a Chinese project: jieba, bags of words, DIET."""
    return [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False},
    ]


def own_pipeline() -> list[dict[str, Any]]:
    """The pipeline of the project's config.yml."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    return [dict(component) for component in config["pipeline"]]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def train_once(folder: Path) -> dict[str, float]:
    """Train `folder`/config.yml on the project's sentences."""
    silence_libraries()
    from rasa.model_training import train_nlu

    started = time.perf_counter()
    trained = train_nlu(str(folder / "config.yml"), str(ROOT / "data" / "nlu"), str(folder))
    if trained is None:
        raise click.ClickException("Rasa could not train the pipeline")
    return {"train_seconds": time.perf_counter() - started, "train_mb": _peak_mb()}


def ask_once(folder: Path) -> dict[str, float]:
    """Load the trained model, ask it the test set a message at a time."""
    started = time.perf_counter()
    parser = load_parser(folder)
    loaded = time.perf_counter() - started
    examples = read_examples(TESTS / "testset")
    for number in range(WARM_UP):
        parser.parse(f"热身{number}次")
    guesses: list[Guess] = []
    times: list[float] = []
    busy: list[float] = []
    for example in examples:
        before, busy_before = time.perf_counter(), time.process_time()
        parsed = parser.parse(example.text)
        times.append((time.perf_counter() - before) * 1000)
        busy.append((time.process_time() - busy_before) * 1000)
        guesses.append(guess_of(parsed))
    figures = measure(examples, guesses)
    return {
        "accuracy": figures.accuracy,
        "out_of_scope": figures.intents[OUT_OF_SCOPE].recall,
        "cpu_p50_ms": statistics.median(busy),
        "p50_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1],
        "load_seconds": loaded,
        "loaded_mb": psutil.Process().memory_info().rss / 2**20,
    }


def _in_own_process(step: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "refundbot.nlu.bench", "--step", step, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise click.ClickException(f"{step} failed:\n{done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(pipelines: dict[str, list[dict[str, Any]]], console: Console) -> dict[str, Any]:
    """Train and ask each pipeline; figures by pipeline name."""
    results: dict[str, Any] = {}
    for name, pipeline in pipelines.items():
        with tempfile.TemporaryDirectory() as place, console.status(f"{name}: training") as status:
            folder = Path(place)
            config = {"recipe": "default.v1", "language": "zh", "assistant_id": "bench"}
            text = yaml.safe_dump({**config, "pipeline": pipeline}, allow_unicode=True)
            (folder / "config.yml").write_text(text, encoding="utf-8")
            results[name] = _in_own_process("train", folder)
            status.update(f"{name}: answering")
            results[name] |= _in_own_process("ask", folder)
    return results


@click.command()
@click.option("--epochs", default=EPOCHS, show_default=True, help="Epochs of the stock pipeline.")
@click.option("--only", type=click.Choice(["ours", "stock"]), help="Measure one pipeline alone.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option("--step", type=click.Choice(["train", "ask"]), hidden=True)
@click.option("--folder", type=click.Path(path_type=Path), hidden=True)
def main(
    epochs: int, only: str | None, as_json: bool, step: str | None, folder: Path | None
) -> None:
    """Compare accuracy, time and memory on the project's own data and test set."""
    if step and folder:
        click.echo(json.dumps((train_once if step == "train" else ask_once)(folder)))
        return
    if only != "ours" and importlib.util.find_spec("jieba") is None:
        raise click.ClickException("the stock pipeline needs jieba; or use --only ours")
    pipelines = {"ours": own_pipeline(), "stock": stock_pipeline(epochs)}
    chosen = {name: pipe for name, pipe in pipelines.items() if only in (None, name)}
    console = Console()
    results = compare(chosen, Console(stderr=True))
    if as_json:
        click.echo(json.dumps(results, indent=1))
        return
    table = Table("", *results)
    for key, title in COLUMNS.items():
        table.add_row(title, *(f"{figures[key]:.3g}" for figures in results.values()))
    console.print(table)


if __name__ == "__main__":
    main()
