"""Imports text the way the command does."""

import json
from pathlib import Path
from typing import Any

import pytest

from refundbot.orders.documents import ImportRejected, Problem
from refundbot.orders.importing import Imported, import_document, read_document
from tests.orders.documents import NOW, Sessions


class Importer:
    """Imports text through a file, as the command does."""

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        self.sessions = sessions
        self.folder = folder

    def __call__(
        self, content: Any, name: str = "orders.json", *, replace: bool = False
    ) -> Imported:
        file = self.folder / name
        if isinstance(content, bytes):
            file.write_bytes(content)
        elif isinstance(content, str):
            file.write_text(content, encoding="utf-8", newline="")
        else:
            file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        return import_document(self.sessions, read_document(file), NOW, replace=replace)

    def problems(self, content: Any, name: str = "orders.json") -> list[Problem]:
        with pytest.raises(ImportRejected) as caught:
            self(content, name)
        return caught.value.problems
