"""One turn through Rasa: the signed request, and everything that can go wrong with it."""

import json
from typing import Any

import httpx

from refundbot.gateway import replies
from refundbot.identity import Turn, mint_turn_token
from refundbot.settings import Settings

# A turn that the customer was told is slow may still end; after this it is given up.
LATE = httpx.Timeout(30.0, connect=2.0)


class RasaUnavailable(Exception):  # noqa: N818 -- says what happened
    """Rasa gave no answer; the argument is a short reason for the log."""


class Rasa:
    """The gateway's side of the internal channel."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._url = f"{settings.rasa_url}/webhooks/internal/webhook"
        self._secret = settings.internal_secret
        self._http = http

    async def turn(
        self, turn: Turn, text: str, seconds: float | None = None
    ) -> list[dict[str, Any]]:
        """Run one turn; its replies, at least one, buttons still with payloads.

        Args:
            turn: identity and kind, signed for this one turn.
            text: what Rasa gets.
            seconds: how long to wait for it; `LATE` when None.

        Raises:
            RasaUnavailable: down, too slow, refused, failed, or answered nothing usable.
        """
        body = json.dumps({"text": text}, ensure_ascii=False).encode()
        headers = {
            "Authorization": f"Bearer {mint_turn_token(turn, body, self._secret)}",
            "Content-Type": "application/json",
        }
        timeout = LATE if seconds is None else httpx.Timeout(seconds, connect=2.0)
        try:
            response = await self._http.post(
                self._url, content=body, headers=headers, timeout=timeout
            )
        except (httpx.HTTPError, OSError) as error:
            raise RasaUnavailable(type(error).__name__) from error
        if response.status_code != 200:
            raise RasaUnavailable(f"status {response.status_code}")
        try:
            answer = response.json()
        except ValueError as error:
            raise RasaUnavailable("not JSON") from error
        found = replies.read(answer.get("messages") if isinstance(answer, dict) else None)
        if not found:
            raise RasaUnavailable("empty answer")
        return found
