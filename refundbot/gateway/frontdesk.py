"""Between the chat and the desk: opens tickets, and keeps the bot silent while one is there.

Synchronous, called in a thread pool, within the turn of its conversation.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from refundbot.clock import SHANGHAI
from refundbot.desk import words
from refundbot.desk.hours import Hours
from refundbot.desk.interface import Line, Opening
from refundbot.desk.tickets import OPEN, WAITING, Tickets
from refundbot.gateway.phrases import notice
from refundbot.gateway.store import Store, StoreUnavailable, real_now
from refundbot.identity import Caller
from refundbot.settings import Settings

logger = logging.getLogger(__name__)

LEAVE_PAYLOAD = "/desk_leave"  # of our own button; never reaches Rasa
BOT = "退款助手"
MOST_FACTS = 10
_LEAVE_BUTTON = {"title": words.LEAVE, "payload": LEAVE_PAYLOAD}
_WAYS_ON = [
    {"title": "我能退多少", "payload": "/ask_refund_amount"},
    {"title": "我的订单", "payload": "/list_orders"},
    {"title": "转人工", "payload": "/handoff"},
]
_WAITING = "已转人工，{queue}。您写的客服都会看到；不想等了可以点「退出排队」，回到退款助手。"
_WHILE_WAITING = "等的时候可以接着补充情况；不想等了随时点「退出排队」，回到退款助手。"
_NOT_QUEUED = "您现在没有在排队，可以直接问我。"


@contextmanager
def stored() -> Iterator[None]:
    """Turn a failing database into the error the gateway knows.

    Raises:
        StoreUnavailable: the database did not answer.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreUnavailable(type(error).__name__) from error


class FrontDesk:
    """What the gateway does about people: open, pass on, leave, and say how long it takes."""

    def __init__(self, settings: Settings, store: Store, tickets: Tickets, hours: Hours) -> None:
        self._settings = settings
        self._store = store
        self._hours = hours
        self.tickets = tickets

    def state(self, conversation: str, at: datetime) -> dict[str, Any] | None:
        """What the client shows about a waiting or open ticket; None when the bot answers.

        Raises:
            StoreUnavailable: the database did not answer.
        """
        with stored():
            ticket = self.tickets.current(conversation)
            if ticket is None:
                return None
            if ticket.status == OPEN:
                return {
                    "status": OPEN,
                    "agent": ticket.agent,
                    "text": f"客服 {ticket.agent} 为您服务",
                }
            ahead = self.tickets.ahead(ticket)
        return {"status": WAITING, "ahead": ahead, "text": self._hours.brief(at, ahead)}

    def receive(
        self, conversation: str, message_id: str, text: str, payload: str | None, at: datetime
    ) -> list[dict[str, Any]] | None:
        """Give a message to the desk; the replies to it, or None when the bot is to answer.

        Args:
            conversation: of `refundbot.gateway.turns.conversation_id`.
            message_id: the client's id of the message.
            text: what an agent reads: typed, or the title of a button.
            payload: what the button stands for, if it was one.
            at: when, on the stack's clock.

        Raises:
            StoreUnavailable: the database did not answer.
        """
        wants_out = payload == LEAVE_PAYLOAD or (payload is None and _says_leave(text))
        with stored():
            ticket = self.tickets.current(conversation)
            if ticket is None:
                return [notice(_NOT_QUEUED)] if wants_out else None
            if wants_out:
                left = self.tickets.leave(conversation, at)
                if left is None:
                    return [notice(_NOT_QUEUED)]
                said = words.LEFT_AGENT if left.taken_at else words.LEFT_QUEUE
                return [{**notice(said), "buttons": _WAYS_ON}]
            ticket = self.tickets.message(conversation, message_id, text, at)
            if ticket is None:  # handed back a moment ago: the bot's again
                return None
            if ticket.status == OPEN:
                return []
            queue = words.queue(self.tickets.ahead(ticket))
        reply = notice(_WAITING.format(queue=queue))
        return [{**reply, "kind": "queue", "buttons": [_LEAVE_BUTTON]}]

    def attend(
        self,
        caller: Caller,
        conversation: str,
        message_id: str,
        channel: str,
        replies: list[dict[str, Any]],
        at: datetime,
    ) -> list[dict[str, Any]]:
        """Open a ticket when a reply asks for a person, and say what to expect.

        A reply without a ``handoff`` note is left as it is. When no ticket can be opened the
        customer is told so, with another way to a person.
        """
        wish = next((reply["handoff"] for reply in replies if "handoff" in reply), None)
        if wish is None:
            return replies
        shown = [{k: v for k, v in reply.items() if k != "handoff"} for reply in replies]
        try:
            with stored():
                history = self._store.history(conversation, real_now())
                ticket = self.tickets.open(
                    Opening(
                        conversation=conversation,
                        account=caller.account,
                        vendor=caller.vendor,
                        channel=channel,
                        message_id=message_id,
                        transcript=tuple(self._transcript(conversation, history, at)),
                        orders=_facts(wish),
                        decisions=latest_decisions(history),
                        at=at,
                    )
                )
                expected = self._hours.expect(at, self.tickets.ahead(ticket))
        except StoreUnavailable as error:
            logger.error("no ticket for %s: %s", conversation, error)
            link = {"title": "联系人工", "url": self._settings.support_url}
            return [{**notice(words.DESK_DOWN), "kind": "outage", "buttons": [link]}]
        last = shown[-1]
        text = f"{last['text']}\n{expected}\n{_WHILE_WAITING}"
        shown[-1] = {**last, "text": text, "kind": "handoff", "buttons": [_LEAVE_BUTTON]}
        return shown

    def _transcript(
        self, conversation: str, history: list[dict[str, Any]], at: datetime
    ) -> Iterator[Line]:
        """What was said so far, an earlier agent's words in their place."""
        earlier: dict[str | None, list[Line]] = {}
        for line in self.tickets.live(conversation):
            earlier.setdefault(line.message_id, []).append(line)
        for entry in history:
            said, when = entry["message_id"], datetime.fromisoformat(entry["at"])
            when = when.astimezone(SHANGHAI)
            yield Line(0, f"in-{said}", "customer", "客户", entry["text"], said, when)
            for number, reply in enumerate(entry["replies"]):
                yield Line(0, f"out-{said}-{number}", "bot", BOT, reply["text"], said, when)
            for line in earlier.get(said, []):
                key = f"past-{line.id}"
                yield Line(0, key, line.role, line.sender, line.text, said, line.at)


def _says_leave(text: str) -> bool:
    return text.strip(" 。.!！~～，,") in words.LEAVING


def _facts(wish: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    orders = wish.get("orders")
    found = orders if isinstance(orders, list) else []
    return tuple(order for order in found if isinstance(order, dict) and order.get("id"))[
        :MOST_FACTS
    ]


def latest_decisions(history: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The latest decision of each order that a stored reply gave, oldest first.

    The one an answer rests on goes over what it says of the order besides.
    """
    latest: dict[Any, dict[str, Any]] = {}
    for entry in history:
        for reply in entry["replies"]:
            for decision in [*(reply.get("decisions") or []), reply.get("decision")]:
                if isinstance(decision, dict):
                    latest.pop(decision.get("order_id"), None)
                    latest[decision.get("order_id")] = decision
    return tuple(latest.values())[-MOST_FACTS:]
