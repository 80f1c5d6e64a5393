"""Customers' orders: tables, demo data, import, and the source the answers are built from."""

from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError

from refundbot.db import make_engine, session_factory
from refundbot.orders.source import AccountRecord, OrderRecord, OrderSource, OrdersUnavailable
from refundbot.orders.sql import SqlOrderSource
from refundbot.settings import get_settings

__all__ = [
    "AccountRecord",
    "OrderRecord",
    "OrderSource",
    "OrdersUnavailable",
    "SqlOrderSource",
    "get_source",
]


@lru_cache(maxsize=4)
def _source(database_url: str) -> SqlOrderSource:
    try:
        return SqlOrderSource(session_factory(make_engine(database_url)))
    except (SQLAlchemyError, OSError) as error:
        raise OrdersUnavailable(f"no database: {type(error).__name__}") from error


def get_source() -> SqlOrderSource:
    """The order source of this deployment's settings; one engine per process and database.

    Raises:
        OrdersUnavailable: the address is none, or the database's folder cannot be made.
    """
    return _source(get_settings().database_url)
