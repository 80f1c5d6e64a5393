"""Real orders go into a back-test straight from their database."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from refund_core.case_files import CaseFileError, read_source
from refund_core.cli import main
from refundbot.db import make_engine, session_factory
from refundbot.orders import SqlOrderSource
from refundbot.orders.case_source import read_cases
from refundbot.orders.demo import demo_orders, load_demo
from refundbot.orders.models import Order
from tests.orders.documents import NOW, Sessions, document, order
from tests.orders.importer import Importer

POLICY = "baidu-unsubscribe@2025-08-21"


def address_of(database: Path) -> str:
    return f"sqlite:///{database}"


def backtest(address: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(
        main,
        ["backtest", "--from", POLICY, "--to", POLICY, "--cases", address, "--as-of",
         NOW.isoformat()],
    )  # fmt: skip
    return result.exit_code, result.stdout, result.stderr


def test_every_order_of_every_account_becomes_the_case_its_owner_is_answered_from(
    sessions: Sessions, source: SqlOrderSource, database: Path
) -> None:
    load_demo(sessions, NOW)
    cases = {case.order.id: case for case in read_cases(address_of(database))}
    assert set(cases) == {demo.id for demo in demo_orders(NOW)}
    for demo in demo_orders(NOW):
        record = source.get_order(demo.account_id, demo.id)
        assert record is not None
        assert cases[demo.id] == record.case


def test_accounts_that_are_no_demo_are_read_too(importer: Importer, database: Path) -> None:
    importer(
        document(order(id="BD1"), order(id="BD2", resource={"id": "i-2", "status": "running"}))
    )
    assert sorted(case.order.id for case in read_cases(address_of(database))) == ["BD1", "BD2"]


def test_cases_come_one_account_at_a_time(
    sessions: Sessions, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_demo(sessions, NOW)
    asked: list[str] = []
    list_orders = SqlOrderSource.list_orders

    def noted(self: SqlOrderSource, account_id: str) -> object:
        asked.append(account_id)
        return list_orders(self, account_id)

    monkeypatch.setattr(SqlOrderSource, "list_orders", noted)
    first = next(read_cases(address_of(database)))
    assert asked == [first.account.id]


def test_the_command_takes_the_address(sessions: Sessions, database: Path) -> None:
    load_demo(sessions, NOW)
    code, shown, told = backtest(address_of(database))
    assert code == 0, told
    assert f"{len(demo_orders(NOW))} 个订单，0 个有变化" in shown


def test_a_database_without_orders_has_no_case(database: Path) -> None:
    assert list(read_source(address_of(database))) == []


def test_a_file_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    code, _, told = backtest(address_of(tmp_path / "typo.db"))
    assert code == 2
    assert "typo.db: there is no such file" in told
    assert not (tmp_path / "typo.db").exists()


def test_a_database_without_our_tables_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.db").touch()
    code, _, told = backtest(address_of(tmp_path / "other.db"))
    assert code == 2
    assert "other.db: cannot be read: accounts: OperationalError" in told


def test_an_order_the_rules_cannot_read_stops_the_back_test(
    importer: Importer, database: Path
) -> None:
    importer(document(order()))
    engine = make_engine(address_of(database))
    with session_factory(engine)() as session:
        session.get(Order, "BD1").billing_mode = "barter"
        session.commit()
    engine.dispose()
    with pytest.raises(CaseFileError, match=r"orders of B1: unusable facts at order\.billing_mode"):
        list(read_cases(address_of(database)))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nonsense://user:s3cret@host/db", "cannot be opened"),
        ("://", "is not one SQLAlchemy reads"),
    ],
)
def test_a_bad_address_is_refused_without_showing_the_password(address: str, told: str) -> None:
    with pytest.raises(CaseFileError) as caught:
        list(read_cases(address))
    assert told in str(caught.value)
    assert "s3cret" not in str(caught.value)
