"""The commands an operator types."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from refundbot.applications.cli import applications, demo
from refundbot.cli import main
from refundbot.settings import get_settings
from tests.applications.world import NOW, World


def run(*arguments: str) -> Result:
    return CliRunner().invoke(applications, arguments, env={"COLUMNS": "160"})


@pytest.fixture(autouse=True)
def environment(database: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{database}")
    monkeypatch.setenv("REFUNDBOT_NOW", NOW.isoformat())
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def test_an_empty_list_says_so() -> None:
    assert "no such applications" in run("list").output
    assert json.loads(run("list", "--json").output) == []


def test_applications_are_listed_filtered_and_marked(world: World) -> None:
    review = world.submit("BD2", NOW.replace(day=10)).application
    world.applications.nudge("A1001", review.id, at=NOW)
    world.submit("BD9")
    output = run("list").output
    for part in ("RF20261110001", "RF20261123001", "已超期", "催过 1 次", "待核定", "2026-11-13"):
        assert part in output, part
    assert "RF20261123001" not in run("list", "--account", "A1001").output
    assert "RF20261110001" not in run("list", "--state", "refunding").output
    assert "RF20261110001" in run("list", "--state", "open").output
    listed = json.loads(run("list", "--json").output)
    assert [each["amount"] for each in listed] == ["186.67", None]
    assert run("list", "--state", "nonsense").exit_code == 2
    assert run("list", "--limit", "0").exit_code == 2


def test_one_application_is_shown_with_its_history(world: World) -> None:
    record = world.submit("BD2").application
    output = run("show", record.id.lower()).output
    for part in (record.id, "转人工", "customer:A1001", "system:refundbot", "经过", "初审"):
        assert part in output, part
    shown = json.loads(run("show", record.id, "--json").output)
    assert shown["decision"]["outcome"] == "needs_review"
    assert shown["facts"]["order"]["id"] == "BD2"
    assert len(shown["events"]) == 3


def test_an_operator_moves_an_application_to_its_end(world: World) -> None:
    record = world.submit("BD2").application
    assert "初审 -> 复审" in run("advance", record.id, "--by", "wang", "--note", "材料齐全").output
    assert run("advance", record.id).exit_code == 0
    refused = run("advance", record.id)
    assert refused.exit_code == 1
    assert "state the amount" in refused.output
    assert "终审 -> 已通过" in run("advance", record.id, "--amount", "120.50").output
    assert run("advance", record.id).exit_code == 0
    assert "退款中 -> 已退款" in run("advance", record.id).output
    over = run("advance", record.id)
    assert over.exit_code == 1
    assert "refunded" in over.output
    after = world.back_office.find(record.id)
    assert (after.state, str(after.amount)) == ("refunded", "120.50")
    assert (after.events[3].actor.name, after.events[3].reason) == ("wang", "材料齐全")


def test_an_operator_rejects_with_a_reason(world: World) -> None:
    record = world.submit("BD2").application
    assert run("reject", record.id).exit_code == 2
    assert run("reject", record.id, "--code", "nonsense").exit_code == 2
    silent = run("reject", record.id, "--code", "other")
    assert silent.exit_code == 1
    assert world.back_office.find(record.id) == record
    done = run("reject", record.id, "--code", "abnormal_operations", "--text", "有异常登录")
    assert "初审 -> 已驳回" in done.output
    rejection = world.back_office.find(record.id).rejection
    assert rejection is not None
    assert (rejection.text, "转人工" in rejection.remedy) == ("有异常登录", True)


def test_an_operator_reports_a_failed_payment(world: World) -> None:
    record = world.submit("BD1").application
    assert "退款中 -> 退款失败" in run("fail", record.id, "--text", "账户已注销").output
    assert run("fail", record.id, "--text", "再来").exit_code == 1


@pytest.mark.parametrize("amount", ["abc", "NaN", "Infinity", ""])
def test_an_amount_that_is_none_is_refused(world: World, amount: str) -> None:
    record = world.submit("BD2").application
    assert run("advance", record.id, "--amount", amount).exit_code == 2
    assert world.back_office.find(record.id) == record


def test_what_does_not_exist_is_named() -> None:
    for command in (["show"], ["advance"], ["reject", "--code", "below_fee"]):
        failed = run(*command, "RF0")
        assert failed.exit_code == 1
        assert "no application RF0" in failed.output


def test_without_a_database_it_says_how_to_make_one(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    get_settings.cache_clear()
    for command in (["list"], ["show", "RF1"], ["advance", "RF1"]):
        failed = run(*command)
        assert failed.exit_code == 1
        assert "refundbot db upgrade" in failed.output
        assert "Traceback" not in failed.output


def test_the_command_is_in_the_refundbot_command_and_loads_the_demo() -> None:
    assert CliRunner().invoke(main, ["applications", "list"]).exit_code == 0
    loaded = CliRunner().invoke(demo, ["load"])
    assert loaded.exit_code == 0, loaded.output
    assert "demo applications" in loaded.output
    assert "RF20261118002" in run("list").output
