"""The whole stack, started as `make run` starts it, on free ports with a clock of its own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

NOW = "2026-11-23T10:00:00+08:00"
ROOT = Path(__file__).resolve().parent.parent


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on right now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@dataclass
class Stack:
    """A running stack.

    Attributes:
        url: gateway and console.
        env: environment it runs with; tests that read its database use the same.
        process: the supervisor.
        output: what it printed to the terminal so far.
        startup_seconds: from start to a healthy answer.
    """

    url: str
    env: dict[str, str]
    process: "subprocess.Popen[str]"
    output: list[str]
    startup_seconds: float

    def stop(self) -> None:
        """End it as Ctrl-C does and wait for every process."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise


def start_stack(var_dir: Path, **extra: str) -> Stack:
    """Start gateway, Rasa and action server and wait until all are healthy.

    Raises:
        AssertionError: the stack ended or is not healthy within two minutes.
    """
    port, rasa_port, actions_port = free_ports(3)
    env = {
        **os.environ,
        "REFUNDBOT_VAR": str(var_dir),
        "REFUNDBOT_PORT": str(port),
        "REFUNDBOT_RASA_PORT": str(rasa_port),
        "REFUNDBOT_ACTIONS_PORT": str(actions_port),
        "REFUNDBOT_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "REFUNDBOT_NOW": NOW,
        "REFUNDBOT_CONSOLE_SECRET": secrets.token_hex(32),
        "REFUNDBOT_INTERNAL_SECRET": secrets.token_hex(32),
        "REFUNDBOT_LINK_SECRET": secrets.token_hex(32),
        **extra,
    }
    for name in ("REFUNDBOT_DATABASE_URL", "REFUNDBOT_HOST"):
        if name not in extra:
            env.pop(name, None)
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "refundbot", "up"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output: list[str] = []
    ready = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            output.append(line)
            if "everything is up" in line:
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    url = env["REFUNDBOT_PUBLIC_URL"]
    ready.wait(timeout=150)
    stack = Stack(url, env, process, output, time.monotonic() - started)
    if process.poll() is not None or not ready.is_set():
        stack.stop()
        logs = "\n".join(p.read_text()[-2000:] for p in (var_dir / "log").glob("*.log"))
        raise AssertionError(f"the stack did not come up\n{''.join(output)}\n{logs}")
    assert httpx.get(f"{url}/healthz", timeout=5).status_code == 200
    return stack
