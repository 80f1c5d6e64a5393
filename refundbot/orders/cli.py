"""Commands about orders: `refundbot orders ...`, `refundbot db ...`, `refundbot demo ...`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from refundbot.clock import now
from refundbot.db import make_engine, session_factory
from refundbot.orders import OrderRecord, OrderSource, OrdersUnavailable, get_source
from refundbot.orders.demo import DemoError, load_demo
from refundbot.orders.documents import ImportRejected
from refundbot.orders.http_contract import contract
from refundbot.orders.importing import import_document, read_document
from refundbot.orders.migrate import upgrade
from refundbot.orders.reading_csv import CSV_COLUMNS
from refundbot.orders.schema import load_schema
from refundbot.settings import get_settings

# More lines than this help nobody; the count at the end says how many there are.
_SHOWN_PROBLEMS = 50


def _sessions() -> Callable[[], Session]:
    return session_factory(make_engine(get_settings().database_url))


@contextmanager
def _database() -> Iterator[None]:
    """Turn a failing database into one sentence that names the setting."""
    try:
        yield
    except (SQLAlchemyError, OrdersUnavailable, OSError) as error:
        cause = error.__cause__ or error
        reason = str(getattr(cause, "orig", None) or cause).splitlines()[0]
        try:
            address = make_url(get_settings().database_url).render_as_string(hide_password=True)
        except ArgumentError:
            address = "unreadable"
        raise click.ClickException(
            f"the orders database does not answer: {reason}\n"
            f"Its address is {address} (REFUNDBOT_DATABASE_URL); "
            "`refundbot db upgrade` creates missing tables."
        ) from None


@contextmanager
def _source() -> Iterator[OrderSource]:
    """The order source of the settings; its failures name the setting that chose it."""
    address = get_settings().orders_api
    if not address:
        with _database():
            yield get_source()
        return
    try:
        yield get_source()
    except OrdersUnavailable as error:
        raise click.ClickException(
            f"the order service does not answer as it should: {error}\n"
            f"Its address is {address} (REFUNDBOT_ORDERS_API)."
        ) from None


@click.group("db")
def db() -> None:
    """The database behind orders and conversations."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Create missing tables and bring old ones up to date."""
    with _database():
        changed = upgrade(get_settings().database_url)
    click.echo("The database has been upgraded." if changed else "The database is up to date.")


@click.group("demo")
def demo() -> None:
    """Demo customers and orders."""


@demo.command("load")
def demo_load() -> None:
    """Replace the demo orders by ones dated from today. Imported orders stay."""
    with _database():
        upgrade(get_settings().database_url)
        try:
            count = load_demo(_sessions(), now())
        except DemoError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"Loaded {count} demo orders, dated from {now():%Y-%m-%d %H:%M}.")


@click.group("orders")
def orders() -> None:
    """Customers' orders: import and list."""


@orders.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace orders that are already there.")
def orders_import(file: Path, replace: bool) -> None:
    """Import orders from FILE (.json or .csv, UTF-8): all of it, or nothing.

    `refundbot orders schema` prints the JSON Schema and the CSV columns.
    """
    try:
        with _database():
            document = read_document(file)
            upgrade(get_settings().database_url)
            done = import_document(_sessions(), document, now(), replace=replace)
    except ImportRejected as error:
        for problem in error.problems[:_SHOWN_PROBLEMS]:
            click.echo(f"{file}:{problem}", err=True)
        count = len(error.problems)
        noun = "mistake" if count == 1 else "mistakes"
        raise click.ClickException(f"{count} {noun}; nothing was imported.") from None
    replaced = f", {done.replaced} of them replaced" if done.replaced else ""
    click.echo(f"Imported {done.orders} orders{replaced}; {done.accounts} accounts.")


@orders.command("schema")
@click.option("--csv", "columns", is_flag=True, help="The columns of the CSV form instead.")
def orders_schema(columns: bool) -> None:
    """Print what an import file must look like."""
    if columns:
        click.echo(",".join(CSV_COLUMNS))
    else:
        click.echo(json.dumps(load_schema(), ensure_ascii=False, indent=2))


@orders.command("contract")
def orders_contract() -> None:
    """Print what a service that keeps the orders must answer: OpenAPI 3.1, in JSON."""
    click.echo(json.dumps(contract(), ensure_ascii=False, indent=2))


@orders.command("list")
@click.option("--account", required=True, help="Account id, such as A1001.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list with the full refund cases.")
def orders_list(account: str, as_json: bool) -> None:
    """List one account's orders, newest first."""
    with _source() as source:
        known = source.get_account(account)
        found = source.list_orders(account) if known else []
    if known is None:
        raise click.ClickException(f"there is no account {account!r}")
    if as_json:
        click.echo(json.dumps([_as_json(order) for order in found], ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo(f"{known.name}（{known.id}）名下没有订单。")
        return
    Console().print(_table(f"{known.name}（{known.id}）的订单", found))


@orders.command("case")
@click.option("--account", required=True, help="Account id, such as A1001.")
@click.argument("order_id")
def orders_case(account: str, order_id: str) -> None:
    """Print the refund case of one order, as `refund-core evaluate -` reads it."""
    with _source() as source:
        order = source.get_order(account, order_id)
    if order is None:
        raise click.ClickException(f"account {account!r} has no order {order_id!r}")
    click.echo(json.dumps(order.asked(now()).case.to_json(), ensure_ascii=False, indent=2))


def _as_json(order: OrderRecord) -> dict[str, Any]:
    return {
        "id": order.id,
        "account": order.account_id,
        "product": order.product_name,
        "paid": f"{order.paid:.2f}",
        "term": order.term,
        "case": order.case.to_json(),
    }


_KINDS = {
    "new": "新购",
    "renewal": "续费",
    "upgrade": "升配",
    "downgrade": "降配",
    "conversion": "计费变更",
}
_STATUSES = {
    "paid": "已支付",
    "creating": "创建中",
    "failed": "创建失败",
    "effective": "已生效",
    "completed": "已完成",
    "refunded": "已退款",
    "archived": "已归档",
}
_MODES = {
    "prepaid": "包年包月",
    "postpaid": "后付费",
    "one_off": "一次性",
    "free": "免费",
    "trial": "试用",
}


def _table(title: str, records: list[OrderRecord]) -> Table:
    table = Table(title=title, title_justify="left")
    for header in ("订单号", "产品", "类型", "计费", "购买时间", "到期时间", "状态"):
        table.add_column(header, no_wrap=header in ("订单号", "购买时间", "到期时间"))
    for header in ("订单金额", "实付"):
        table.add_column(header, justify="right", no_wrap=True)
    for order in records:
        mode = _MODES[order.billing_mode]
        cells = [
            order.id,
            order.product_name,
            _KINDS[order.kind],
            f"{mode} {order.term}" if order.billing_mode == "prepaid" and order.term else mode,
            f"{order.purchased_at:%Y-%m-%d %H:%M}",
            f"{order.ends_at:%Y-%m-%d %H:%M}" if order.ends_at else "—",
            _STATUSES[order.status],
            f"¥{order.amount:,.2f}",
            f"¥{order.paid:,.2f}",
        ]
        # Text, not str: a product name with [brackets] is no markup.
        table.add_row(*(Text(cell) for cell in cells))
    return table
