"""Signed, expiring payloads: what links and forms carry through a customer's hands."""

from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer


class Forged(Exception):  # noqa: N818 -- says what happened
    """The text was not signed by us for this purpose, or does not hold what it should."""


class Expired(Exception):  # noqa: N818 -- says what happened
    """It was signed by us, and its time is over.

    Attributes:
        payload: what it says, still true of the past.
    """

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__("expired")
        self.payload = payload


class Signer:
    """Signs payloads for one purpose; a text signed for another purpose is forged here."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt=f"refundbot.{purpose}")

    def sign(self, payload: dict[str, Any], until: datetime) -> str:
        """The payload as text that is good until an instant."""
        text: str = self._serializer.dumps({**payload, "x": int(until.timestamp())})
        return text

    def read(self, text: str, at: datetime) -> dict[str, Any]:
        """The payload of a text, as of an instant.

        Raises:
            Forged: not ours.
            Expired: ours, and too old.
        """
        try:
            payload = self._serializer.loads(text)
        except BadData:
            raise Forged("not signed by us for this purpose") from None
        if not isinstance(payload, dict) or not isinstance(payload.get("x"), int):
            raise Forged("no expiry")
        if at.timestamp() >= payload["x"]:
            raise Expired(payload)
        return payload
