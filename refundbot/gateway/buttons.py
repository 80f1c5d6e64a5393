"""Buttons as clients see them: a signed token instead of what the button does.

The signature keeps made-up tokens away from the database; single use, expiry and the
conversation are the database row's.
"""

from typing import Any

from itsdangerous import BadData, URLSafeSerializer


class ButtonSigner:
    """Signs button ids for clients and reads them back."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="refundbot.button")

    def read(self, token: str) -> str | None:
        """The button id in a token of ours, else None."""
        try:
            button_id = self._serializer.loads(token)
        except BadData:
            return None
        return button_id if isinstance(button_id, str) else None

    def seal(self, reply: dict[str, Any]) -> dict[str, Any]:
        """A stored reply as the client gets it."""
        buttons = [
            {"title": button["title"], "token": self._serializer.dumps(button["button"])}
            if "button" in button
            else button
            for button in reply["buttons"]
        ]
        return {**reply, "buttons": buttons}
