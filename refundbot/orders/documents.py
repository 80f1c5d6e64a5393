"""An import file on its way in: its content, its line numbers, and what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """``("orders", 3, "amount")`` as ``orders[3].amount``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass(frozen=True)
class Problem:
    """One thing wrong in an import file: its line (from 1), the field, what and what instead."""

    line: int
    where: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.line}: {self.where}: {self.message}"
            if self.where
            else (f"{self.line}: {self.message}")
        )


class ImportRejected(Exception):  # noqa: N818 -- says what happened
    """Nothing was imported; ``problems`` holds every mistake found, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:20]))
        self.problems = problems


@dataclass(frozen=True)
class Document:
    """The content of a file in the shape of import.schema.json, and where its fields stand.

    Attributes:
        data: ``{"accounts": [...], "orders": [...]}``, not yet validated.
        line: line of the value at a path, or of the nearest value around it.
        label: what the file's author calls the field at a path.
    """

    data: Any
    line: Callable[[Path], int]
    label: Callable[[Path], str]

    def problem(self, path: Path, message: str) -> Problem:
        """A problem at ``path``, with its line and name looked up."""
        return Problem(self.line(path), self.label(path), message)


def decode(content: bytes) -> str:
    """Bytes to text: UTF-8, with or without a byte order mark.

    Raises:
        ImportRejected: the bytes are not UTF-8 text; names the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = f"byte 0x{content[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise ImportRejected([Problem(line, "", hint)]) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise ImportRejected([Problem(line, "", "a NUL byte: this is not a text file")])
    return text
