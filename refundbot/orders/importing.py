"""Import a file of orders: checked line by line, then all of it or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path as FilePath
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from refund_core import CaseError
from refundbot.orders.checks import (
    Problems,
    account_problems,
    conflict_problems,
    order_problems,
    repeated_problems,
)
from refundbot.orders.documents import Document, ImportRejected, Path, Problem, decode
from refundbot.orders.models import Account, Order
from refundbot.orders.reading_csv import read_csv
from refundbot.orders.reading_json import read_json
from refundbot.orders.schema import schema_problems, show
from refundbot.orders.sql import read_orders
from refundbot.orders.store import store

# Databases limit the parameters of one query; SQLite's oldest limit is 999.
_CHUNK = 500


@dataclass(frozen=True)
class Imported:
    """What an import wrote; ``replaced`` of the ``orders`` existed before."""

    accounts: int
    orders: int
    replaced: int


def read_document(path: FilePath) -> Document:
    """Read a ``.json`` or ``.csv`` file.

    Raises:
        ImportRejected: unknown ending, not UTF-8, or not JSON/CSV.
        OSError: the file cannot be read.
    """
    readers: dict[str, Callable[[str], Document]] = {".json": read_json, ".csv": read_csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        message = f"a file ending {path.suffix or '(none)'}; use .json or .csv"
        raise ImportRejected([Problem(1, "", message)])
    text = decode(path.read_bytes())
    if not text.strip():
        raise ImportRejected([Problem(1, "", "the file is empty")])
    return reader(text)


def import_document(
    sessions: Callable[[], Session], document: Document, now: datetime, *, replace: bool = False
) -> Imported:
    """Validate a document and write it in one transaction.

    Args:
        sessions: factory of sessions on the orders database.
        document: what `read_document` gave.
        now: current instant; an order bought later is an error.
        replace: orders that exist may be replaced; otherwise that is an error.

    Raises:
        ImportRejected: anything is wrong; nothing was written.
        sqlalchemy.exc.SQLAlchemyError: the database failed; nothing was written.
    """
    _reject(document, schema_problems(document.data))
    data: dict[str, Any] = document.data
    _reject(document, _content_problems(data, now))
    with sessions() as session, session.begin():
        existing = _existing(session, data)
        _reject(document, _database_problems(session, data, existing, replace))
        for ids in _chunks(row.id for row in existing.values()):
            session.execute(delete(Order).where(Order.id.in_(ids)))
        session.expunge_all()
        try:
            store(session, data)
        except IntegrityError as error:
            message = f"the database refuses: {error.orig}"
            raise ImportRejected([Problem(1, "", message)]) from None
        _reject(document, _case_problems(session, data))
    return Imported(len(data.get("accounts", [])), len(data["orders"]), len(existing))


def _reject(document: Document, found: Problems) -> None:
    problems = [document.problem(path, message) for path, message in found]
    if problems:
        raise ImportRejected(sorted(problems, key=lambda problem: problem.line))


def _content_problems(data: dict[str, Any], now: datetime) -> Problems:
    for number, account in enumerate(data.get("accounts", [])):
        for path, message in account_problems(account):
            yield ("accounts", number, *path), message
    for number, order in enumerate(data["orders"]):
        for path, message in order_problems(order, now):
            yield ("orders", number, *path), message
    yield from repeated_problems(data)
    yield from conflict_problems(data)


def _chunks(values: Iterable[str]) -> Iterable[list[str]]:
    items = list(values)
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def _existing(session: Session, data: dict[str, Any]) -> dict[str, Order]:
    """The document's orders that are in the database, by id in capitals."""
    found: dict[str, Order] = {}
    for ids in _chunks(order["id"].upper() for order in data["orders"]):
        rows = session.scalars(select(Order).where(func.upper(Order.id).in_(ids)))
        found.update({row.id.upper(): row for row in rows})
    return found


def _database_problems(
    session: Session, data: dict[str, Any], existing: dict[str, Order], replace: bool
) -> Problems:
    accounts = {account["id"] for account in data.get("accounts", [])}
    for ids in _chunks({order["account"] for order in data["orders"]} - accounts):
        accounts.update(session.scalars(select(Account.id).where(Account.id.in_(ids))))
    for number, order in enumerate(data["orders"]):
        path: Path = ("orders", number)
        if order["account"] not in accounts:
            message = (
                f"there is no account {show(order['account'])}; name it in the file as well "
                "(accounts in JSON, account_name in CSV)"
            )
            yield (*path, "account"), message
        here = existing.get(order["id"].upper())
        if here is not None and here.account_id != order["account"]:
            yield (*path, "id"), f"{show(order['id'])} is another account's order"
        elif here is not None and not replace:
            message = f"{show(order['id'])} is already here; import with --replace to replace it"
            yield (*path, "id"), message


def _case_problems(session: Session, data: dict[str, Any]) -> Problems:
    """Orders whose stored rows the rule core cannot read."""
    first = {
        order["account"]: number for number, order in reversed(list(enumerate(data["orders"])))
    }
    for account, number in first.items():
        try:
            read_orders(session, account)
        except CaseError as error:
            yield ("orders", number), f"account {account}: {error}"
