"""Customers' orders: tables, demo data, import, and the source the answers are built from."""

from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError

from refundbot.db import make_engine, session_factory
from refundbot.orders.http import HttpOrderSource
from refundbot.orders.source import AccountRecord, OrderRecord, OrderSource, OrdersUnavailable
from refundbot.orders.sql import SqlOrderSource
from refundbot.settings import Settings, get_settings

__all__ = [
    "AccountRecord",
    "HttpOrderSource",
    "OrderRecord",
    "OrderSource",
    "OrdersUnavailable",
    "SqlOrderSource",
    "get_source",
]


@lru_cache(maxsize=4)
def _database(database_url: str) -> SqlOrderSource:
    try:
        return SqlOrderSource(session_factory(make_engine(database_url)))
    except (SQLAlchemyError, OSError) as error:
        raise OrdersUnavailable(f"no database: {type(error).__name__}") from error


@lru_cache(maxsize=4)
def _service(address: str, key: str) -> HttpOrderSource:
    return HttpOrderSource(address, key)


def get_source(settings: Settings | None = None) -> OrderSource:
    """The order source of these settings, this process's when None; one a process and address.

    ``REFUNDBOT_ORDERS_API`` chooses the service at that address, else the database is read.

    Raises:
        OrdersUnavailable: the address is none, or the database's folder cannot be made.
    """
    chosen = settings or get_settings()
    if chosen.orders_api:
        return _service(chosen.orders_api, chosen.orders_api_key)
    return _database(chosen.database_url)
