"""A Rasa that says what a test tells it to, and a customer who talks to the gateway."""

import asyncio
import dataclasses
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from refundbot.identity import mint_console_token, verify_turn
from refundbot.settings import Settings, load_settings

CONSOLE_SECRET = "console-" + "c" * 40
INTERNAL_SECRET = "internal-" + "i" * 40
LINK_SECRET = "link-" + "l" * 40


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a gateway with a database of its own."""
    settings = load_settings(
        {
            "REFUNDBOT_VAR": str(folder),
            "REFUNDBOT_CONSOLE_SECRET": CONSOLE_SECRET,
            "REFUNDBOT_INTERNAL_SECRET": INTERNAL_SECRET,
            "REFUNDBOT_LINK_SECRET": LINK_SECRET,
            "REFUNDBOT_PUBLIC_URL": "http://testserver",
        }
    )
    return dataclasses.replace(settings, **changes)


def custom(text: str, *buttons: dict[str, str], **more: Any) -> dict[str, Any]:
    """A message as an action of ours emits it."""
    return {"custom": {"text": text, "buttons": list(buttons), "decision": None, **more}}


class FakeRasa(httpx.AsyncBaseTransport):
    """Answers turns and health checks; keeps every turn it was asked for.

    Attributes:
        turns: (verified turn, text) of every turn that arrived, in order.
        answer: gives the messages for a text; or set `response` / `error` for anything else.
        hold: turns wait for this event when it is set.
        down: addresses (parts of a URL) that refuse connections.
    """

    def __init__(self) -> None:
        self.turns: list[tuple[Any, str]] = []
        self.answer: Callable[[str], list[dict[str, Any]]] = lambda text: [custom(f"答：{text}")]
        self.response: httpx.Response | None = None
        self.hold: asyncio.Event | None = None
        self.running = 0
        self.most_running = 0
        self.down: set[str] = set()

    @property
    def texts(self) -> list[str]:
        """The texts of all turns."""
        return [text for _, text in self.turns]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if any(part in str(request.url) for part in self.down):
            raise httpx.ConnectError("refused", request=request)
        if request.method == "GET":
            return httpx.Response(200, json={"status": "ok"})
        body = await request.aread()
        token = request.headers["authorization"].removeprefix("Bearer ")
        turn = verify_turn(token, secret=INTERNAL_SECRET)
        text = json.loads(body)["text"]
        self.turns.append((turn, text))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            if self.hold is not None:
                await self.hold.wait()
            if self.response is not None:
                return self.response
            return httpx.Response(200, json={"messages": self.answer(text)})
        finally:
            self.running -= 1


_ids = itertools.count(1)


def headers(account: str = "A1001") -> dict[str, str]:
    """The authorization of a signed-in account."""
    return {"Authorization": f"Bearer {mint_console_token(account, 'baidu', CONSOLE_SECRET)}"}


def message(
    conversation: str = "c1", message_id: str | None = None, **content: str
) -> dict[str, str]:
    """A body of POST /api/chat/messages, with a fresh message id unless one is given."""
    return {
        "conversation": conversation,
        "message_id": message_id or f"m{next(_ids)}",
        **content,
    }
