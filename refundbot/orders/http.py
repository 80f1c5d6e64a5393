"""Orders kept by another service, asked over HTTP; `openapi.yaml` is the contract."""

import logging
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from refund_core import CaseError, RefundCase
from refundbot.orders.http_contract import ContractBroken, Part, check
from refundbot.orders.http_records import record_of
from refundbot.orders.http_transport import Deadline, Limits, Transport
from refundbot.orders.source import AccountRecord, OrderRecord, OrdersUnavailable

logger = logging.getLogger(__name__)

# What the contract allows as ids. Anything else names nothing, and "..", "/" or "?" would ask
# the service something else.
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:+-]{0,127}")
_ORDER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class HttpOrderSource:
    """`OrderSource` over a service that keeps the contract in `openapi.yaml`.

    An answer is used whole or not at all: what breaks the contract, or holds one row of another
    account, is `OrdersUnavailable`.

    Args:
        base_url: the service's address, such as ``https://orders.example.com/v1``.
        key: sent as bearer token.
        limits: how long and how often to ask.
        clock: monotonic seconds.
        sleep: how to pause between two attempts.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._transport = Transport(base_url, key, self._limits, clock, sleep)

    def get_account(self, account_id: str) -> AccountRecord | None:
        """The account, or None. No account of a service is a demo account."""
        if not _ACCOUNT_ID.fullmatch(account_id):
            return None
        data = self._ask(_path(account_id), "CustomerAccount", self._transport.deadline())
        if data is None:
            return None
        _only_of(account_id, [data["id"]])
        return AccountRecord(
            id=data["id"],
            name=data["name"],
            kind=data.get("kind", "person"),
            vendor=data["vendor"],
            site=data.get("site", "cn"),
            demo=False,
        )

    def list_orders(self, account_id: str) -> list[OrderRecord]:
        """All orders of the account, newest purchase first."""
        if not _ACCOUNT_ID.fullmatch(account_id):
            return []
        rows = self._all_pages(account_id)
        _only_of(account_id, [row["account"]["id"] for row in rows])
        records = [record_of(_case(row)) for row in rows]
        if len({record.id.upper() for record in records}) < len(records):
            raise OrdersUnavailable(f"orders of {account_id}: one of them comes twice")
        return sorted(records, key=lambda record: (record.purchased_at, record.id), reverse=True)

    def get_order(self, account_id: str, order_id: str) -> OrderRecord | None:
        """One order of the account; upper and lower case of the number are the same."""
        asked = order_id.strip()
        if not (_ACCOUNT_ID.fullmatch(account_id) and _ORDER_ID.fullmatch(asked)):
            return None
        path = f"{_path(account_id)}/orders/{quote(asked, safe='')}"
        row = self._ask(path, "AccountOrder", self._transport.deadline())
        if row is None:
            return None
        _only_of(account_id, [row["account"]["id"]])
        if row["order"]["id"].upper() != asked.upper():
            raise OrdersUnavailable(f"order {asked} of {account_id}: the answer is another order")
        return record_of(_case(row))

    def _all_pages(self, account_id: str) -> list[dict[str, Any]]:
        deadline = self._transport.deadline()
        path = f"{_path(account_id)}/orders"
        rows: list[dict[str, Any]] = []
        params: dict[str, str] = {}
        for number in range(self._limits.pages):
            page = self._ask(path, "OrderPage", deadline, params)
            if page is None:
                if number:
                    raise OrdersUnavailable(f"orders of {account_id}: a page is not there")
                return []
            rows += page["orders"]
            if page["next"] is None:
                return rows
            params = {"after": page["next"]}
        # Half of the orders would be an answer as well, and a wrong one.
        raise OrdersUnavailable(f"orders of {account_id}: more than {self._limits.pages} pages")

    def _ask(
        self, path: str, part: Part, deadline: Deadline, params: dict[str, str] | None = None
    ) -> Any:
        """The checked answer, or None for what does not exist."""
        status, data = self._transport.get(path, deadline, params)
        try:
            check(data, "NotFound" if status == 404 else part)
        except ContractBroken as error:
            raise OrdersUnavailable(f"GET {path} answered {status}: {error}") from error
        deadline.check()
        return None if status == 404 else data


def _path(account_id: str) -> str:
    return f"/accounts/{quote(account_id, safe='')}"


def _case(row: dict[str, Any]) -> RefundCase:
    try:
        return RefundCase.from_json(row)
    except CaseError as error:
        # The schema cannot see everything: 2026-02-30 looks like a day.
        raise OrdersUnavailable(f"an order has unusable facts at {error.path}") from None


def _only_of(account_id: str, owners: list[str]) -> None:
    """Refuse an answer that holds anything of another account.

    Raises:
        OrdersUnavailable: it does. A service that mixes accounts up once is not believed about
            the other rows of the same answer either.
    """
    foreign = sum(owner != account_id for owner in owners)
    if foreign:
        logger.error(
            "the order service answered for account %s with %d of %d rows of other accounts; "
            "nothing of the answer is used",
            account_id,
            foreign,
            len(owners),
        )
        raise OrdersUnavailable(f"{foreign} rows of other accounts in an answer for {account_id}")
