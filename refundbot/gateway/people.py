"""What a turn has to do with people: the desk that may hold the conversation, and the reviewers."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from refundbot.desk import words
from refundbot.gateway.frontdesk import FrontDesk, stored
from refundbot.gateway.phrases import notice
from refundbot.gateway.store import Button
from refundbot.identity import Caller
from refundbot.review.store import Reviews

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """One message within its turn.

    Attributes:
        conversation: of `refundbot.gateway.turns.conversation_id`.
        message_id: the client's id of it.
        typed: what was typed; empty for a button.
        button: the live button that was pressed, if any.
    """

    conversation: str
    message_id: str
    typed: str
    button: Button | None

    @property
    def shown(self) -> str:
        """What people read."""
        return self.typed if self.button is None else self.button.title

    @property
    def payload(self) -> str | None:
        """What the button stands for."""
        return None if self.button is None else self.button.payload


class People:
    """Asked before Rasa, and told what Rasa answered. Synchronous, called in a thread pool."""

    def __init__(self, desk: FrontDesk, reviews: Reviews) -> None:
        self._desk = desk
        self._reviews = reviews

    def receive(self, message: Message, at: datetime) -> list[dict[str, Any]] | None:
        """Replies of the desk when it holds the conversation; None when the bot is to answer.

        Raises:
            StoreUnavailable: the database did not answer.
        """
        return self._desk.receive(
            message.conversation, message.message_id, message.shown, message.payload, at
        )

    def holding(self, conversation: str) -> str | None:
        """Whether people have the conversation: waiting in the queue, open, or None.

        Raises:
            StoreUnavailable: the database did not answer.
        """
        with stored():
            ticket = self._desk.tickets.current(conversation)
        return None if ticket is None else ticket.status

    def wanted(self, message: Message) -> list[dict[str, Any]] | None:
        """The wish for a person in so many words, for when Rasa cannot be asked what it means."""
        asked = (message.payload or "").startswith("/handoff")
        if not asked and message.typed.strip(" 。.!！~～，,") not in words.ASKING:
            return None
        return [{**notice(words.CONNECTING), "handoff": {}}]

    def attend(
        self,
        caller: Caller,
        message: Message,
        channel: str,
        replies: list[dict[str, Any]],
        at: datetime,
    ) -> list[dict[str, Any]]:
        """The replies as the client may see them, their notes acted on."""
        for reply in replies:
            note = reply.get("review")
            if note is not None and message.button is None:
                self._review(message, str(reply["text"]), note, at)
        shown = [{k: v for k, v in reply.items() if k != "review"} for reply in replies]
        return self._desk.attend(
            caller, message.conversation, message.message_id, channel, shown, at
        )

    def _review(self, message: Message, answer: str, note: dict[str, Any], at: datetime) -> None:
        try:
            self._reviews.not_understood(
                message.conversation,
                message.message_id,
                message.typed,
                answer,
                _guesses(note),
                at,
            )
        except SQLAlchemyError as error:  # the customer's answer does not depend on it
            logger.error("not on the review list: %s: %s", message.message_id, error)


def _guesses(note: dict[str, Any]) -> list[dict[str, str]]:
    raw = note.get("guesses")
    return [
        {"intent": str(one["intent"])[:64], "confidence": str(one.get("confidence", ""))[:8]}
        for one in (raw if isinstance(raw, list) else [])[:5]
        if isinstance(one, dict) and isinstance(one.get("intent"), str)
    ]
