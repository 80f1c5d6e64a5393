"""An auditor finds a decision, sees its facts and sum, and learns whether it still holds."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from refundbot.audit import store
from refundbot.audit.numbers import shown
from refundbot.cli import main
from refundbot.settings import get_settings
from tests.audit.conftest import ORDER, Told
from tests.orders.documents import NOW, Sessions


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", *arguments], env={"COLUMNS": "200"})


def keep(sessions: Sessions, told: tuple[Any, Any], minutes: int = 0) -> str:
    decision, case = told
    return store.record(
        sessions,
        decision,
        case,
        account=case.account.id,
        conversation="console:baidu:A1001:1",
        created_at=NOW + timedelta(minutes=minutes),
    )


@pytest.fixture
def number(sessions: Sessions, told: Told) -> str:
    return keep(sessions, told())


@pytest.fixture
def wrong(sessions: Sessions, told: Told) -> str:
    decision, case = told()
    return keep(sessions, (replace(decision, amount=decision.paid), case), minutes=1)


class TestShow:
    def test_facts_decision_and_verdict_are_shown(self, number: str) -> None:
        shown_ = run("show", shown(number).lower())
        assert shown_.exit_code == 0, shown_.output
        for part in (
            f"Decision {shown(number)}",
            "2026-11-23 10:00:00 Beijing time",
            "console:baidu:A1001:1",
            "purchased_at: '2026-11-14T10:20:00+08:00'",
            "name: 云服务器 BCC",
            "186.67",
            "10/30",
            "It still holds.",
        ):
            assert part in shown_.output
        assert "null" not in shown_.output

    def test_one_that_no_longer_holds_says_what_differs(self, wrong: str) -> None:
        result = run("show", wrong)
        assert result.exit_code == 0
        assert "It no longer holds:\n  amount: 280.00 -> 186.67" in result.output
        assert "可以全额退 ¥280.00" in result.output

    def test_the_json_form_holds_everything(self, number: str, told: Told) -> None:
        document = json.loads(run("show", number, "--json").output)
        decision, case = told()
        assert document["decision"] == decision.to_json()
        assert document["facts"] == case.to_json()
        assert document["amount"] == "186.67"
        assert document["replay"]["holds"] is True
        assert document["replay"]["decision"] == decision.to_json()

    def test_a_number_nobody_gave_is_said_to_be_none(self, number: str) -> None:
        result = run("show", "01ABC")
        assert result.exit_code == 1
        assert "there is no decision '01ABC'" in result.output

    def test_one_that_cannot_be_read_any_more_is_still_shown(
        self, sessions: Sessions, number: str
    ) -> None:
        with sessions() as session, session.begin():
            session.execute(text("DROP TRIGGER decisions_keep"))
            session.execute(text('UPDATE decisions SET facts = \'{"phase": "full"}\''))
        result = run("show", number)
        assert result.exit_code == 0, result.output
        assert "phase: full" in result.output
        assert "cannot be decided anew" in result.output


class TestList:
    def test_it_is_found_by_account_order_and_day(self, number: str, wrong: str) -> None:
        for arguments in (
            [],
            ["--account", "A1001"],
            ["--order", ORDER.lower()],
            ["--since", "2026-11-23"],
            ["--since", "2026-11-23T10:00:00+08:00"],
        ):
            result = run("list", *arguments)
            assert result.exit_code == 0
            assert result.output.index(shown(wrong)) < result.output.index(shown(number))
        assert "¥186.67" in run("list").output
        for arguments in (["--account", "A1002"], ["--order", "BD1"], ["--since", "2026-11-24"]):
            assert run("list", *arguments).output == "No decision fits.\n"

    def test_the_newest_ones_only(self, number: str, wrong: str) -> None:
        (line,) = run("list", "--limit", "1", "--json").output.splitlines()
        assert json.loads(line)["id"] == wrong

    def test_a_day_that_is_none_is_refused(self, database: Path) -> None:
        result = run("list", "--since", "yesterday")
        assert result.exit_code == 2
        assert "write 2026-11-23" in result.output


class TestCheck:
    def test_when_all_hold_it_says_so(self, number: str) -> None:
        result = run("check")
        assert result.exit_code == 0
        assert result.output == "1 decisions, 1 hold, 0 do not.\n"

    def test_those_that_do_not_are_listed_and_it_fails(self, number: str, wrong: str) -> None:
        result = run("check", "--account", "A1001")
        assert result.exit_code == 1
        assert f"{shown(wrong)}  {ORDER}  amount: 280.00 -> 186.67" in result.output
        assert "2 decisions, 1 hold, 1 do not." in result.output
        assert run("check", "--since", "2026-11-24").exit_code == 0


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["check"]])
def test_a_database_that_does_not_answer_is_one_sentence_without_the_password(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", "postgresql://u:top-secret@127.0.0.1:1/orders")
    get_settings.cache_clear()
    result = run(*command)
    get_settings.cache_clear()
    assert result.exit_code == 1
    assert "REFUNDBOT_DATABASE_URL" in result.output
    assert "top-secret" not in result.output
