"""Slots after a list: what it held, what of it is on the screen, which question is open."""

from collections.abc import Sequence
from typing import Any

from actions.view import View


def listed(views: Sequence[View], shown: Sequence[View], *, pending: str | None) -> dict[str, Any]:
    """What the conversation remembers once a list was shown.

    Args:
        views: the whole list, in the order numbered.
        shown: the page of it on the screen.
        pending: question waiting for one of these orders, if any.
    """
    return {
        "candidates": [view.order.id for view in views],
        "shown": [view.order.id for view in shown],
        "pending_question": pending,
        "misses": 0,
    }
