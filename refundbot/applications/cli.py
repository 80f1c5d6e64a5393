"""Commands about refund applications: `refundbot applications ...`, and loading the demo data."""

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation

import click
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from refundbot.applications.back_office import BackOffice
from refundbot.applications.cli_tables import as_json, detail, table
from refundbot.applications.demo import load_demo_applications
from refundbot.applications.errors import (
    ApplicationError,
    ApplicationsUnavailable,
    ChangedMeanwhile,
    NoSuchApplication,
    NotAllowed,
)
from refundbot.applications.machine import ApplicationMachine
from refundbot.applications.plans import default_plans
from refundbot.applications.records import ApplicationRecord
from refundbot.clock import now
from refundbot.db import make_engine, session_factory
from refundbot.orders.cli import demo_load as load_demo_orders
from refundbot.settings import get_settings

_STATES = ["open", *(each.id for each in ApplicationMachine.states if each.id != "draft")]


def _sessions() -> Callable[[], Session]:
    return session_factory(make_engine(get_settings().database_url))


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what can go wrong into one sentence for the operator."""
    try:
        yield
    except NoSuchApplication as error:
        raise click.ClickException(f"there is no application {error}") from None
    except NotAllowed as error:
        record = error.application
        message = f"{record.id} is in {record.state} ({record.state_name}): this cannot be done now"
        raise click.ClickException(message) from None
    except ChangedMeanwhile as error:
        raise click.ClickException(
            f"{error.application.id} has changed meanwhile and is in {error.application.state}; "
            "look at it again"
        ) from None
    except ApplicationsUnavailable as error:
        raise click.ClickException(
            f"the applications database does not answer ({error}); see REFUNDBOT_DATABASE_URL; "
            "`refundbot db upgrade` creates missing tables"
        ) from None
    except ApplicationError as error:
        raise click.ClickException(str(error)) from None


def _amount(_context: click.Context, _parameter: click.Parameter, text: str | None) -> object:
    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise click.BadParameter(f"{text!r} is no amount in yuan, like 186.67")
    return amount


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"


_by = click.option("--by", "operator", default=_operator, help="Your name; your login if left out.")


def _office_and(application_id: str) -> tuple[BackOffice, ApplicationRecord]:
    office = BackOffice(_sessions())
    return office, office.find(application_id.strip().upper())


@click.group("applications")
def applications() -> None:
    """Refund applications: look at them and move them on."""


@applications.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only these; `open` is all under way.")
@click.option("--account", help="Only this account's.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "json_", is_flag=True, help="JSON instead of a table.")
def list_(state: str | None, account: str | None, limit: int, json_: bool) -> None:
    """List applications, newest first."""
    with _plainly():
        found = BackOffice(_sessions()).list(state=state, account_id=account, limit=limit)
    if json_:
        click.echo(json.dumps([as_json(each) for each in found], ensure_ascii=False, indent=2))
    elif found:
        Console().print(table(found, now()))
    else:
        click.echo("There are no such applications.")


@applications.command("show")
@click.argument("application_id")
@click.option("--json", "json_", is_flag=True, help="JSON with facts and decision.")
def show(application_id: str, json_: bool) -> None:
    """Show one application with its whole history."""
    with _plainly():
        _, record = _office_and(application_id)
    if json_:
        click.echo(json.dumps(as_json(record, whole=True), ensure_ascii=False, indent=2))
    else:
        Console().print(detail(record, now()))


@applications.command("advance")
@click.argument("application_id")
@click.option("--amount", callback=_amount, help="Yuan; to approve one without a computed sum.")
@click.option("--note", help="Written into the history.")
@_by
def advance(application_id: str, amount: Decimal | None, note: str | None, operator: str) -> None:
    """Move an application to its next stage; 退款中 becomes 已退款."""
    with _plainly():
        office, before = _office_and(application_id)
        after = office.advance(
            before.id, operator=operator, at=now(), version=before.version, amount=amount, note=note
        )
    click.echo(f"{after.id}: {before.state_name} -> {after.state_name}")


@applications.command("reject")
@click.argument("application_id")
@click.option(
    "--code",
    required=True,
    type=click.Choice([*default_plans().rejections, "other"]),
    help="Reason; its text and advice are in plans.yaml.",
)
@click.option("--text", help="Why, in Chinese, instead of the reason's own text.")
@click.option("--remedy", help="What the customer can do, in Chinese, instead of the reason's own.")
@_by
def reject(
    application_id: str, code: str, text: str | None, remedy: str | None, operator: str
) -> None:
    """Refuse an application; the customer sees why and what to do."""
    with _plainly():
        office, before = _office_and(application_id)
        after = office.reject(
            before.id,
            operator=operator,
            at=now(),
            version=before.version,
            code=code,
            text=text,
            remedy=remedy,
        )
    click.echo(f"{after.id}: {before.state_name} -> {after.state_name}")


@applications.command("fail")
@click.argument("application_id")
@click.option("--text", required=True, help="Why the payment failed, in Chinese.")
@_by
def fail(application_id: str, text: str, operator: str) -> None:
    """Report that the payment did not succeed; the customer can apply again."""
    with _plainly():
        office, before = _office_and(application_id)
        after = office.fail(
            before.id, operator=operator, at=now(), version=before.version, text=text
        )
    click.echo(f"{after.id}: {before.state_name} -> {after.state_name}")


@click.group("demo")
def demo() -> None:
    """Demo customers, orders and applications."""


@demo.command("load")
@click.pass_context
def demo_load(context: click.Context) -> None:
    """Replace the demo data by one dated from today. Imported orders stay."""
    context.invoke(load_demo_orders)
    with _plainly():
        try:
            count = load_demo_applications(_sessions(), now())
        except SQLAlchemyError as error:
            raise ApplicationsUnavailable(type(error).__name__) from error
    click.echo(f"Loaded {count} demo applications.")
