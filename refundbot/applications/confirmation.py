"""The application page's forms: proof that this customer saw this page and pressed this button.

A confirmation is made while the page is drawn for a signed-in account and names the order and
the very sum shown. Without one there is no submission, so nothing said in chat can submit, and
another site's form cannot either, for it cannot read the page.
"""

from datetime import datetime, timedelta
from typing import Literal

from refund_core import Decision
from refundbot.applications.said import Said
from refundbot.applications.signed import Expired, Forged, Signer

FORM_LIFE = timedelta(minutes=30)
Button = Literal["cancel", "nudge"]


class Confirmations:
    """Makes and checks what the page's forms carry. Only pages may make them."""

    def __init__(self, secret: str) -> None:
        self._submit = Signer(secret, "refund-confirm")
        self._buttons = Signer(secret, "refund-button")

    def ask(self, account_id: str, decision: Decision) -> str:
        """What the form under this decision carries; good for 30 minutes."""
        payload = {"a": account_id, "o": decision.order_id, **Said.of(decision).to_json()}
        return self._submit.sign(payload, decision.as_of + FORM_LIFE)

    def check(self, text: str, account_id: str, order_id: str, at: datetime) -> Said | None:
        """What this account confirmed about this order; None when it is no valid confirmation."""
        try:
            payload = self._submit.read(text, at)
            if (payload.get("a"), payload.get("o")) != (account_id, order_id):
                return None
            return Said.from_json(payload)
        except (Forged, Expired):
            return None

    def button(self, button: Button, account_id: str, application_id: str, at: datetime) -> str:
        """What the form of a button on an application carries; good for 30 minutes."""
        payload = {"b": button, "a": account_id, "i": application_id}
        return self._buttons.sign(payload, at + FORM_LIFE)

    def pressed(
        self, text: str, button: Button, account_id: str, application_id: str, at: datetime
    ) -> bool:
        """Whether this account pressed this button on this application."""
        try:
            payload = self._buttons.read(text, at)
        except (Forged, Expired):
            return False
        given = (payload.get("b"), payload.get("a"), payload.get("i"))
        return given == (button, account_id, application_id)
