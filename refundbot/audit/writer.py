"""Store decisions from inside an answer: the answer never fails and hardly waits for it."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from refund_core import Decision, RefundCase
from refundbot import clock
from refundbot.audit import store
from refundbot.db import make_engine, session_factory
from refundbot.settings import get_settings

logger = logging.getLogger(__name__)

# Seconds an answer waits for its decision to be stored; a busy database may take longer.
PATIENCE = 0.25
# Decisions that may wait for a database that hangs, about 15 kB each.
CAPACITY = 500


class Writer:
    """Writes decisions one after the other in a thread of its own.

    Normally a decision is stored before the answer goes out. While the database is busy the
    answer goes out first; what is waiting is still written, at the end of the process too.
    """

    def __init__(
        self,
        sessions: Callable[[], Session],
        patience: float = PATIENCE,
        capacity: int = CAPACITY,
    ) -> None:
        self._sessions = sessions
        self._patience = patience
        self._room = threading.BoundedSemaphore(capacity)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="audit")

    def remember(
        self,
        decision: Decision,
        case: RefundCase,
        *,
        account: str,
        conversation: str,
        created_at: datetime,
    ) -> str | None:
        """Store a decision; arguments as `refundbot.audit.store.record`.

        Returns:
            Its number; None when it is known not to be stored, which is in the log then.
        """
        try:
            row = store.entry(
                decision, case, account=account, conversation=conversation, created_at=created_at
            )
        except Exception:
            logger.exception("a decision on order %s has no record", decision.order_id)
            return None
        number: str = row["id"]
        if not self._room.acquire(blocking=False):
            logger.error("decision %s is not stored: too many are waiting; %s", number, _gist(row))
            return None
        try:
            stored = self._thread.submit(self._store, row).result(self._patience)
        except FutureTimeoutError:
            logger.warning("decision %s is still being stored", number)
            return number
        return number if stored else None

    def numbers_told(self, *, account: str, conversation: str) -> dict[str, str]:
        """As `refundbot.audit.store.numbers_told`, what is still being written included."""
        query = self._thread.submit(
            store.numbers_told, self._sessions, account=account, conversation=conversation
        )
        return query.result(self._patience)

    def _store(self, row: dict[str, Any]) -> bool:
        try:
            store.add(self._sessions, row)
            return True
        except Exception:
            # Whatever it is, the customer has the answer; the operator gets what was lost.
            logger.exception("decision %s is not stored; %s", row["id"], _gist(row))
            return False
        finally:
            self._room.release()

    def close(self) -> None:
        """Write what is waiting, then stop."""
        self._thread.shutdown(wait=True)


def _gist(row: dict[str, Any]) -> str:
    """What the log must keep of a decision that is not stored."""
    names = ("account_id", "order_id", "outcome", "amount", "policy_id", "policy_version")
    told = " ".join(f"{name}={row[name]}" for name in names)
    return f"{told} as_of={row['as_of'].isoformat()}"


@lru_cache(maxsize=4)
def _writer(database_url: str) -> Writer:
    engine = make_engine(database_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_waiting_for_the_disk)
        # Whoever closes a SQLite file last folds its write-ahead log back, which waits for the
        # disk: with this connection open, that is not each session of ours.
        _held_open.append(engine.connect())
    return Writer(session_factory(engine))


_held_open: list[Any] = []


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """Commit to SQLite's write-ahead log without waiting for the disk: 1 ms instead of 20.

    A crash of the process loses nothing; a power failure may lose the decisions of the last
    moments, never the file.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def remember(
    decision: Decision, case: RefundCase, *, account: str, conversation: str
) -> str | None:
    """Store a decision told to a customer, in the database of the settings, as of the one clock.

    Never raises, and waits a quarter of a second at most: for use inside an answer.

    Args:
        decision: what is told.
        case: the facts it was decided on.
        account: verified account it is told to.
        conversation: conversation it is told in.

    Returns:
        The decision's number (`refundbot.audit.numbers.shown` writes it for people), or None
        when it could not be stored, which is in the log then.
    """
    try:
        writer = _writer(get_settings().database_url)
        return writer.remember(
            decision, case, account=account, conversation=conversation, created_at=clock.now()
        )
    except Exception:
        logger.exception("a decision on order %s is not stored", decision.order_id)
        return None


def numbers_told(*, account: str, conversation: str) -> dict[str, str]:
    """Numbers of the latest decisions told in a conversation, by order id; empty when unreadable.

    Never raises, and waits a quarter of a second at most: for use inside an answer.

    Args:
        account: verified account they were told to.
        conversation: conversation they were told in.
    """
    try:
        writer = _writer(get_settings().database_url)
        return writer.numbers_told(account=account, conversation=conversation)
    except Exception:
        logger.exception("the decisions of %s cannot be named", conversation)
        return {}
