"""The steps in a chat that change an application. Only our own buttons name them, in ``only``."""

import json

NUDGE = "nudge"  # 催一下
CONFIRMED = "confirmed"  # 确认撤销
CHANGING = frozenset({NUDGE, CONFIRMED})


def changes(payload: str | None) -> bool:
    """Whether a button's payload (``/intent{"only": ...}``) asks to change an application."""
    _, brace, rest = (payload or "").partition("{")
    if not brace:
        return False
    try:
        entities = json.loads(brace + rest)
    except ValueError:
        return False
    return isinstance(entities, dict) and entities.get("only") in CHANGING
