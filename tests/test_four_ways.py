"""Ask in four ways, get one answer: terminal, HTTP, the refund page, and the rule core alone."""

import json
import subprocess
import sys
from typing import Any

import httpx
import pytest

from tests.stack import NOW, ROOT, Stack

BCC = "BD20261114001"
pytestmark = pytest.mark.stack


def run(stack: Stack, *arguments: str, stdin: str | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=stack.env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def decided(stack: Stack) -> dict[str, Any]:
    """What `refund-core evaluate` says of the exported case."""
    case = run(stack, "refundbot", "orders", "case", "--account", "A1001", BCC)
    arguments = ["evaluate", "-", "--as-of", NOW, "--format", "json"]
    decision: dict[str, Any] = json.loads(run(stack, "refund_core", *arguments, stdin=case))
    assert decision["amount"] == "186.67"
    return decision


def test_the_scripted_terminal_gives_the_rule_cores_decision(
    stack: Stack, decided: dict[str, Any]
) -> None:
    printed = run(
        stack,
        "refundbot",
        "ask",
        "--account",
        "A1001",
        "--json",
        "我14号买的云服务器能退多少",
        "那代金券呢",
    )
    turns = [json.loads(line) for line in printed.splitlines()]
    assert len(turns) == 2
    assert turns[0]["decision"] == decided
    assert "¥186.67" in turns[0]["text"]
    assert "退款金额＝订单金额－已消费金额" in turns[0]["text"]
    assert "https://" not in turns[0]["text"]
    assert any(f"/refund/{BCC}?link=" in b.get("url", "") for b in turns[0]["buttons"])
    assert "代金券 ¥20.00 不退回" in turns[1]["text"]
    assert turns[1]["decision"] == decided
    assert turns[0]["latency_ms"] > 0


def test_the_example_in_the_readme_is_this_case(stack: Stack, decided: dict[str, Any]) -> None:
    arguments = ["evaluate", "docs/example-case.json", "--as-of", NOW, "--format", "json"]
    assert json.loads(run(stack, "refund_core", *arguments)) == decided


def test_the_refund_page_shows_the_same_sum(stack: Stack, decided: dict[str, Any]) -> None:
    with httpx.Client(base_url=stack.url, follow_redirects=True) as console:
        console.post("/demo/login", data={"account": "A1001"})
        page = console.get(f"/refund/{BCC}")
    assert page.status_code == 200
    assert f"¥{decided['amount']}" in page.text


def test_a_terminal_without_a_stack_is_told_how_to_start_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "refundbot", "ask", "--url", "http://127.0.0.1:9", "你好"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "make run" in done.stderr


def test_an_unknown_demo_account_is_refused_in_chinese(stack: Stack) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "refundbot", "ask", "--account", "A9999", "你好"],
        cwd=ROOT,
        env=stack.env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "404" in done.stderr
    assert "账号" in done.stderr
