"""Database plumbing shared by every table of ours: engine, sessions, money and instants.

Written in SQLAlchemy 2.0 style so that the same code runs on 1.4 (Rasa's limit) and 2.x.
"""

from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, DateTime, create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.types import TypeDecorator

from refundbot.clock import SHANGHAI

# Declarative base of all tables; its metadata is what Alembic compares against.
Base: Any = declarative_base()


class Money(TypeDecorator[Decimal]):
    """An amount of yuan, kept as an integer number of fen so no database can round it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        """Decimal yuan to integer fen; ValueError when there are parts of a fen."""
        if value is None:
            return None
        fen = Decimal(value) * 100
        if fen != fen.to_integral_value():
            raise ValueError(f"{value} yuan has a fraction of a fen; money is kept to the fen")
        return int(fen)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        """Integer fen to Decimal yuan with two places."""
        return None if value is None else Decimal(value).scaleb(-2)


class Instant(TypeDecorator[datetime]):
    """A timezone-aware instant: UTC in the database, Asia/Shanghai in Python."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Aware datetime to naive UTC; ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; instants must be aware")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Naive UTC from the database to Asia/Shanghai."""
        return None if value is None else value.replace(tzinfo=timezone.utc).astimezone(SHANGHAI)


def make_engine(url: str) -> Engine:
    """Open an engine for any SQLAlchemy URL.

    A lock is waited for 2 seconds, and so is a PostgreSQL server that does not answer: a stuck
    writer becomes an error the customer is told about. A SQLite file's folder is created; SQLite
    gets foreign keys and write-ahead logging.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, future=True, pool_pre_ping=True, connect_args=_limits(parsed))
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # 1.4 opens a file anew for each session; the last to close then folds the write-ahead log
    # back, 20 ms each time. A pool keeps one open. In memory, one connection is the database.
    in_memory = parsed.database in (None, "", ":memory:")
    engine = create_engine(
        url,
        future=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"timeout": 2, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    return engine


def _limits(url: URL) -> dict[str, Any]:
    """Time limits of a PostgreSQL connection, unless the address sets options of its own."""
    if url.get_backend_name() != "postgresql" or "options" in url.query:
        return {}
    return {"connect_timeout": 2, "options": "-c lock_timeout=2s"}


def session_factory(engine: Engine) -> Callable[[], Session]:
    """A factory of sessions on ``engine``; use each as a context manager."""
    return sessionmaker(engine, future=True, expire_on_commit=False)
