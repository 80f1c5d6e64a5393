"""One message as an action sees it: who asks, what about, and what was said before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.mentions import Mentions, read_mentions
from refundbot.identity import IdentityError, verify_turn

# Below this confidence a clause of a longer message is not taken for a question of its own.
_CLAUSE_CONFIDENCE = 0.5


@dataclass(frozen=True)
class Memory:
    """What the conversation remembers; kept in Rasa's slots.

    Attributes:
        order_id: order the conversation is about.
        candidates: ids of the orders shown last, in the order shown.
        pending_question: question waiting for the customer to say which order.
        last_question: question answered last.
        misses: messages in a row that were not understood.
    """

    order_id: str | None = None
    candidates: tuple[str, ...] = ()
    pending_question: str | None = None
    last_question: str | None = None
    misses: int = 0


@dataclass(frozen=True)
class Ask:
    """One message.

    Attributes:
        conversation: server-side conversation id.
        account: verified account, or None for a visitor.
        vendor: whose rules apply.
        text: what was typed.
        intent: recognised intent.
        intents: all questions in the message, in the order asked; at least ``intent``.
        ranking: (intent, confidence), best first.
        mentions: what points at an order.
        memory: what was said before.
        as_of: the instant everything in this turn is decided at.
        late: the customer said it a while ago and was not answered then: nothing may be changed
            for it now.
    """

    conversation: str
    account: str | None
    vendor: str
    text: str
    intent: str
    intents: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...]
    mentions: Mentions
    memory: Memory
    as_of: datetime
    late: bool = False


def read_ask(message: Mapping[str, Any], slots: Mapping[str, Any], as_of: datetime) -> Ask:
    """Build the Ask of a tracker's latest message.

    The identity is taken from the signed turn token and from nowhere else.

    Raises:
        IdentityError: the token is missing, forged or expired.
    """
    turn = verify_turn((message.get("metadata") or {}).get("identity"))
    intent = str((message.get("intent") or {}).get("name") or "nlu_fallback")
    return Ask(
        conversation=turn.conversation,
        account=turn.account,
        vendor=turn.vendor,
        text=str(message.get("text") or ""),
        intent=intent,
        intents=_intents(intent, message.get("clauses")),
        ranking=tuple(
            (str(entry["name"]), float(entry.get("confidence", 0)))
            for entry in message.get("intent_ranking") or []
        ),
        mentions=read_mentions(message.get("entities") or []),
        memory=_memory(slots),
        as_of=as_of,
        late=turn.late,
    )


def _intents(intent: str, clauses: Any) -> tuple[str, ...]:
    if not isinstance(clauses, list) or len(clauses) < 2:
        return (intent,)
    sure = [
        str(clause.get("intent"))
        for clause in clauses
        if isinstance(clause, Mapping) and float(clause.get("confidence", 0)) >= _CLAUSE_CONFIDENCE
    ]
    return tuple(dict.fromkeys(sure)) or (intent,)


def _memory(slots: Mapping[str, Any]) -> Memory:
    return Memory(
        order_id=slots.get("order_id"),
        candidates=tuple(slots.get("candidates") or ()),
        pending_question=slots.get("pending_question"),
        last_question=slots.get("last_question"),
        misses=int(slots.get("misses") or 0),
    )


__all__ = ["Ask", "IdentityError", "Memory", "read_ask"]
