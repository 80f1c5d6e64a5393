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
        candidates: ids of the list shown last, in the order numbered.
        shown: ids of the page of it that is on the screen.
        pending_question: question waiting for the customer to say which order.
        last_question: question answered last.
        misses: messages in a row that were not understood.
    """

    order_id: str | None = None
    candidates: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
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
        clauses: (question, its words) of a message that asks several things; else empty.
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
    clauses: tuple[tuple[str, str], ...]
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
    clauses = _clauses(message.get("clauses"))
    return Ask(
        conversation=turn.conversation,
        account=turn.account,
        vendor=turn.vendor,
        text=str(message.get("text") or ""),
        intent=intent,
        intents=tuple(dict.fromkeys(name for name, _ in clauses)) or (intent,),
        clauses=clauses,
        ranking=tuple(
            (str(entry["name"]), float(entry.get("confidence", 0)))
            for entry in message.get("intent_ranking") or []
        ),
        mentions=read_mentions(message.get("entities") or []),
        memory=_memory(slots),
        as_of=as_of,
        late=turn.late,
    )


def _clauses(raw: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(raw, list) or len(raw) < 2:
        return ()
    return tuple(
        (str(clause.get("intent")), str(clause.get("text") or ""))
        for clause in raw
        if isinstance(clause, Mapping) and float(clause.get("confidence", 0)) >= _CLAUSE_CONFIDENCE
    )


def _memory(slots: Mapping[str, Any]) -> Memory:
    return Memory(
        order_id=slots.get("order_id"),
        candidates=tuple(slots.get("candidates") or ()),
        shown=tuple(slots.get("shown") or ()),
        pending_question=slots.get("pending_question"),
        last_question=slots.get("last_question"),
        misses=int(slots.get("misses") or 0),
    )


__all__ = ["Ask", "IdentityError", "Memory", "read_ask"]
