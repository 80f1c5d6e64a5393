"""Alembic's entry: one database, named by the caller or by REFUNDBOT_DATABASE_URL."""

from typing import Any

from alembic import context

from refundbot.db import Instant, Money, make_engine
from refundbot.orders.migrate import target_metadata
from refundbot.settings import get_settings

metadata = target_metadata()
url = context.config.attributes.get("url") or get_settings().database_url


def _owned(thing: Any, _name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Ours alone: tables other programs (Rasa's trackers) keep in the same database are not."""
    return not (kind == "table" and reflected and compare_to is None)


def _render(kind: str, thing: Any, _context: Any) -> str | bool:
    """Write plain column types, so that an old migration needs none of our modules."""
    if kind == "type" and isinstance(thing, Money):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime()"
    return False


OPTIONS: dict[str, Any] = {
    "target_metadata": metadata,
    "include_object": _owned,
    "render_item": _render,
    "compare_type": True,
    "compare_server_default": False,
    # SQLite cannot alter a column: batch mode copies the table instead.
    "render_as_batch": True,
}


def run_offline() -> None:
    context.configure(url=url, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # Batch mode drops the old table; its children must survive that.
                connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                connection.commit()
            context.configure(connection=connection, **OPTIONS)
            with context.begin_transaction():
                context.run_migrations()
            # Alembic leaves a transaction it did not begin to its caller.
            connection.commit()
    finally:
        engine.dispose()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
