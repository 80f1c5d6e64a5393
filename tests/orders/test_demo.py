"""The demo data shows what it says it shows, on any day."""

from datetime import timedelta

import pytest
from sqlalchemy import func, inspect, select

from refundbot.clock import parse_instant
from refundbot.orders import SqlOrderSource
from refundbot.orders.checks import conflict_problems, order_problems, repeated_problems
from refundbot.orders.demo import DemoError, demo_document, demo_orders, load_demo
from refundbot.orders.demo_dates import resolve
from refundbot.orders.models import Base, Order
from refundbot.orders.schema import schema_problems
from refundbot.orders.store import store
from tests.orders.documents import NOW, Sessions, document, order

CLOCKS = [
    "2026-11-23T10:00:00+08:00",
    "2027-03-01T00:00:00+08:00",
    "2028-02-29T23:59:59+08:00",
    "2027-12-31T16:30:00+00:00",
]


def rows(sessions: Sessions) -> dict[str, list[tuple[object, ...]]]:
    with sessions() as session:
        tables = inspect(session.get_bind()).get_table_names()
        return {
            name: sorted(session.execute(select(Base.metadata.tables[name])).all(), key=repr)
            for name in tables
            if name in Base.metadata.tables
        }


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_demo_data_is_a_valid_import(clock: str) -> None:
    now = parse_instant(clock)
    data = demo_document(now)
    assert list(schema_problems(data)) == []
    assert [p for given in data["orders"] for p in order_problems(given, now)] == []
    assert list(repeated_problems(data)) == []
    assert list(conflict_problems(data)) == []


@pytest.mark.parametrize("clock", CLOCKS)
def test_every_order_is_readable_by_its_owner(
    sessions: Sessions, source: SqlOrderSource, clock: str
) -> None:
    now = parse_instant(clock)
    load_demo(sessions, now)
    for demo in demo_orders(now):
        record = source.get_order(demo.account_id, demo.id)
        assert record is not None
        prefix = {"aliyun": "AL", "tencent": "TX", "huawei": "HW"}.get(record.vendor, "BD")
        assert record.id.startswith(f"{prefix}{record.purchased_at:%Y%m%d}")
        assert record.purchased_at <= now


def test_there_is_enough_to_show() -> None:
    orders = demo_orders(NOW)
    assert len(orders) >= 35
    assert len({demo.shows for demo in orders}) == len(orders)
    by_account = [demo.account_id for demo in orders]
    assert by_account.count("A1002") == 1
    assert by_account.count("A1004") >= 12
    assert by_account.count("A1005") == 0


def test_loading_again_changes_nothing(sessions: Sessions) -> None:
    load_demo(sessions, NOW)
    first = rows(sessions)
    assert load_demo(sessions, NOW) == len(demo_orders(NOW))
    again = rows(sessions)
    # The only generated keys; everything else has an id of its own.
    for state in (first, again):
        state["past_refunds"] = [row[1:] for row in state["past_refunds"]]
    assert again == first


def test_a_later_day_leaves_no_order_of_the_earlier_one(
    sessions: Sessions, source: SqlOrderSource
) -> None:
    load_demo(sessions, NOW)
    load_demo(sessions, NOW + timedelta(days=1))
    assert source.get_order("A1001", "BD20261114001") is None
    assert source.get_order("A1001", "BD20261115001") is not None
    with sessions() as session:
        count = session.scalar(select(func.count()).select_from(Order))
    assert count == len(demo_orders(NOW))


def test_real_orders_stay(sessions: Sessions, source: SqlOrderSource) -> None:
    load_demo(sessions, NOW)
    with sessions() as session, session.begin():
        store(session, document(order()))
        kept = order(id="MINE1", account="A1002", resource={"id": "rds-chen", "status": "running"})
        store(session, {"orders": [kept]})
    load_demo(sessions, NOW + timedelta(days=3))
    assert source.get_order("B1", "BD1") is not None
    assert source.get_order("A1002", "MINE1") is not None
    assert len(source.list_orders("A1002")) == 2


def test_a_real_account_with_a_demo_id_is_not_touched(
    sessions: Sessions, source: SqlOrderSource
) -> None:
    with sessions() as session, session.begin():
        store(session, {"accounts": [{"id": "A1003", "name": "真实客户"}], "orders": []})
    with pytest.raises(DemoError, match="A1003"):
        load_demo(sessions, NOW)
    account = source.get_account("A1003")
    assert account is not None
    assert account.name == "真实客户"
    assert source.get_account("A1001") is None


def test_the_first_account_is_the_one_of_the_model_conversations(
    sessions: Sessions, source: SqlOrderSource
) -> None:
    load_demo(sessions, NOW)
    facts = {
        record.id: (record.product_name, f"{record.purchased_at:%m-%d %H:%M}", str(record.paid))
        for record in source.list_orders("A1001")
    }
    assert facts["BD20261114001"] == ("云服务器 BCC", "11-14 10:20", "280.00")
    assert facts["BD20261120002"] == ("对象存储存储包", "11-20 14:05", "99.00")
    assert facts["BD20261118003"] == ("CDN 流量包", "11-18 15:30", "50.00")
    old = source.get_order("A1001", "BD20260901007")
    assert old is not None
    assert old.ends_at == parse_instant("2026-10-01T10:00:00+08:00")
    assert old.promotion == "双十一爆款"


class TestDates:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("-9d 10:20", "2026-11-14T10:20"),
            ("-0d 00:00", "2026-11-23T00:00"),
            ("now", "2026-11-23T10:00"),
            ("now -37 minutes", "2026-11-23T09:23"),
            ("now -7 days -1 minute", "2026-11-16T09:59"),
            ("-83d 10:00 +1 month", "2026-10-01T10:00"),
            ("start +1 month", "2027-02-28T08:00"),
            ("start -1 year", "2026-01-31T08:00"),
        ],
    )
    def test_what_the_notation_means(self, text: str, expected: str) -> None:
        known = {"start": parse_instant("2027-01-31T08:00")}
        assert resolve(text, NOW, known) == parse_instant(expected)

    def test_the_day_is_the_day_in_beijing(self) -> None:
        late = parse_instant("2026-11-22T17:00:00+00:00")
        assert resolve("-1d 10:00", late, {}) == parse_instant("2026-11-22T10:00:00+08:00")

    @pytest.mark.parametrize("text", ["", "yesterday", "-9d 24:00", "+9d", "now +1", "2026-11-14"])
    def test_anything_else_is_an_error(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"demo data|begins with none"):
            resolve(text, NOW, {})
