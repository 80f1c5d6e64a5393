"""The orders of a database as cases, for `refund-core backtest --cases ADDRESS`.

Installed as an entry point of `refund_core.case_sources`, because the rule core knows no database.
"""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from refund_core import RefundCase
from refund_core.case_files import CaseFileError
from refundbot.db import make_engine, session_factory
from refundbot.orders.source import OrdersUnavailable
from refundbot.orders.sql import SqlOrderSource


def read_cases(address: str) -> Iterator[RefundCase]:
    """Every order of every account, account by account; one account is held at a time.

    Args:
        address: any SQLAlchemy URL.

    Raises:
        refund_core.case_files.CaseFileError: the address is none, the database cannot be read or
            holds an order the rule core cannot use. The text never shows the password.
    """
    try:
        url = make_url(address)
        shown = url.render_as_string(hide_password=True)
    except (SQLAlchemyError, ValueError):
        raise CaseFileError("the address of the database is not one SQLAlchemy reads") from None
    if _is_missing_file(url):
        raise CaseFileError(f"{shown}: there is no such file")
    try:
        engine = make_engine(address)
    except (SQLAlchemyError, ImportError) as error:
        raise CaseFileError(f"{shown}: cannot be opened: {error}") from None
    source = SqlOrderSource(session_factory(engine))
    try:
        for account in source.list_accounts(demo=False):
            for order in source.list_orders(account.id):
                yield order.case
    except OrdersUnavailable as error:
        raise CaseFileError(f"{shown}: cannot be read: {error}") from None
    finally:
        engine.dispose()


def _is_missing_file(url: URL) -> bool:
    """A SQLite file that is not there; opening it would make an empty one."""
    in_memory = url.database in (None, "", ":memory:")
    return bool(
        url.get_backend_name() == "sqlite" and not in_memory and not Path(url.database).exists()
    )
