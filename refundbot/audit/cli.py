"""`refundbot audit ...`: what customers were told, and whether it still holds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
import yaml
from rich.console import Console
from rich.progress import track
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from refund_core import Decision, RefundCase
from refund_core.codec import ShapeError, write
from refund_core.explain import render_text, step_lines
from refund_core.wording import money
from refundbot.audit import store
from refundbot.audit.numbers import shown
from refundbot.audit.replay import Replay, replay
from refundbot.audit.store import Sessions, StoredDecision
from refundbot.clock import parse_instant
from refundbot.db import make_engine, session_factory
from refundbot.policies import live_policies
from refundbot.settings import get_settings


@contextmanager
def _database() -> Iterator[Sessions]:
    """The decisions' database; its failures become one sentence that names the setting."""
    url = get_settings().database_url
    try:
        engine = make_engine(url)
        try:
            yield session_factory(engine)
        finally:
            engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        try:
            address = make_url(url).render_as_string(hide_password=True)
        except ArgumentError:
            address = "unreadable"
        raise click.ClickException(
            f"the database of decisions does not answer: {reason}\n"
            f"Its address is {address} (REFUNDBOT_DATABASE_URL); "
            "`refundbot db upgrade` creates missing tables."
        ) from None


def _instant(_context: click.Context, _option: click.Parameter, text: str | None) -> Any:
    if text is None:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no day or instant; write 2026-11-23 or 2026-11-23T10:00:00+08:00"
        ) from None


_since = click.option(
    "--since", callback=_instant, help="Told then or later: a day or an instant, Beijing time."
)


@click.group("audit")
def audit() -> None:
    """Decisions told to customers: find them, replay them."""


@audit.command("list")
@click.option("--account", help="Account they were told to.")
@click.option("--order", help="Order they are about.")
@_since
@click.option("--limit", default=50, show_default=True, help="How many at most, newest first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def audit_list(
    account: str | None, order: str | None, since: datetime | None, limit: int, as_json: bool
) -> None:
    """List decisions, the newest first."""
    with _database() as sessions:
        found = store.find(sessions, account=account, order=order, since=since, limit=limit)
    if as_json:
        for item in found:
            click.echo(json.dumps(_json(item, whole=False), ensure_ascii=False))
    elif not found:
        click.echo("No decision fits.")
    else:
        for line in _lines(found):
            click.echo(line)


@audit.command("show")
@click.argument("number", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything.")
def audit_show(number: str, as_json: bool) -> None:
    """Show a decision with its facts, and decide it anew under today's rules.

    ID is the number of the decision (决定编号); dashes and small letters do not matter.
    """
    with _database() as sessions:
        found = store.get(sessions, number)
    if found is None:
        raise click.ClickException(f"there is no decision {number!r}")
    again = replay(found, live_policies())
    if as_json:
        document = {**_json(found), "replay": {"holds": again.holds, **_plain(again)}}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    _heading(found)
    click.secho("\nFacts", bold=True)
    facts = yaml.safe_dump(_known(found.facts), allow_unicode=True, sort_keys=False)
    click.echo(facts.rstrip())
    click.secho("\nDecision, as it was told", bold=True)
    click.echo(_told(found))
    click.secho("\nUnder today's rules, on the same facts and as of the same instant", bold=True)
    _verdict(again)


@audit.command("check")
@click.option("--account", help="Account they were told to.")
@_since
def audit_check(account: str | None, since: datetime | None) -> None:
    """Decide all of them anew; list those that no longer hold, and fail if there are any."""
    with _database() as sessions:
        found = store.find(sessions, account=account, since=since)
    fallen = 0
    progress = Console(stderr=True)
    steps = track(found, "Replaying", console=progress, disable=not progress.is_terminal)
    for item in steps:
        again = replay(item, live_policies())
        if not again.holds:
            fallen += 1
            click.echo(f"{shown(item.id)}  {item.order_id}  {_cause(again)}")
    click.echo(f"{len(found)} decisions, {len(found) - fallen} hold, {fallen} do not.")
    if fallen:
        raise click.exceptions.Exit(1)


def _cause(again: Replay) -> str:
    return again.problem or "; ".join(
        f"{item.what}: {item.then} -> {item.now}" for item in again.differences
    )


def _json(item: StoredDecision, *, whole: bool = True) -> dict[str, Any]:
    fields = {name: write(value) for name, value in asdict(item).items()}
    return fields if whole else {**fields, "facts": None, "decision": None}


def _plain(again: Replay) -> dict[str, Any]:
    return {
        "differences": [asdict(item) for item in again.differences],
        "reworded": list(again.reworded),
        "problem": again.problem,
        "decision": again.decision.to_json() if again.decision else None,
    }


def _heading(item: StoredDecision) -> None:
    click.secho(f"Decision {shown(item.id)}", bold=True)
    for name, value in (
        ("told", f"{item.created_at:%Y-%m-%d %H:%M:%S} Beijing time"),
        ("decided as of", f"{item.as_of:%Y-%m-%d %H:%M:%S} Beijing time"),
        ("account", item.account),
        ("conversation", item.conversation),
        ("order", item.order_id),
        ("rules", item.policy or "none fitted"),
        ("rule core", item.core_version),
    ):
        click.echo(f"  {name:<14}{value}")


def _known(value: Any) -> Any:
    """The facts without those nobody stated."""
    if isinstance(value, dict):
        kept = {name: _known(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, {}, [])}
    if isinstance(value, list):
        return [_known(inner) for inner in value]
    return value


def _told(item: StoredDecision) -> str:
    try:
        decision, case = Decision.from_json(item.decision), RefundCase.from_json(item.facts)
    except ShapeError:
        return yaml.safe_dump(item.decision, allow_unicode=True, sort_keys=False).rstrip()
    return "\n".join([render_text(decision, case), "", *step_lines(decision)])


def _verdict(again: Replay) -> None:
    if again.problem:
        click.secho(f"It cannot be decided anew: {again.problem}", fg="red")
        return
    if again.holds:
        click.secho("It still holds.", fg="green")
    else:
        click.secho("It no longer holds:", fg="red")
        for item in again.differences:
            click.echo(f"  {item.what}: {item.then} -> {item.now}")
    if again.reworded:
        click.echo(f"Told in other words today: {', '.join(again.reworded)}.")


def _lines(found: list[StoredDecision]) -> Iterator[str]:
    """Aligned columns, one decision a line: a table would break the numbers on a terminal."""
    rows = [
        (
            shown(item.id),
            f"{item.created_at:%Y-%m-%d %H:%M}",
            item.account,
            item.order_id,
            item.outcome,
            "-" if item.amount is None else money(item.amount, item.currency),
            item.policy or "-",
        )
        for item in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[5] = row[5].rjust(widths[5])
        yield "  ".join(cells).rstrip()
