"""Cases from a folder (JSON, JSON lines, worked examples) or from an installed case source."""

import json
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from refund_core.case import CaseError, RefundCase
from refund_core.policy import PolicyError
from refund_core.worked import read_cases

# Packages that can read cases from a database register a function taking the address.
ENTRY_POINTS = "refund_core.case_sources"


class CaseFileError(ValueError):
    """A file of cases cannot be used: names file, line and what is allowed."""


def read_folder(folder: Path) -> Iterator[tuple[str, RefundCase, datetime | None]]:
    """Every case below a folder: name, case, and the instant when the file gives one.

    Raises:
        CaseFileError: a file cannot be read, or the folder holds no case.
    """
    if (folder / "_bases.yaml").is_file():
        try:
            for worked in read_cases(folder):
                yield worked.name, worked.case, worked.as_of
        except PolicyError as error:
            raise CaseFileError(str(error)) from None
        return
    paths = sorted(path for path in folder.rglob("*.json*") if path.suffix in (".json", ".jsonl"))
    if not paths:
        raise CaseFileError(f"{folder}: holds no *.json or *.jsonl and no _bases.yaml")
    for path in paths:
        yield from _read_file(path)


def _read_file(path: Path) -> Iterator[tuple[str, RefundCase, datetime | None]]:
    if path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    place = f"{path}, line {number}"
                    yield f"{path.name}:{number}", _case(_parse(line, place), place), None
        return
    data = _parse(path.read_text(encoding="utf-8"), str(path))
    items = data if isinstance(data, list) else [data]
    for index, item in enumerate(items):
        place = f"{path}[{index}]" if isinstance(data, list) else str(path)
        name = f"{path.name}[{index}]" if isinstance(data, list) else path.name
        yield name, _case(item, place), None


def _parse(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise CaseFileError(f"{place}: is not JSON: {error.msg}") from None


def _case(data: Any, place: str) -> RefundCase:
    try:
        return RefundCase.from_json(data)
    except CaseError as error:
        raise CaseFileError(f"{place}: {error}") from None


def read_source(url: str) -> Iterator[tuple[str, RefundCase, datetime | None]]:
    """Every case of a database, by an installed case source.

    Raises:
        CaseFileError: no case source is installed, or it refuses the address.
    """
    sources = list(entry_points(group=ENTRY_POINTS))
    if not sources:
        raise CaseFileError("no package that reads cases from an address is installed")
    try:
        reader = sources[0].load()
    except ImportError as error:  # the core alone is installed
        raise CaseFileError(
            f"cases from an address need more than the rule core: {error}; install with [bot]"
        ) from None
    for case in reader(url):
        yield case.order.id, case, None
