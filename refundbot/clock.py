"""The one clock of the stack.

Every process reads the time here, at its edge, and passes it on; nothing deeper asks for it.
``REFUNDBOT_NOW`` (an ISO 8601 instant) fixes the clock for demonstrations and tests.
"""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant; a missing offset means Asia/Shanghai.

    Raises:
        ValueError: the text is not an ISO 8601 instant.
    """
    cleaned = text.strip()
    if cleaned.endswith(("Z", "z")):
        cleaned = cleaned[:-1] + "+00:00"
    instant = datetime.fromisoformat(cleaned)
    if instant.tzinfo is None:
        return instant.replace(tzinfo=SHANGHAI)
    return instant.astimezone(SHANGHAI)


def parse_interval(text: str) -> tuple[datetime, datetime]:
    """Read an ISO 8601 interval of two instants, ``start/end``; the end is not part of it.

    Raises:
        ValueError: the text is not two ISO 8601 instants, or the end is not after the start.
    """
    start_text, _, end_text = text.partition("/")
    start, end = parse_instant(start_text), parse_instant(end_text)
    if end <= start:
        raise ValueError(f"{text!r} ends before it begins")
    return start, end


def format_interval(start: datetime, end: datetime) -> str:
    """Write an ISO 8601 interval to the minute; both instants are aware, the end is not part of it.

    The whole 14th is ``2026-11-14T00:00+08:00/2026-11-15T00:00+08:00``.
    """
    return f"{start.isoformat(timespec='minutes')}/{end.isoformat(timespec='minutes')}"


def now() -> datetime:
    """The current instant in Asia/Shanghai, or the instant fixed by ``REFUNDBOT_NOW``.

    Raises:
        ValueError: ``REFUNDBOT_NOW`` is set and is not an ISO 8601 instant.
    """
    fixed = os.environ.get("REFUNDBOT_NOW", "").strip()
    if not fixed:
        return datetime.now(SHANGHAI)
    try:
        return parse_instant(fixed)
    except ValueError:
        raise ValueError(
            f"REFUNDBOT_NOW={fixed!r} is not an ISO 8601 instant; "
            "write it like 2026-11-23T10:00:00+08:00, or unset it to use the real clock"
        ) from None
