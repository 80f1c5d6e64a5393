"""The database's tables are exactly those the code declares."""

import io
import logging
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, MetaData, String, Table, inspect, text

from refundbot.db import make_engine, session_factory
from refundbot.orders import models
from refundbot.orders.migrate import alembic_config, target_metadata, upgrade


def differences(url: str, metadata: MetaData) -> list[object]:
    engine = make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, metadata)
    engine.dispose()
    return list(found)


def test_migrations_build_every_declared_table_and_nothing_else(migrated: Path) -> None:
    assert differences(f"sqlite:///{migrated}", target_metadata()) == []


def test_a_column_without_a_migration_is_noticed(database: Path) -> None:
    metadata = MetaData()
    for table in target_metadata().tables.values():
        table.to_metadata(metadata)
    metadata.tables["orders"].append_column(Column("forgotten", String(8)))
    Table("unmigrated", metadata, Column("id", String(8), primary_key=True))

    found = differences(f"sqlite:///{database}", metadata)

    assert sorted(change[0] for change in found) == ["add_column", "add_table"]  # type: ignore[index]


def test_upgrading_an_up_to_date_database_says_and_does_nothing(
    database: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    before = database.read_bytes()
    with caplog.at_level(logging.INFO):
        assert upgrade(f"sqlite:///{database}") is False
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert database.read_bytes() == before


def test_upgrading_an_empty_database_is_quiet_too(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert upgrade(f"sqlite:///{tmp_path / 'new folder' / 'new.db'}") is True
    assert capfd.readouterr() == ("", "")


def test_the_orders_can_be_taken_down_again(database: Path) -> None:
    url = f"sqlite:///{database}"
    command.downgrade(alembic_config(url), "base")
    engine = make_engine(url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    assert upgrade(url) is True


def test_an_upgrade_keeps_the_rows_that_are_there(database: Path) -> None:
    url = f"sqlite:///{database}"
    command.downgrade(alembic_config(url), "0001")
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO accounts (id, name, kind, vendor, site, frozen, risk_flagged) "
                "VALUES ('K1', '旧客户', 'person', 'baidu', 'cn', 0, 0)"
            )
        )

    upgrade(url)

    with session_factory(engine)() as session:
        account = session.get(models.Account, "K1")
        assert (account.name, account.facts) == ("旧客户", {})
    engine.dispose()


def orders_tables() -> list[str]:
    return [
        mapper.class_.__tablename__
        for mapper in models.Base.registry.mappers
        if mapper.class_.__module__ == models.__name__
    ]


def test_the_migrations_can_be_written_for_postgresql() -> None:
    config = alembic_config("postgresql://reader:p%40ss@db.example/orders")
    config.output_buffer = io.StringIO()
    command.upgrade(config, "head", sql=True)
    sql = config.output_buffer.getvalue()
    assert "CREATE TABLE orders" in sql
    assert "amount BIGINT NOT NULL" in sql
    assert "ALTER TABLE resources ADD COLUMN facts JSON DEFAULT '{}' NOT NULL" in sql
    assert "demo BOOLEAN DEFAULT false NOT NULL" in sql


@pytest.mark.parametrize("table", orders_tables())
def test_every_table_can_be_read_by_account_without_a_scan(table: str) -> None:
    declared = target_metadata().tables[table]
    first_columns = {next(iter(index.columns)).name for index in declared.indexes}
    first_columns.add(next(iter(declared.primary_key.columns)).name)
    assert first_columns & {"account_id", "order_id"} or table == "accounts"
