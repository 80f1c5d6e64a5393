"""What would change for real cases if one policy took the place of another."""

import csv
import io
import json
from decimal import Decimal
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner

from refund_core import PolicySet, default_policies, load_policies
from refund_core.backtest import Case, Report, compare_cases, under
from refund_core.backtest_report import summary_lines, to_csv, to_html
from refund_core.cli import main
from refund_core.library import POLICY_DIR
from refund_core.worked import read_cases

CASES = POLICY_DIR / "baidu" / "cases"
SOURCE = POLICY_DIR / "baidu" / "refund-2025-08-21.yaml"


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The policy with packs returnable for 5 days instead of 7, and the sum rounded down."""
    text = SOURCE.read_text(encoding="utf-8").replace("days: 7", "days: 5")
    text = text.replace('version: "2025-08-21"', 'version: "draft"')
    path = tmp_path / "policies" / "baidu" / "draft.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text.replace("rounding: half_up", "rounding: down"), encoding="utf-8")
    return path


def report_of(stricter: Path) -> Report:
    before = default_policies().get("baidu-unsubscribe@2025-08-21")
    (after,) = PolicySet(tuple(load_policies(stricter.parent.parent)))
    cases = [Case(item.name, item.case, item.as_of) for item in read_cases(CASES)]
    return compare_cases(cases, under(before), under(after), (before.key, after.key))


def test_counts_sums_and_the_largest_changes(stricter: Path) -> None:
    report = report_of(stricter)
    assert report.cases == len(list(read_cases(CASES)))
    assert sum(report.outcomes.values()) == report.cases
    assert report.difference == sum((item.difference for item in report.changes), Decimal(0))
    assert report.outcomes["refundable", "not_refundable"] == 2
    largest = report.largest(2)
    assert [item.difference for item in largest] == [Decimal("-99.00"), Decimal("-50.00")]
    assert largest[0].reasons_after == ("storage_pack_over_7_days",)
    small = [item for item in report.changes if item.outcome_after == item.outcome_before]
    assert {item.difference for item in small if item.amount_after} == {Decimal("-0.01")}


def test_nothing_changes_under_the_same_policy() -> None:
    policy = default_policies().get("baidu-unsubscribe@2025-08-21")
    cases = [Case(item.name, item.case, item.as_of) for item in read_cases(CASES)]
    report = compare_cases(cases, under(policy), under(policy), ("a", "a"))
    assert report.changes == []
    assert report.difference == 0
    assert "没有变化" in to_html(report)


def test_the_report_as_csv_and_html(stricter: Path) -> None:
    report = report_of(stricter)
    rows = list(csv.DictReader(io.StringIO(to_csv(report))))
    assert len(rows) == len(report.changes)
    assert sum((Decimal(row["difference"]) for row in rows), Decimal(0)) == report.difference
    page = to_html(report)
    assert "<svg" in page
    assert summary_lines(report)[1] in page
    assert "baidu-unsubscribe@draft" in page


def test_the_command_writes_the_reports(stricter: Path, tmp_path: Path) -> None:
    page, table = tmp_path / "out.html", tmp_path / "out.csv"
    result = CliRunner().invoke(
        main,
        ["backtest", "--from", "baidu-unsubscribe@2025-08-21", "--to", str(stricter), "--cases",
         str(CASES), "--html", str(page), "--csv", str(table)],
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "baidu-unsubscribe@2025-08-21 → baidu-unsubscribe@draft" in result.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert table.read_text(encoding="utf-8").startswith("case,order,")


def test_cases_are_read_from_json_and_json_lines(tmp_path: Path) -> None:
    cases = [json.dumps(item.case.to_json()) for item in read_cases(CASES)][:3]
    (tmp_path / "one.json").write_text(cases[0])
    (tmp_path / "list.json").write_text("[" + ",".join(cases) + "]")
    (tmp_path / "lines.jsonl").write_text("\n".join([*cases, ""]))
    policy = "baidu-unsubscribe@2025-08-21"
    result = CliRunner().invoke(
        main,
        ["backtest", "--from", policy, "--to", policy, "--cases", str(tmp_path), "--as-of",
         "2026-11-23T10:00:00+08:00"],
    )  # fmt: skip
    assert "7 个订单，0 个有变化" in result.stdout


BAD = [
    ("{", "bad.jsonl, line 1: is not JSON"),
    ('{"vendor": 3}', "bad.jsonl, line 1: vendor: 3 does not fit"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_bad_case_file_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bad.jsonl").write_text(text)
    policy = "baidu-unsubscribe@2025-08-21"
    result = CliRunner().invoke(
        main, ["backtest", "--from", policy, "--to", policy, "--cases", str(tmp_path)]
    )
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("cases", "message"),
    [("nowhere", "is neither a folder nor"), ("{tmp}", "holds no *.json")],
)
def test_no_cases_is_an_error(tmp_path: Path, cases: str, message: str) -> None:
    policy = "baidu-unsubscribe@2025-08-21"
    place = cases.replace("{tmp}", str(tmp_path))
    result = CliRunner().invoke(
        main, ["backtest", "--from", policy, "--to", policy, "--cases", place]
    )
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ([], "no package that reads cases from an address is installed"),
        (
            [EntryPoint("orders", "no_such_package.cases:read", "refund_core.case_sources")],
            "need more than the rule core: No module named 'no_such_package'; install with [bot]",
        ),
    ],
)
def test_an_address_without_a_reader_of_addresses_is_an_error(
    monkeypatch: pytest.MonkeyPatch, sources: list[EntryPoint], message: str
) -> None:
    monkeypatch.setattr("refund_core.case_files.entry_points", lambda group: sources)
    policy = "baidu-unsubscribe@2025-08-21"
    result = CliRunner().invoke(
        main,
        ["backtest", "--from", policy, "--to", policy, "--cases", "postgresql://u:s3cret@h/db"],
    )
    assert result.exit_code == 2
    assert message in result.stderr
    assert "s3cret" not in result.stderr


def test_a_timeline_is_shown_and_drawn(tmp_path: Path) -> None:
    case = next(item.case for item in read_cases(CASES) if item.name.startswith("用了 10 天"))
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case.to_json()), encoding="utf-8")
    picture = tmp_path / "line.svg"
    base = ["timeline", str(path), "--as-of", "2026-11-23T10:00:00+08:00", "--days", "25"]
    result = CliRunner().invoke(main, [*base, "--plot", str(picture)])
    assert result.exit_code == 0, result.stderr
    assert "2026-12-13 00:00" in result.stdout
    text = picture.read_text(encoding="utf-8")
    assert text.count("<rect") == 23  # background, 22 stretches
    assert "不可退" in text
    result = CliRunner().invoke(main, [*base, "--format", "json"])
    assert json.loads(result.stdout)["jumps"][0]["amount"] == "177.33"
    result = CliRunner().invoke(main, [*base, "--plot", str(tmp_path / "line.gif")])
    assert result.exit_code == 2
    assert ".gif is not a picture; use .svg or .png" in result.stderr
