"""What the commands read: instants, JSON, policies; and how they fail."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from refund_core import Policy, PolicyError, default_policies
from refund_core.codec import parse_instant
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


policies_option = click.option(
    "--policies",
    "folder",
    type=click.Path(exists=True, file_okay=False),
    help="Folder of policies (<vendor>/<policy>.yaml) instead of the packaged ones.",
)


def fail(message: str, code: int = 2) -> NoReturn:
    """End the process with a message on standard error."""
    click.echo(f"error: {message}", err=True)
    sys.exit(code)


def read_json(path: str) -> Any:
    """The JSON of a file, or of standard input for `-`; ends the process when it is none."""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        fail(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        fail(f"{path}: is not UTF-8 text")
    except json.JSONDecodeError as error:
        fail(f"{path}: is not JSON: line {error.lineno}, column {error.colno}: {error.msg}")
    except RecursionError:
        fail(f"{path}: is nested too deeply to be a case")


def read_policies(folder: str | None) -> PolicySet:
    """The policies of a folder, or the packaged ones; ends the process when one is at fault."""
    try:
        return load_policies(Path(folder)) if folder else default_policies()
    except PolicyError as error:
        fail(str(error), 1)


def find_policy(name: str, library: PolicySet) -> Policy:
    """A policy by id[@version], or from a file; ends the process when there is none."""
    from refund_core.loader import load_policy

    try:
        if name.endswith((".yaml", ".yml")):
            return load_policy(Path(name))
        return library.get(name)
    except PolicyError as error:
        fail(str(error))


def print_view(view: Any) -> None:
    """Print a rich table or text; wide when it goes into a pipe."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(view)
