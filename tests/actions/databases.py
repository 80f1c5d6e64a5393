"""Real databases with the demo data, and the ways in which they stop working."""

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import event, text
from sqlalchemy.engine import Engine, make_url

from refundbot.db import make_engine

_numbers = itertools.count(1)


class Database(Protocol):
    """A database of one test. ``url`` is what the settings name; it may change on the way."""

    @property
    def url(self) -> str:
        """Address to connect to, opened by nobody yet."""

    def lose(self) -> None:
        """From now on the database is not there."""

    def read_only(self) -> Any:
        """Inside this context new connections can read and nothing else."""

    def held(self) -> Any:
        """Inside this context somebody holds the orders, and every reader waits."""


@dataclass
class Sqlite:
    """A SQLite file of this test's own."""

    path: Path

    @property
    def url(self) -> str:
        """Address of the file."""
        return f"sqlite:///{self.path}"

    def lose(self) -> None:
        """Put something else in the file's place."""
        self.path.write_bytes(b"this is no database" * 1000)

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Open every connection as one that may not write."""

        def query_only(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA query_only=ON")

        event.listen(Engine, "connect", query_only)
        try:
            yield
        finally:
            event.remove(Engine, "connect", query_only)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Lock the file as a process that writes it whole does."""
        holder = sqlite3.connect(self.path, isolation_level=None)
        holder.execute("PRAGMA locking_mode=EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            holder.close()


@dataclass
class Postgres:
    """The database of a server that is there for all tests, under a name of this test's own."""

    server: str
    _name: str = field(default_factory=lambda: f"test{next(_numbers)}")

    @property
    def url(self) -> str:
        """Address under this test's name, so that no connection of another test is used."""
        return f"{self.server}&application_name={self._name}"

    def lose(self) -> None:
        """Ask where no server is."""
        self.server = "postgresql+psycopg2://tester@/postgres?host=/nowhere"

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """As a standby is."""
        name = make_url(self.server).database
        self._do(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        try:
            yield
        finally:
            self._do(
                "SET default_transaction_read_only = off",
                f'ALTER DATABASE "{name}" SET default_transaction_read_only = off',
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Lock the orders as a change of their table does."""
        engine = make_engine(self.server)
        with engine.connect() as holder:
            holder.execute(text("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"))
            yield
            holder.rollback()
        engine.dispose()

    def _do(self, *statements: str) -> None:
        engine = make_engine(self.server)
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
                connection.commit()
        engine.dispose()
