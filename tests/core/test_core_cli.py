"""`refund-core` on the command line."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from refund_core.cli import main

from .samples import instance_case

AS_OF = "2026-11-23T10:00:00+08:00"


def run(*args: str, text: str | bytes | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(args), input=text)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def case_file(tmp_path: Path) -> str:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(instance_case()), encoding="utf-8")
    return str(path)


def test_evaluate_prints_the_answer_in_chinese(case_file: str) -> None:
    code, out, err = run("evaluate", case_file, "--as-of", AS_OF)
    assert (code, err) == (0, "")
    assert out.startswith("可以退，预计退 ¥186.67。\n")


def test_evaluate_prints_the_decision_as_json(case_file: str) -> None:
    code, out, _ = run("evaluate", case_file, "--as-of", AS_OF, "--format", "json")
    decision = json.loads(out)
    assert code == 0
    assert (decision["outcome"], decision["amount"]) == ("refundable", "186.67")
    assert decision["policy"]["id"] == "baidu-unsubscribe"


def test_evaluate_shows_the_steps_when_asked(case_file: str) -> None:
    _, out, _ = run("evaluate", case_file, "--as-of", AS_OF, "--steps")
    assert "5. 已消费金额：实付金额 280 × 10 ÷ 30" in out


def test_evaluate_reads_standard_input() -> None:
    code, out, _ = run("evaluate", "-", "--as-of", AS_OF, text=json.dumps(instance_case()))
    assert code == 0
    assert "¥186.67" in out


def test_an_instant_without_offset_is_beijing_time(case_file: str) -> None:
    _, out, _ = run("evaluate", case_file, "--as-of", "2026-11-23T23:59:59", "--format", "json")
    assert json.loads(out)["as_of"] == "2026-11-23T23:59:59+08:00"


BAD_INPUT = [
    ("{", "is not JSON: line 1, column 2"),
    ("", "is not JSON: line 1, column 1"),
    ("[1]", "(top level): [1] does not fit; allowed: an object"),
    ('{"vendor": "baidu"}', "account: is missing; allowed: a value"),
    (json.dumps(instance_case() | {"colour": 1}), "colour: 1 does not fit; allowed: a field among"),
    (b"\xff\xfe\x00", "is not UTF-8 text"),
    ("[" * 100_000, "nested too deeply"),
]


@pytest.mark.parametrize(("text", "message"), BAD_INPUT)
def test_a_bad_case_ends_with_2_and_says_what_is_wrong(text: str | bytes, message: str) -> None:
    code, out, err = run("evaluate", "-", "--as-of", AS_OF, text=text)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_ends_with_2() -> None:
    code, _, err = run("evaluate", "nothing.json")
    assert code == 2
    assert "nothing.json: cannot be read: No such file or directory" in err


def test_a_bad_instant_ends_with_2(case_file: str) -> None:
    code, _, err = run("evaluate", case_file, "--as-of", "yesterday")
    assert code == 2
    assert "'yesterday' is not an instant; write it like 2026-11-23T10:00:00+08:00" in err


def test_the_schema_is_printed(case_file: str) -> None:
    code, out, _ = run("schema")
    assert code == 0
    jsonschema.validate(json.loads(Path(case_file).read_text()), json.loads(out))


def test_policies_are_listed_and_shown() -> None:
    code, out, _ = run("policies", "list")
    assert code == 0
    assert "baidu-unsubscribe@2025-08-21" in out
    code, out, _ = run("policies", "show", "baidu-unsubscribe", "--as-of", "2026-11-23")
    assert code == 0
    for part in ("usage_pack_over_7_days", "可以退", "不能退", "假设", "新购7天内且未使用的量包"):
        assert part in out


def test_an_unknown_policy_is_named() -> None:
    code, _, err = run("policies", "show", "nothing")
    assert code == 2
    assert "there is no policy 'nothing' in force; there are: " in err


def test_two_policies_are_compared_key_by_key() -> None:
    code, out, _ = run(
        "policies",
        "diff",
        "aliyun-unsubscribe-intl@2022-05-24",
        "aliyun-unsubscribe-intl@2025-10-30",
    )
    assert code == 0
    assert "methods.difference.factors" in out
    assert "effective.since" in out
    assert "routes.renewal_period" not in out


def test_a_policy_does_not_differ_from_itself() -> None:
    name = "baidu-unsubscribe@2025-08-21"
    code, out, _ = run("policies", "diff", name, name)
    assert (code, out) == (0, "两份规则没有差别。\n")


def test_a_policy_to_compare_that_is_not_there_is_named() -> None:
    code, _, err = run("policies", "diff", "nothing", "baidu-unsubscribe")
    assert code == 2
    assert "there is no policy 'nothing'" in err


def test_check_passes_on_the_packaged_policies() -> None:
    code, out, _ = run("policies", "check")
    assert code == 0
    assert "no problem" in out


def test_check_ends_with_1_and_names_the_problem(tmp_path: Path) -> None:
    (tmp_path / "baidu").mkdir()
    (tmp_path / "baidu" / "bad.yaml").write_text("id: 3\n", encoding="utf-8")
    code, out, err = run("policies", "check", "--policies", str(tmp_path))
    assert (code, out) == (1, "")
    assert "bad.yaml, line 1: id: 3 does not fit" in err


def test_importing_the_core_stays_light() -> None:
    heavy = "('rich', 'jsonschema', 'click')"
    script = f"import sys, refund_core; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
