"""A trained model read from disk, for tools that only want texts understood."""

import asyncio
import os
from pathlib import Path
from typing import Any

from refundbot.nlu.quiet import silence_libraries
from refundbot.nlu.text import without_command_prefix

DEFAULT_MODELS = Path(__file__).resolve().parents[2] / "models"


class ModelMissingError(RuntimeError):
    """There is no trained model to load."""


def models_dir() -> Path:
    """Folder of the trained models: ``REFUNDBOT_MODELS``, else ``models`` beside the packages."""
    return Path(os.environ.get("REFUNDBOT_MODELS", "").strip() or DEFAULT_MODELS)


def newest_model(place: Path) -> Path:
    """The model file itself, or the newest one in a folder.

    Raises:
        ModelMissingError: neither is there.
    """
    if place.is_file():
        return place
    found = sorted(place.glob("*.tar.gz"), key=lambda path: (path.stat().st_mtime, path.name))
    if not found:
        raise ModelMissingError(f"no trained model in {place}; train one with `make train`")
    return found[-1]


class Parser:
    """One loaded model."""

    def __init__(self, model: Path) -> None:
        silence_libraries()
        from rasa.core.agent import Agent  # takes seconds, so only when a model is wanted
        from rasa.utils.log_utils import configure_structlog

        configure_structlog()
        self._agent = Agent.load(str(model))

    def parse(self, text: str) -> dict[str, Any]:
        """What a customer who types this text means.

        As in the channel, a text that is typed is never a payload: leading slashes are dropped.

        Returns:
            ``text`` as given, ``normalized``, ``intent``, ``intent_ranking``, ``entities`` and
            ``clauses`` (see `refundbot.nlu.classifier`).
        """
        typed = without_command_prefix(text)
        parsed = asyncio.run(self._agent.parse_message(typed))
        return {
            "text": text,
            "normalized": parsed.get("text", ""),
            "intent": parsed["intent"],
            "intent_ranking": parsed.get("intent_ranking", []),
            "entities": parsed.get("entities", []),
            "clauses": parsed.get("clauses", []),
        }


def load_parser(place: Path | None = None) -> Parser:
    """Load the newest model of a folder, or a model file.

    Raises:
        ModelMissingError: there is none.
    """
    return Parser(newest_model(place or models_dir()))
