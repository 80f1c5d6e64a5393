"""`refund-core timeline` and `refund-core backtest`: what time and edits change."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from refund_core import CaseError, PolicyError, RefundCase
from refund_core.cli_input import (
    Instant,
    fail,
    find_policy,
    policies_option,
    print_view,
    read_json,
    read_policies,
)
from refund_core.codec import SHANGHAI


@click.command("timeline")
@click.argument("case_file", metavar="CASE.json")
@click.option("--as-of", type=Instant(), help="First instant; now when left out.")
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--plot", type=click.Path(dir_okay=False), help="Also draw it (.svg, or .png).")
@policies_option
def timeline_command(
    case_file: str,
    as_of: datetime | None,
    days: int,
    form: str,
    plot: str | None,
    folder: str | None,
) -> None:
    """Show how the answer to CASE.json changes day by day, and when exactly it jumps."""
    from refund_core import codec
    from refund_core.timelines import timeline

    try:
        case = RefundCase.from_json(read_json(case_file))
        start = as_of or datetime.now(SHANGHAI)
        line = timeline(case, start, days, read_policies(folder))
    except CaseError as error:
        fail(f"{case_file}: {error}")
    except PolicyError as error:
        fail(str(error), 1)
    if plot is not None:
        from refund_core.plot import PlotError, draw

        try:
            draw(line, case, Path(plot))
        except (PlotError, OSError) as error:
            fail(f"{plot}: {error}")
    if form == "json":
        click.echo(json.dumps(codec.write(line), ensure_ascii=False, indent=2))
    else:
        from refund_core.show import timeline_table

        print_view(timeline_table(line, case.currency))


@click.command("backtest")
@click.option("--from", "before", required=True, help="Policy (id@version) or policy file.")
@click.option("--to", "after", required=True, help="Policy (id@version) or policy file.")
@click.option("--cases", required=True, help="Folder of cases, or a database address.")
@click.option("--as-of", type=Instant(), help="For cases that hold no time of application.")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False), help="Write every change.")
@click.option("--html", "html_file", type=click.Path(dir_okay=False), help="Write a page.")
@policies_option
def backtest_command(
    before: str,
    after: str,
    cases: str,
    as_of: datetime | None,
    csv_file: str | None,
    html_file: str | None,
    folder: str | None,
) -> None:
    """Show what would change for real cases if --to took the place of --from."""
    from rich.progress import track

    from refund_core import backtest, backtest_report
    from refund_core.case_files import CaseFileError

    library = read_policies(folder)
    first, second = find_policy(before, library), find_policy(after, library)
    try:
        found = _cases(cases, as_of or datetime.now(SHANGHAI))
        if "://" not in cases:  # files are few enough to show how much is left of them
            found = iter(list(found))
        shown = track(found, description="回测", disable=not sys.stderr.isatty())
        report = backtest.compare_cases(
            shown, backtest.under(first), backtest.under(second), (first.key, second.key)
        )
    except CaseFileError as error:
        fail(str(error))
    except PolicyError as error:
        fail(str(error), 1)
    for line in backtest_report.summary_lines(report):
        click.echo(line)
    print_view(backtest_report.outcome_table(report))
    if report.changes:
        print_view(backtest_report.largest_table(report))
    for path, text in (
        (csv_file, backtest_report.to_csv),
        (html_file, backtest_report.to_html),
    ):
        if path is not None:
            Path(path).write_text(text(report), encoding="utf-8")
            click.echo(f"已写入 {path}")


def _cases(place: str, as_of: datetime) -> Iterator[Any]:
    from refund_core.backtest import Case
    from refund_core.case_files import CaseFileError, read_folder, read_source

    if "://" in place:
        found = read_source(place)
    elif Path(place).is_dir():
        found = read_folder(Path(place))
    else:
        raise CaseFileError(f"{place}: is neither a folder nor a database address")
    for name, case, instant in found:
        yield Case(name, case, instant or case.request.requested_at or as_of)
