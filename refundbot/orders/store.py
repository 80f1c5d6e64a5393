"""Write a valid import document into the tables; the demo data goes the same way."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from refundbot.clock import parse_instant
from refundbot.orders import further
from refundbot.orders.models import (
    Account,
    Bundle,
    Contract,
    Invoice,
    Order,
    PastRefund,
    Payment,
    Promotion,
    Resource,
    UnfinishedOrder,
)

_ACCOUNT_DEFAULTS = {
    "kind": "person",
    "vendor": "baidu",
    "site": "cn",
    "frozen": False,
    "risk_flagged": False,
}


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def store(session: Session, data: dict[str, Any], *, demo: bool = False) -> None:
    """Add the document's accounts and orders; the caller commits.

    An account that exists is updated in the fields given. Facts about a resource that exists
    are updated the same way. Orders must be new.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database refuses, for example an order id in use.
    """
    for account in data.get("accounts", []):
        _store_account(session, account, demo)
    session.flush()
    for order in data["orders"]:
        _store_belongings(session, order)
    session.flush()
    session.add_all(_order(order, demo) for order in data["orders"])
    session.flush()


def _store_account(session: Session, given: dict[str, Any], demo: bool) -> None:
    stated = {name: value for name, value in given.items() if name != "past_refunds"}
    fields, facts = further.split("account", stated)
    account = session.get(Account, given["id"])
    if account is None:
        account = Account(**{**_ACCOUNT_DEFAULTS, **fields}, demo=demo)
        session.add(account)
    else:
        for name, value in fields.items():
            setattr(account, name, value)
    account.facts = further.merged(account.facts, facts)
    if "past_refunds" in given:
        session.flush()
        session.execute(delete(PastRefund).where(PastRefund.account_id == given["id"]))
        session.add_all(
            PastRefund(
                account_id=given["id"],
                product_code=refund["product_code"],
                at=parse_instant(refund["at"]),
                route=refund["route"],
                count=refund.get("count", 1),
                facts=further.merged({}, further.split("past_refund", refund)[1]),
            )
            for refund in given["past_refunds"]
        )


def _store_belongings(session: Session, order: dict[str, Any]) -> None:
    account = order["account"]
    resource, facts = further.split("resource", order["resource"])
    unfinished = resource.pop("unfinished_orders", None)
    row = _put(session, Resource, account, resource)
    known = {name: value for name, value in facts.items() if value is not None}
    row.facts = further.merged(row.facts, known)
    if order.get("contract"):
        _put(session, Contract, account, order["contract"])
    if order.get("bundle"):
        _put(session, Bundle, account, order["bundle"])
    if unfinished is not None:
        session.flush()
        mine = (
            UnfinishedOrder.account_id == account,
            UnfinishedOrder.resource_id == resource["id"],
        )
        session.execute(
            delete(UnfinishedOrder).where(*mine).execution_options(synchronize_session="fetch")
        )
        session.add_all(
            UnfinishedOrder(account_id=account, resource_id=resource["id"], **other)
            for other in unfinished
        )


def _put(session: Session, kind: Any, account: str, fields: dict[str, Any]) -> Any:
    row = session.get(kind, {"account_id": account, "id": fields["id"]})
    if row is None:
        row = kind(account_id=account, **fields)
        session.add(row)
        session.flush()
        return row
    for name, value in fields.items():
        if value is not None:
            setattr(row, name, value)
    return row


def _order(given: dict[str, Any], demo: bool) -> Order:
    term = given.get("term") or {}
    promotion, invoice = given.get("promotion"), given.get("invoice")
    payments = {kind: Decimal(text) for kind, text in given.get("payments", {}).items()}
    return Order(
        id=given["id"],
        account_id=given["account"],
        resource_id=given["resource"]["id"],
        contract_id=(given.get("contract") or {}).get("id"),
        bundle_id=(given.get("bundle") or {}).get("id"),
        kind=given["kind"],
        status=given["status"],
        product_code=given["product"]["code"],
        product_name=given["product"]["name"],
        category=given["product"]["category"],
        billing_mode=given["billing_mode"],
        term_unit=term.get("unit"),
        term_length=term.get("length"),
        purchased_at=parse_instant(given["purchased_at"]),
        effective_at=_instant(given.get("effective_at")),
        starts_at=_instant(given.get("starts_at")),
        ends_at=_instant(given.get("ends_at")),
        list_price=_money(given.get("list_price")),
        amount=Decimal(given["amount"]),
        refunded=Decimal(given.get("refunded", "0")),
        demo=demo,
        facts=further.merged({}, further.split("order", given)[1]),
        payments=[
            Payment(kind=kind, amount=amount) for kind, amount in payments.items() if amount > 0
        ],
        promotion=Promotion(**promotion) if promotion else None,
        invoice=Invoice(**invoice) if invoice else None,
    )
