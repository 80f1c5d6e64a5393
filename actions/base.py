"""What every action does the same way: check who asks, keep to a time budget, never stay silent."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.ask import Ask, IdentityError, read_ask
from actions.reply import Reply
from refundbot import clock
from refundbot.applications.errors import ApplicationError, ApplicationsUnavailable
from refundbot.orders.source import OrdersUnavailable

logger = logging.getLogger(__name__)

# Seconds an action may take; the gateway gives up a little later, so this sentence comes first.
BUDGET = 3.0


@dataclass(frozen=True)
class Answer:
    """A reply, and what the conversation remembers after it.

    Attributes:
        reply: what is said.
        remember: slots to set; slots not named keep their values.
    """

    reply: Reply
    remember: Mapping[str, Any] = field(default_factory=dict)


def _no_yes_later(tracker: Tracker) -> dict[str, None]:
    """A 好的 takes an application back only right after the question, not after a digression."""
    waiting = tracker.slots.get("pending_question") == "cancel_refund"
    return {"pending_question": None} if waiting else {}


class RefundAction(Action):
    """An action that answers one Ask; subclasses write `answer` only."""

    action: ClassVar[str] = ""

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{self.action}"

    def answer(self, ask: Ask) -> Answer:
        """Answer the message; runs in a worker thread and may read orders.

        Raises:
            OrdersUnavailable: the orders cannot be read; the customer is told, and the question
                is asked again when they can.
        """
        raise NotImplementedError

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer within the budget; whatever goes wrong becomes a Chinese sentence."""
        answer = await self._guarded(tracker)
        dispatcher.utter_message(json_message=answer.reply.to_json())
        remember = {**_no_yes_later(tracker), **answer.remember}
        return [SlotSet(name, value) for name, value in remember.items()]

    async def _guarded(self, tracker: Tracker) -> Answer:
        reference = secrets.token_hex(4)
        try:
            ask = read_ask(tracker.latest_message, tracker.slots, clock.now())
            return await asyncio.wait_for(asyncio.to_thread(self.answer, ask), BUDGET)
        except IdentityError as error:
            logger.warning("%s: turn refused (%s)", self.name(), error)
            return Answer(texts.identity_lost())
        except ApplicationsUnavailable:
            logger.exception("%s: applications unavailable, %s", self.name(), reference)
            return Answer(texts.refused(ApplicationsUnavailable.text))
        except ApplicationError as refused:
            return Answer(texts.refused(refused.text))
        except OrdersUnavailable:
            logger.exception("%s: orders unavailable, reference %s", self.name(), reference)
            return Answer(texts.outage())
        except asyncio.TimeoutError:
            logger.error("%s: over %s s, reference %s", self.name(), BUDGET, reference)
            return Answer(texts.outage())
        except Exception:
            # The one catch-all: a customer must get an answer, the operator the stack trace.
            logger.exception("%s: failed, reference %s", self.name(), reference)
            return Answer(texts.failure(reference))
