"""What customers may see of the orders, and what happens when the orders cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text, update
from sqlalchemy.exc import IntegrityError

from refundbot import orders
from refundbot.clock import parse_instant
from refundbot.db import Money, make_engine, session_factory
from refundbot.orders import OrdersUnavailable, SqlOrderSource, get_source
from refundbot.orders.demo import load_demo
from refundbot.orders.models import Order, Resource
from refundbot.orders.store import store
from refundbot.settings import get_settings
from tests.orders.documents import NOW, Sessions, document, order


@pytest.fixture
def demo(sessions: Sessions) -> None:
    load_demo(sessions, NOW)


@contextmanager
def counted(sessions: Sessions) -> Iterator[list[str]]:
    statements: list[str] = []
    with sessions() as session:
        engine = session.get_bind()

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("demo")
class TestOwnership:
    def test_the_owner_finds_the_order_and_nobody_else_does(self, source: SqlOrderSource) -> None:
        found = source.get_order("A1001", "BD20261114001")
        assert found is not None
        assert found.account_id == "A1001"
        assert source.get_order("A1002", "BD20261114001") is None
        assert source.get_order("", "BD20261114001") is None

    def test_a_list_holds_only_orders_of_that_account(self, source: SqlOrderSource) -> None:
        for account in source.list_accounts():
            for record in source.list_orders(account.id):
                assert record.account_id == account.id
                assert record.case.account.id == account.id

    def test_every_statement_that_reads_orders_names_the_account(
        self, source: SqlOrderSource, sessions: Sessions
    ) -> None:
        with counted(sessions) as statements:
            source.list_orders("A1004")
            source.get_order("A1004", "BD20261103402")
        reading = [s for s in statements if "FROM orders" in s]
        assert len(reading) >= 3
        assert all("orders.account_id = ?" in statement for statement in reading)

    def test_a_resource_of_the_same_name_in_another_account_is_not_mixed_in(
        self, source: SqlOrderSource, sessions: Sessions
    ) -> None:
        with sessions() as session, session.begin():
            data = document(order(resource={"id": "i-lin-web", "status": "expired"}))
            store(session, data)
        mine = source.get_order("A1001", "BD20261114001")
        theirs = source.get_order("B1", "BD1")
        assert mine is not None
        assert theirs is not None
        assert mine.resource_status == "running"
        assert theirs.resource_status == "expired"
        assert mine.case.related_orders == theirs.case.related_orders == ()

    def test_an_order_cannot_point_at_another_accounts_resource(self, sessions: Sessions) -> None:
        theft = update(Order).where(Order.account_id == "A1002").values(resource_id="i-lin-web")
        with sessions() as session, pytest.raises(IntegrityError):
            session.execute(theft)

    @pytest.mark.parametrize(
        "order_id",
        ["", " ", "%", "BD2026111400_", "' OR 1=1 --", "BD\x0020261114001", "\ud800", "x" * 5000],
    )
    def test_odd_order_numbers_find_nothing(self, source: SqlOrderSource, order_id: str) -> None:
        assert source.get_order("A1001", order_id) is None

    def test_small_letters_in_an_order_number_do_not_matter(self, source: SqlOrderSource) -> None:
        found = source.get_order("A1001", " bd20261114001 ")
        assert found is not None
        assert found.id == "BD20261114001"


@pytest.mark.usefixtures("demo")
class TestRecords:
    def test_orders_come_newest_first(self, source: SqlOrderSource) -> None:
        instants = [record.purchased_at for record in source.list_orders("A1004")]
        assert len(instants) >= 12
        assert instants == sorted(instants, reverse=True)

    def test_the_number_of_queries_does_not_grow_with_the_orders(
        self, source: SqlOrderSource, sessions: Sessions
    ) -> None:
        with counted(sessions) as one:
            assert len(source.list_orders("A1002")) == 1
        with counted(sessions) as many:
            assert len(source.list_orders("A1004")) > 12
        assert len(many) == len(one) <= 6

    def test_paid_leaves_the_voucher_out(self, source: SqlOrderSource) -> None:
        record = source.get_order("A1001", "BD20261114001")
        assert record is not None
        assert (record.amount, record.paid) == (Decimal("300.00"), Decimal("280.00"))
        assert (record.cash, record.voucher) == (Decimal("280.00"), Decimal("20.00"))
        assert record.term == "1 个月"
        assert record.purchased_at == parse_instant("2026-11-14T10:20:00+08:00")
        assert record.purchased_at.utcoffset() == NOW.utcoffset()
        assert record.ends_at == parse_instant("2026-12-14T10:20:00+08:00")

    def test_one_order_and_the_list_give_the_same_record(self, source: SqlOrderSource) -> None:
        for record in source.list_orders("A1004"):
            assert source.get_order("A1004", record.id) == record

    def test_renewals_and_upgrades_of_one_resource_know_each_other(
        self, source: SqlOrderSource
    ) -> None:
        records = {record.id[-3:]: record for record in source.list_orders("A1004")}
        related = records["405"].case.related_orders
        assert [other.id[-3:] for other in related] == ["404", "406"]
        assert [other.kind for other in related] == ["new", "upgrade"]

    def test_past_refunds_and_unfinished_orders_reach_the_case(
        self, source: SqlOrderSource
    ) -> None:
        risky = source.list_orders("A1006")[0].case
        assert risky.history is not None
        assert [refund.count for refund in risky.history.refunds] == [2, 1]
        records = {record.id[-3:]: record for record in source.list_orders("A1004")}
        unfinished = records["407"].case.resource.unfinished_orders
        assert [other.kind for other in unfinished] == ["renewal"]

    def test_an_account_can_be_looked_up(self, source: SqlOrderSource) -> None:
        account = source.get_account("A1003")
        assert account is not None
        assert (account.name, account.vendor) == ("上海云杉数据有限公司", "baidu")
        assert source.get_account("A9999") is None
        assert source.list_orders("A9999") == []


class TestOutage:
    def test_a_database_without_tables_is_an_outage(self, tmp_path: Path) -> None:
        engine = make_engine(f"sqlite:///{tmp_path / 'none.db'}")
        down = SqlOrderSource(session_factory(engine))
        with pytest.raises(OrdersUnavailable):
            down.list_orders("A1001")
        with pytest.raises(OrdersUnavailable):
            down.get_order("A1001", "BD1")
        with pytest.raises(OrdersUnavailable):
            down.get_account("A1001")
        engine.dispose()

    def test_a_server_that_refuses_connections_is_an_outage(self) -> None:
        down = SqlOrderSource(session_factory(make_engine("postgresql://u:pass@127.0.0.1:1/x")))
        with pytest.raises(OrdersUnavailable) as caught:
            down.list_orders("A1001")
        assert "pass" not in str(caught.value)

    def test_a_damaged_file_is_an_outage(self, tmp_path: Path) -> None:
        file = tmp_path / "damaged.db"
        file.write_bytes(b"this is not a database" * 100)
        with pytest.raises(OrdersUnavailable):
            SqlOrderSource(session_factory(make_engine(f"sqlite:///{file}"))).get_account("A1001")

    def test_facts_the_rule_core_cannot_read_are_an_outage_not_a_missing_order(
        self, source: SqlOrderSource, sessions: Sessions
    ) -> None:
        with sessions() as session, session.begin():
            store(session, document(order()))
            session.execute(update(Resource).values(status="on fire"))
        with pytest.raises(OrdersUnavailable, match=r"resource\.status"):
            source.get_order("B1", "BD1")
        with pytest.raises(OrdersUnavailable):
            source.list_orders("B1")

    def test_it_works_again_when_the_database_is_back(
        self, source: SqlOrderSource, sessions: Sessions
    ) -> None:
        with sessions() as session, session.begin():
            session.execute(text("ALTER TABLE accounts RENAME TO gone"))
        with pytest.raises(OrdersUnavailable):
            source.get_account("B1")
        with sessions() as session, session.begin():
            session.execute(text("ALTER TABLE gone RENAME TO accounts"))
            store(session, document(order()))
        assert source.get_account("B1") is not None


class TestMoney:
    @pytest.mark.parametrize(
        "amount", ["0.01", "0.10", "33.33", "1234567890.12", "999999999999.99"]
    )
    def test_amounts_come_back_to_the_fen(
        self, source: SqlOrderSource, sessions: Sessions, amount: str
    ) -> None:
        with sessions() as session, session.begin():
            store(session, document(order(amount=amount, payments={"cash": amount})))
        record = source.get_order("B1", "BD1")
        assert record is not None
        assert str(record.amount) == str(record.cash) == str(record.paid) == amount

    @given(st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2))
    def test_any_amount_survives_the_column_type(self, amount: Decimal) -> None:
        column = Money()
        assert column.process_result_value(column.process_bind_param(amount, None), None) == amount

    def test_parts_of_a_fen_are_refused(self) -> None:
        with pytest.raises(ValueError, match="fraction of a fen"):
            Money().process_bind_param(Decimal("0.005"), None)


def test_the_source_follows_the_settings(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{database}")
    get_settings.cache_clear()
    try:
        first = get_source()
        assert first is get_source()
        assert isinstance(first, SqlOrderSource)
        assert first.list_orders("A1001") == []
        monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{database}.other")
        get_settings.cache_clear()
        assert orders.get_source() is not first
    finally:
        get_settings.cache_clear()


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////dev/null/folder/orders.db"])
def test_an_address_that_cannot_work_is_an_outage(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", url)
    get_settings.cache_clear()
    try:
        with pytest.raises(OrdersUnavailable):
            get_source()
    finally:
        get_settings.cache_clear()
