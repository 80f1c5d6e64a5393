"""`make bench`: what a decision, a message and a turn cost on this machine; nothing is asserted."""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from refundbot.client import Chat
from tests.stack import NOW, Stack, start_stack

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


def timed(call: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def decisions() -> dict[str, float]:
    """Decisions a second of the rule core on one core, on the demo customers' orders."""
    import refund_core
    from refundbot.clock import parse_instant
    from refundbot.db import make_engine, session_factory
    from refundbot.orders.demo import load_demo
    from refundbot.orders.migrate import upgrade
    from refundbot.orders.sql import SqlOrderSource

    now = parse_instant(NOW)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        upgrade(url)
        factory = session_factory(make_engine(url))
        load_demo(factory, now)
        cases = [order.case for order in SqlOrderSource(factory).list_orders("A1001")]
    for case in cases:
        refund_core.evaluate(case, now)
    rounds = 400
    started = time.perf_counter()
    for _ in range(rounds):
        for case in cases:
            refund_core.evaluate(case, now)
    seconds = time.perf_counter() - started
    return {"decisions_per_second": round(rounds * len(cases) / seconds)}


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
    os.environ["REFUNDBOT_NOW"] = NOW
    figures: dict[str, float] = dict(decisions())
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
