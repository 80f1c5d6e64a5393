"""`make bench`: what a turn costs through the whole stack on this machine; nothing is asserted."""

import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from refundbot.client import Chat
from tests.stack import Stack, start_stack

QUESTIONS = (
    "我14号买的云服务器还能退吗",
    "那代金券呢",
    "怎么退",
    "多久到账",
    "BD20260901007 能不能退",
    "能退多少钱",
    "今天天气怎么样",
    "我的订单",
)
_console = Console()


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def turns(stack: Stack) -> dict[str, float]:
    """Latency of turns through gateway, Rasa and action server, milliseconds."""
    spent = []
    for _ in range(8):
        with Chat(stack.url, "A1001") as chat:
            spent += [chat.say(question).latency_ms for question in QUESTIONS]
    return {
        "turn_p50_ms": round(statistics.median(spent), 1),
        "turn_p95_ms": round(percentile(spent, 0.95), 1),
        "turn_max_ms": round(max(spent), 1),
    }


def memory(stack: Stack) -> dict[str, float]:
    """Resident memory of each process, MiB."""
    found: dict[str, float] = {}
    root = psutil.Process(stack.process.pid)
    found["supervisor_rss_mib"] = round(root.memory_info().rss / 2**20)
    for child in root.children(recursive=True):
        line = " ".join(child.cmdline())
        for name in ("actions.server", "refundbot.gateway", "rasa run"):
            if name in line:
                found[f"{name.split()[0]}_rss_mib"] = round(child.memory_info().rss / 2**20)
    return found


def main() -> None:
    """Measure, show a table, and write var/bench.json."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        stack = start_stack(Path(folder))
        try:
            figures["warm_start_seconds"] = round(stack.startup_seconds, 1)
            figures.update(turns(stack))
            figures.update(memory(stack))
        finally:
            stack.stop()
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:,}")
    _console.print(table)
    out = Path("var/bench.json")
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, indent=1) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
