"""The demo customers: `demo.yaml` turned into rows, dated from the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from refundbot.orders import further
from refundbot.orders.demo_dates import resolve
from refundbot.orders.models import Account, Bundle, Contract, Order, Resource
from refundbot.orders.store import store

DEMO_FILE = Path(__file__).with_name("demo.yaml")
_FACTS = {"true": True, "false": False, "unknown": None}
_WHOLE_NUMBERS = {"quantity", "up_to_hours", "months", "count"}
_SAFE_RESOURCE = {
    "status": "running",
    "police_frozen": False,
    "in_transaction": False,
    "spec_changed_after_renewal": False,
}


class DemoError(Exception):
    """The demo data cannot be loaded; the message says why."""


@dataclass(frozen=True)
class DemoOrder:
    """What one demo order is for.

    Attributes:
        id: order number at the clock it was built for.
        account_id: whose order it is.
        shows: one Chinese sentence saying what the order shows.
        expect: what a decision must say: ``outcome``, ``route`` or ``reasons``, ``amount``.
    """

    id: str
    account_id: str
    shows: str
    expect: Mapping[str, Any]


@lru_cache(maxsize=1)
def _demo_file() -> Any:
    # Every scalar as the text that was written: 280.00 must not pass through a float.
    return yaml.load(DEMO_FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def _typed(value: Any, name: str = "") -> Any:
    """A value of the file as an import writes it; every scalar in the file is text."""
    if isinstance(value, dict):
        return {key: _typed(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return int(value) if name in _WHOLE_NUMBERS else _FACTS.get(value, value)


def _dates(given: Mapping[str, Any], now: datetime) -> dict[str, datetime | None]:
    known = {"purchased": resolve(given["purchased"], now, {}).replace(microsecond=0)}
    dates: dict[str, datetime | None] = {"purchased_at": known["purchased"]}
    prepaid = "term" in given or "ends" in given
    if prepaid:
        known["starts"] = resolve(given.get("starts", "purchased"), now, known)
        dates["starts_at"] = known["starts"]
        dates["ends_at"] = resolve(given.get("ends", f"starts +{given.get('term')}"), now, known)
    effective = given.get("effective", "starts" if prepaid else "purchased")
    dates["effective_at"] = None if effective == "never" else resolve(effective, now, known)
    return dates


def _order(account: str, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    content = _demo_file()
    vendor = content["accounts"][account].get("vendor", "baidu")
    dates = _dates(given, now)
    purchased = dates["purchased_at"]
    order: dict[str, Any] = {
        "account": account,
        "id": f"{content['prefixes'][vendor]}{purchased:%Y%m%d}{given['no']}",
        "kind": given.get("kind", "new"),
        "status": given.get("status", "completed"),
        "product": {"code": given["buys"], **content["products"][vendor][given["buys"]]},
        "billing_mode": given.get("mode", "prepaid"),
        **{name: when.isoformat() if when else None for name, when in dates.items()},
        "amount": str(sum((Decimal(part) for part in given["paid"].values()), Decimal(0))),
        "payments": given["paid"],
        "resource": {**_SAFE_RESOURCE, **_typed(given["resource"])},
    }
    if "term" in given:
        length, unit = given["term"].split()
        order["term"] = {"unit": unit.rstrip("s"), "length": int(length)}
    for name in ("list_price", "refunded", "promotion", "contract"):
        if name in given:
            order[name] = given[name]
    for name in ("invoice", "bundle", *further.names("order")):
        if name in given:
            order[name] = _typed(given[name], name)
    return order


def demo_document(now: datetime) -> dict[str, Any]:
    """The demo data in the form of import.schema.json, dated from ``now``."""
    content = _demo_file()
    accounts, orders = [], []
    for account_id, given in content["accounts"].items():
        account = {"id": account_id, **_typed({k: v for k, v in given.items() if k != "orders"})}
        account["past_refunds"] = [
            {**refund, "at": resolve(refund["at"], now, {}).isoformat()}
            for refund in account.get("past_refunds", [])
        ]
        accounts.append(account)
        orders += [_order(account_id, o, now) for o in given["orders"]]
    return {"accounts": accounts, "orders": orders}


def demo_orders(now: datetime) -> list[DemoOrder]:
    """Every demo order with what it shows, numbered from ``now``."""
    return [
        DemoOrder(
            id=_order(account_id, given, now)["id"],
            account_id=account_id,
            shows=given["shows"],
            expect=given["expect"],
        )
        for account_id, account in _demo_file()["accounts"].items()
        for given in account["orders"]
    ]


def load_demo(sessions: Callable[[], Session], now: datetime) -> int:
    """Replace the demo orders by freshly dated ones, all at once; return how many.

    Orders imported into a demo account stay. Running it again at the same instant gives the
    same rows.

    Raises:
        DemoError: a real account or a real order has the number of a demo one.
        sqlalchemy.exc.SQLAlchemyError: the database failed; the old rows are still there.
    """
    data = demo_document(now)
    with sessions() as session, session.begin():
        _refuse_real(session, data)
        session.execute(delete(Order).where(Order.demo))
        for kind, column in (
            (Resource, Order.resource_id),
            (Contract, Order.contract_id),
            (Bundle, Order.bundle_id),
        ):
            in_use = exists().where(Order.account_id == kind.account_id, column == kind.id)
            demo_accounts = select(Account.id).where(Account.demo)
            session.execute(
                delete(kind)
                .where(kind.account_id.in_(demo_accounts), ~in_use)
                .execution_options(synchronize_session=False)
            )
        _drop_old_accounts(session, [account["id"] for account in data["accounts"]])
        store(session, data, demo=True)
    return len(data["orders"])


def _refuse_real(session: Session, data: dict[str, Any]) -> None:
    ids = [account["id"] for account in data["accounts"]]
    real = session.scalars(select(Account.id).where(Account.id.in_(ids), ~Account.demo)).all()
    if real:
        raise DemoError(
            f"account {', '.join(sorted(real))} is a real account with a demo account's id; "
            "set REFUNDBOT_DEMO=0 to go without the demo data"
        )
    numbers = [order["id"] for order in data["orders"]]
    taken = session.scalars(select(Order.id).where(Order.id.in_(numbers), ~Order.demo)).all()
    if taken:
        raise DemoError(f"order {', '.join(sorted(taken))} was imported; demo data needs its id")


def _drop_old_accounts(session: Session, kept: list[str]) -> None:
    """Delete demo accounts that this version's demo data no longer has, unless orders remain."""
    has_orders = exists().where(Order.account_id == Account.id)
    session.execute(
        delete(Account)
        .where(Account.demo, Account.id.not_in(kept), ~has_orders)
        .execution_options(synchronize_session=False)
    )
