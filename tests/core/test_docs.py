"""docs/policies.md tells the truth: its example loads and passes."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from refund_core.catalogue import CATALOGUE
from refund_core.cli import main

DOCS = Path(__file__).parents[2] / "docs" / "policies.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    text = DOCS.read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n# file: (\S+)\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 3
    for name, body in blocks:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    return tmp_path


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(args))
    return result.exit_code, result.stdout, result.stderr


def test_the_example_loads_and_passes(example: Path) -> None:
    assert run("policies", "check", "--policies", str(example))[0] == 0
    code, out, err = run("policies", "test", "--policies", str(example))
    assert (code, err) == (0, "")
    assert out == "4 worked examples, no problem\n"


def test_an_example_that_leads_elsewhere_is_named(example: Path) -> None:
    path = example / "example" / "cases" / "server.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('"260.00"', '"261.00"'), "utf-8")
    code, _, err = run("policies", "test", "--policies", str(example))
    assert code == 1
    assert "server.yaml, line 13: 过三天零一秒，扣 4 天: amount: expected '261.00', got" in err


def test_every_condition_is_listed() -> None:
    code, out, _ = run("policies", "conditions")
    assert code == 0
    assert [name for name in CATALOGUE if name not in out] == []
