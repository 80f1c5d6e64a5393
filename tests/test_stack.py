"""Starting, failing and stopping the whole stack, as `make run` does."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from refundbot.client import Chat
from tests.stack import ROOT, Stack, free_ports, start_stack

QUESTION = "我14号买的云服务器还能退吗"
PARTS = {"rasa": "rasa run", "actions": "actions.server"}


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of this module's own, because its parts are killed."""
    running = start_stack(tmp_path_factory.mktemp("own"))
    yield running
    running.stop()


def part(stack: Stack, name: str) -> psutil.Process:
    """The process of one part."""
    for child in psutil.Process(stack.process.pid).children(recursive=True):
        if PARTS[name] in " ".join(child.cmdline()):
            return child
    raise AssertionError(f"{name} is not running")


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for an event of another process; there is nothing to subscribe to but its port."""
    deadline = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.2)


def healthy(stack: Stack) -> bool:
    return httpx.get(f"{stack.url}/healthz", timeout=10).status_code == 200


def answered(stack: Stack) -> bool:
    with Chat(stack.url, "A1001") as chat:
        return "¥186.67" in chat.say(QUESTION).text


@pytest.mark.stack
def test_the_terminal_shows_the_address_three_questions_and_no_noise(own_stack: Stack) -> None:
    shown = "".join(own_stack.output)
    assert f"{own_stack.url}/" in shown
    assert sum(line.strip() in shown for line in ("那代金券呢", "我有哪些订单可以退")) == 2
    for noise in ("Warning", "tensorflow", "Traceback", "DEBUG"):
        assert noise not in shown


@pytest.mark.stack
@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_a_part_that_hangs_is_named_and_the_customer_is_told(own_stack: Stack, name: str) -> None:
    until(lambda: healthy(own_stack), "everything is up")
    frozen = part(own_stack, name)
    frozen.suspend()
    try:
        with Chat(own_stack.url, "A1001", timeout=20) as chat:
            text = chat.say(QUESTION).text
        assert "¥" not in text
        assert "转人工" in text or "稍" in text or "暂时" in text
        health = httpx.get(f"{own_stack.url}/healthz", timeout=20)
        assert health.status_code == 503
        assert health.json()["parts"][name]["ok"] is False
    finally:
        frozen.resume()
    until(lambda: healthy(own_stack) and answered(own_stack), f"{name} answers again")


@pytest.mark.stack
@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_a_part_that_dies_is_started_again_while_the_customer_is_told(
    own_stack: Stack, name: str
) -> None:
    until(lambda: healthy(own_stack), "everything is up")
    victim = part(own_stack, name)
    victim.kill()
    victim.wait(10)
    with Chat(own_stack.url, "A1001", timeout=20) as chat:
        text = chat.say(QUESTION).text
    assert text.strip()
    until(lambda: healthy(own_stack) and answered(own_stack), f"{name} is back")


@pytest.mark.stack
def test_ctrl_c_ends_every_process(tmp_path: Path) -> None:
    stack = start_stack(tmp_path)
    everyone = psutil.Process(stack.process.pid).children(recursive=True)
    assert len(everyone) >= 3
    stack.stop()
    assert stack.process.returncode == 0
    _, alive = psutil.wait_procs(everyone, timeout=20)
    assert alive == []
    assert "Traceback" not in "".join(stack.output)


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    port, rasa_port, actions_port = free_ports(3)
    env = {
        **os.environ,
        "REFUNDBOT_VAR": str(tmp_path),
        "REFUNDBOT_PORT": str(port),
        "REFUNDBOT_RASA_PORT": str(rasa_port),
        "REFUNDBOT_ACTIONS_PORT": str(actions_port),
    }
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", rasa_port))
        taken.listen()
        done = subprocess.run(
            [sys.executable, "-m", "refundbot", "up"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert str(rasa_port) in done.stderr
    assert "REFUNDBOT_RASA_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_malformed_clock_is_refused_with_an_example(tmp_path: Path) -> None:
    env = {**os.environ, "REFUNDBOT_VAR": str(tmp_path), "REFUNDBOT_NOW": "tomorrow"}
    done = subprocess.run(
        [sys.executable, "-m", "refundbot", "up"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "REFUNDBOT_NOW='tomorrow'" in done.stderr
    assert "2026-11-23T10:00:00+08:00" in done.stderr
