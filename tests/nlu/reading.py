"""What the entity extractor finds in a text, as the entity tests ask for it."""

from datetime import datetime, timedelta
from typing import Any

from refundbot.clock import parse_instant, parse_interval
from refundbot.nlu.entities.extractor import find_entities
from refundbot.nlu.text import normalize

NOW = parse_instant("2026-11-23T10:00:00+08:00")


def entities(text: str, now: datetime = NOW) -> list[dict[str, Any]]:
    return find_entities(normalize(text), now)


def values(text: str, kind: str, now: datetime = NOW) -> list[Any]:
    return [found["value"] for found in entities(text, now) if found["entity"] == kind]


def days(text: str, kind: str = "purchase_time", now: datetime = NOW) -> list[tuple[str, str]]:
    """First and last day of each time found."""
    spans = [parse_interval(value) for value in values(text, kind, now)]
    return [
        (start.date().isoformat(), (end - timedelta(minutes=1)).date().isoformat())
        for start, end in spans
    ]
