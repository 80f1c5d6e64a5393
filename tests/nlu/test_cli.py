"""`refundbot parse` answers every line, whatever is in it, and keeps quiet otherwise."""

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from refundbot.nlu.cli import parse, render

LINES = [
    "我14号买的云服务器还能退吗".encode(),
    b"",
    b'/apply_refund{"order_id":"BD1"}',
    "能退多少，代金券退吗".encode(),
    b"\xff\xfe\xe9\x80",
    ("退款" * 5000).encode(),
    b"\x00\x1b[2J",
]


def run(model: Path, *options: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "refundbot.nlu.cli", "--model", str(model), *options]
    return subprocess.run(command, input=b"\n".join(LINES), capture_output=True, timeout=120)


def test_one_object_for_every_line_and_nothing_else(small_model: Path) -> None:
    done = run(small_model, "--jsonl")
    assert done.returncode == 0
    assert done.stderr == b""
    parsed = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert len(parsed) == len(LINES)
    assert parsed[0]["intent"]["name"] == "ask_refund_eligibility"
    assert {e["entity"] for e in parsed[0]["entities"]} == {"purchase_time", "product"}
    assert parsed[1]["intent"]["name"] == "nlu_fallback"
    assert parsed[2]["entities"] == []
    assert parsed[2]["normalized"].startswith("apply_refund")
    assert len(parsed[3]["clauses"]) == 2


def test_a_missing_model_is_said_in_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(parse, ["--model", str(tmp_path)], input="退款\n")
    assert result.exit_code == 1
    assert "no trained model in" in result.output
    assert "Traceback" not in result.output


def test_the_terminal_form_shows_everything_and_no_control_character() -> None:
    shown = render(
        {
            "text": "退\x1b[31m款",
            "intent": {"name": "apply_refund", "confidence": 0.9},
            "intent_ranking": [
                {"name": "apply_refund", "confidence": 0.9},
                {"name": "ask_refund_amount", "confidence": 0.05},
            ],
            "entities": [{"entity": "product", "text": "主机", "value": "bcc"}],
            "clauses": [
                {"text": "退款", "intent": "apply_refund", "confidence": 0.9},
                {"text": "嗯", "intent": None, "confidence": 0.0},
            ],
        }
    )
    assert "\x1b[31m" not in shown
    for words in ("apply_refund 0.90", "ask_refund_amount 0.05", "主机 = bcc", "嗯: - 0.00"):
        assert words in shown
