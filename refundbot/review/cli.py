"""``refundbot review``: look at what needs teaching, and write it out for annotation."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from refundbot.db import make_engine, session_factory
from refundbot.review.export import to_yaml
from refundbot.review.masking import mask
from refundbot.review.store import Item, Reviews, Source
from refundbot.settings import get_settings

_SOURCES: dict[str, Source] = {"not-understood": "not_understood", "down-votes": "down_vote"}
_only = click.option(
    "--only", type=click.Choice(sorted(_SOURCES)), help="One kind of entry instead of both."
)
_all = click.option("--all", "everything", is_flag=True, help="Also what is dealt with.")


def _reviews() -> Reviews:
    return Reviews(session_factory(make_engine(get_settings().database_url)))


def _items(reviews: Reviews, only: str | None, everything: bool) -> list[Item]:
    source = _SOURCES[only] if only else None
    try:
        return reviews.items(done=everything, source=source)
    except (SQLAlchemyError, OSError) as error:
        raise click.ClickException(
            f"the database cannot be read ({type(error).__name__}); "
            "check REFUNDBOT_DATABASE_URL, and run `refundbot db upgrade` if it is new"
        ) from error


@click.group()
def review() -> None:
    """Messages that were not understood and answers that got a 👎."""


@review.command("list")
@_only
@_all
def list_items(only: str | None, everything: bool) -> None:
    """Show the list, oldest first, ids masked."""
    items = _items(_reviews(), only, everything)
    if not items:
        click.echo("nothing to review")
        return
    table = Table("id", "when", "why", "customer", "bot", "reason", box=None, padding=(0, 2, 0, 0))
    for item in items:
        table.add_row(
            str(item.id),
            f"{item.at:%m-%d %H:%M}",
            "👎" if item.source == "down_vote" else "not understood",
            mask(item.text, item.account)[:60],
            mask(item.answer, item.account).split("\n")[0][:40],
            mask(item.reason, item.account)[:40],
        )
    Console().print(table, markup=False)


@review.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; standard output when left out.",
)
@click.option("--done", is_flag=True, help="Mark what was written as dealt with.")
@_only
@_all
def export(out: Path | None, done: bool, only: str | None, everything: bool) -> None:
    """Write NLU YAML ready to annotate; no order, account or phone number in it."""
    reviews = _reviews()
    items = _items(reviews, only, everything)
    if not items:
        raise click.ClickException("nothing to review; no file written")
    text = to_yaml(items)
    if out is None:
        click.echo(text, nl=False)
    else:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"cannot write {out}: {error.strerror}") from error
        click.echo(f"{len(items)} entries written to {out}", err=True)
    if done:
        reviews.finish([item.id for item in items])
