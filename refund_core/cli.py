"""`refund-core`: the rule core on the command line.

Exit codes: 0 done, 1 a policy is at fault, 2 the input cannot be used.
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from refund_core import CaseError, PolicyError, RefundCase, default_policies, evaluate
from refund_core.codec import SHANGHAI, parse_instant
from refund_core.library import PolicySet, load_policies


class Instant(click.ParamType):  # type: ignore[type-arg]  # generic in newer click only
    """An ISO 8601 instant; without an offset it is Beijing time."""

    name = "instant"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Read the instant, or fail with what is allowed."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        for suffix in ("", "+08:00", "T00:00:00+08:00"):
            try:
                return parse_instant(text + suffix)
            except ValueError:
                continue
        self.fail(f"{text!r} is not an instant; write it like 2026-11-23T10:00:00+08:00", param)


def _fail(message: str, code: int = 2) -> None:
    click.echo(f"error: {message}", err=True)
    sys.exit(code)


def _read(path: str) -> Any:
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        _fail(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        _fail(f"{path}: is not UTF-8 text")
    except json.JSONDecodeError as error:
        _fail(f"{path}: is not JSON: line {error.lineno}, column {error.colno}: {error.msg}")
    except RecursionError:
        _fail(f"{path}: is nested too deeply to be a case")


def _policies(folder: str | None) -> PolicySet:
    try:
        return load_policies(Path(folder)) if folder else default_policies()
    except PolicyError as error:
        _fail(str(error), 1)
        raise  # never reached; `_fail` ends the process


_folder = click.option(
    "--policies",
    "folder",
    type=click.Path(exists=True, file_okay=False),
    help="Folder of policies (<vendor>/<policy>.yaml) instead of the packaged ones.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Decide cloud refund cases by dated, cited policies."""


@main.command("evaluate")
@click.argument("case_file", metavar="CASE.json")
@click.option("--as-of", type=Instant(), help="Instant of the question; now when left out.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--steps", is_flag=True, help="With --format text: show every step of the sum.")
@_folder
def evaluate_command(
    case_file: str, as_of: datetime | None, form: str, steps: bool, folder: str | None
) -> None:
    """Decide the case in CASE.json (- reads standard input)."""
    from refund_core import explain

    data = _read(case_file)
    try:
        case = RefundCase.from_json(data)
    except CaseError as error:
        _fail(f"{case_file}: {error}")
        return
    try:
        decision = evaluate(case, as_of or datetime.now(SHANGHAI), _policies(folder))
    except PolicyError as error:
        _fail(str(error), 1)
        return
    if form == "json":
        click.echo(json.dumps(decision.to_json(), ensure_ascii=False, indent=2))
        return
    click.echo(explain.render_text(decision, case))
    if steps:
        click.echo("\n".join(explain.step_lines(decision)))


@main.command()
def schema() -> None:
    """Print the JSON Schema of a case."""
    from refund_core.case_schema import CASE_SCHEMA_FILE

    click.echo(CASE_SCHEMA_FILE.read_text(encoding="utf-8"), nl=False)


@main.group()
def policies() -> None:
    """Look at the policies."""


@policies.command("list")
@_folder
def list_command(folder: str | None) -> None:
    """List every policy version with its dates, authority and main page."""
    from refund_core.show import list_table

    _print(list_table(_policies(folder)))


@policies.command("show")
@click.argument("name", metavar="ID[@VERSION]")
@click.option("--as-of", type=Instant(), help="The version in force at this instant.")
@_folder
def show_command(name: str, as_of: datetime | None, folder: str | None) -> None:
    """Show a policy: routes, exclusions, methods, assumptions, each with clause and source."""
    from refund_core.show import policy_view

    try:
        _print(policy_view(_policies(folder).get(name, as_of)))
    except PolicyError as error:
        _fail(str(error))


@policies.command("check")
@_folder
def check_command(folder: str | None) -> None:
    """Check every policy file; exit code 1 and one line for each problem when one is at fault."""
    found = _policies(folder)
    for policy in found:
        doc = policy.doc
        click.echo(
            f"{policy.key}: {len(doc.routes)} routes, {len(doc.exclusions)} exclusions, "
            f"{len(doc.clauses)} clauses, {len(doc.assumptions)} assumptions"
        )
    click.echo(f"{len(found.policies)} policies, no problem")


def _print(view: Any) -> None:
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(view)
