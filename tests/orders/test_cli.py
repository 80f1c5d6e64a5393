"""The commands an operator types."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from refundbot.orders.cli import db, demo, orders
from refundbot.settings import get_settings
from tests.orders.documents import document, order

GROUPS = {"db": db, "demo": demo, "orders": orders}


class Shell:
    def __call__(self, command: str, *arguments: str) -> Result:
        return CliRunner().invoke(GROUPS[command], arguments, env={"COLUMNS": "150"})


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    monkeypatch.setenv("REFUNDBOT_NOW", "2026-11-23T10:00:00+08:00")
    get_settings.cache_clear()
    yield Shell()
    get_settings.cache_clear()


def test_upgrade_says_whether_there_was_anything_to_do(shell: Shell) -> None:
    assert "has been upgraded" in shell("db", "upgrade").output
    assert "up to date" in shell("db", "upgrade").output


def test_the_demo_orders_can_be_loaded_and_listed(shell: Shell) -> None:
    loaded = shell("demo", "load")
    assert loaded.exit_code == 0
    listed = shell("orders", "list", "--account", "A1001")
    assert listed.exit_code == 0
    for expected in (
        "订单号",
        "林晓雨",
        "BD20261114001",
        "云服务器 BCC",
        "包年包月 1 个月",
        "¥280.00",
    ):
        assert expected in listed.output
    assert "A1002" not in listed.output


def test_the_list_is_also_json_with_cases_the_rule_core_reads(shell: Shell) -> None:
    from refund_core import RefundCase

    shell("demo", "load")
    listed = json.loads(shell("orders", "list", "--account", "A1003", "--json").output)
    assert [RefundCase.from_json(item["case"]).order.id for item in listed] == [
        item["id"] for item in listed
    ]
    assert len(listed) == 3


def test_an_account_without_orders_and_one_that_is_not_there_differ(shell: Shell) -> None:
    shell("demo", "load")
    empty = shell("orders", "list", "--account", "A1005")
    assert (empty.exit_code, empty.output) == (0, "赵一鸣（A1005）名下没有订单。\n")
    unknown = shell("orders", "list", "--account", "A9")
    assert unknown.exit_code == 1
    assert "there is no account 'A9'" in unknown.output


def test_an_import_can_be_listed(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "good.json"
    file.write_text(json.dumps(document(order())), encoding="utf-8")
    assert "Imported 1 orders; 1 accounts." in shell("orders", "import", str(file)).output
    assert "¥300.00" in shell("orders", "list", "--account", "B1").output
    again = shell("orders", "import", str(file), "--replace")
    assert "1 of them replaced" in again.output


def test_a_bad_import_prints_file_and_line_and_fails(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    bad = [order(id=f"BD{number}", amount="1.001") for number in range(60)]
    file.write_text(json.dumps(document(*bad), indent=1), encoding="utf-8")
    result = shell("orders", "import", str(file))
    assert result.exit_code == 1
    assert f"{file}:" in result.output
    assert "has more than two decimals" in result.output
    assert "60 mistakes; nothing was imported." in result.output
    assert len(result.output.splitlines()) == 51


@pytest.mark.parametrize(
    "arguments", [("list", "--account", "A1001"), ("list", "--account", "A1001", "--json")]
)
def test_a_database_that_does_not_answer_is_named_without_its_password(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", "postgresql://u:top-secret@127.0.0.1:1/orders")
    get_settings.cache_clear()
    result = shell("orders", *arguments)
    assert result.exit_code == 1
    assert "does not answer" in result.output
    assert "REFUNDBOT_DATABASE_URL" in result.output
    assert "top-secret" not in result.output
    assert "Traceback" not in result.output


def test_the_format_of_an_import_can_be_printed(shell: Shell) -> None:
    assert json.loads(shell("orders", "schema").output)["title"] == "Orders to import"
    assert shell("orders", "schema", "--csv").output.startswith("account,id,kind,")
