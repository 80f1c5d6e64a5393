"""One reply: a complete plain text, buttons, and the structured decision for cards."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["answer", "choice", "disagreement", "list", "notice", "outage"]


@dataclass(frozen=True)
class Button:
    """A quick reply (``payload``) or a link (``url``).

    Attributes:
        title: what the customer sees.
        payload: ``/intent{...}``; the gateway swaps it for a single-use token.
        url: address to open.
    """

    title: str
    payload: str | None = None
    url: str | None = None

    def to_json(self) -> dict[str, str]:
        """The form the gateway reads."""
        if self.url is not None:
            return {"title": self.title, "url": self.url}
        return {"title": self.title, "payload": self.payload or ""}


def say(title: str, intent: str, **entities: Any) -> Button:
    """A button that asks ``intent`` about the given entities."""
    tail = json.dumps(entities, ensure_ascii=False) if entities else ""
    return Button(title, payload=f"/{intent}{tail}")


@dataclass(frozen=True)
class Reply:
    """What one turn says.

    Attributes:
        text: the whole answer as plain text, for every channel.
        buttons: ways on.
        kind: what the widget makes of it.
        decision: `refund_core.Decision` as JSON, when the answer is about one order.
        decisions: several of them, when it is about several orders.
        chart: how the refund changes over time, for clients that can draw it; the text says
            the same: ``{"currency", "stretches": [{"from", "to", "outcome", "amount"}]}``.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    kind: Kind = "answer"
    decision: dict[str, Any] | None = None
    decisions: tuple[dict[str, Any], ...] = ()
    chart: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        """Refuse silence: the catch-all of `actions.base` then answers and logs where it began."""
        if not self.text.strip():
            raise ValueError("a reply says something")

    def to_json(self) -> dict[str, Any]:
        """Rasa's `custom` payload."""
        return {
            "text": self.text,
            "buttons": [button.to_json() for button in self.buttons],
            "kind": self.kind,
            "decision": self.decision,
            "decisions": list(self.decisions),
            **({} if self.chart is None else {"chart": self.chart}),
        }


def distinct(buttons: Iterable[Button], limit: int = 5) -> tuple[Button, ...]:
    """The first ``limit`` buttons, each title once."""
    seen: dict[str, Button] = {}
    for button in buttons:
        seen.setdefault(button.title, button)
    return tuple(seen.values())[:limit]
