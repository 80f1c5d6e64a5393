"""One message, door to door: in order within its conversation, answered exactly once.

A turn runs as its own task. A repeat that arrives meanwhile joins it; a caller who is told
that it is slow can ask again with the same message id and gets the answer when there is one.
The tasks live in this process, so one conversation must be served by one gateway process.
"""

import asyncio
import json
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from refundbot import typed_text
from refundbot.applications.chat_steps import changes
from refundbot.clock import now
from refundbot.gateway import phrases
from refundbot.gateway.buttons import ButtonSigner
from refundbot.gateway.errors import ApiError
from refundbot.gateway.lanes import Lanes, Place
from refundbot.gateway.late import LateAnswers
from refundbot.gateway.people import Message, People
from refundbot.gateway.questions import NotKept, Questions
from refundbot.gateway.rasa import Rasa, RasaUnavailable
from refundbot.gateway.replies import waits_for
from refundbot.gateway.store import Button, Store, StoreUnavailable, real_now
from refundbot.gateway.waiting import Part
from refundbot.identity import Caller, Kind, Turn
from refundbot.settings import Settings

logger = logging.getLogger("refundbot.turns")

CHANNEL = "console"
MAX_WAITING = 5  # messages of one conversation that wait or run
MAX_RUNNING = 300  # turns of all conversations that wait or run


@dataclass(frozen=True)
class Incoming:
    """One message of a client: typed ``text``, or the token of a ``button``."""

    message_id: str
    text: str | None
    button: str | None


@dataclass(frozen=True)
class Answer:
    """What the client gets.

    Attributes:
        replies: at least one, but none while an agent has the conversation.
        outcome: answered, repeated, failed (may be sent again), pending (ask again), or waiting
            (something is down; the answer comes by itself, see `refundbot.gateway.late`).
    """

    replies: list[dict[str, Any]]
    outcome: str


def conversation_id(caller: Caller, conversation: str) -> str:
    """The server's name of a client's conversation: nobody can name another identity's."""
    return f"{caller.key}:{conversation}"


class Turns:
    """Runs turns, each once, in order."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        rasa: Rasa,
        signer: ButtonSigner,
        people: People,
        questions: Questions,
        late: LateAnswers,
        lanes: Lanes,
    ) -> None:
        self._settings = settings
        self._questions = questions
        self._late = late
        self._lanes = lanes
        self._people = people
        self._store = store
        self._rasa = rasa
        self._signer = signer
        self._running: dict[tuple[str, str], asyncio.Task[Answer]] = {}

    def is_running(self, conversation: str, message_id: str) -> bool:
        """Whether this message's turn is under way."""
        return (conversation, message_id) in self._running

    async def answer(self, caller: Caller, conversation: str, incoming: Incoming) -> Answer:
        """Answer a message, or say within ``turn_timeout`` seconds that it takes longer.

        Args:
            caller: verified identity.
            conversation: of `conversation_id`.
            incoming: the message.

        Raises:
            ApiError: 429 when too many messages of this conversation wait.
            StoreUnavailable: the database did not answer; nothing is promised.
        """
        key = (conversation, incoming.message_id)
        task = self._running.get(key)
        if task is None:
            place = self._enter(conversation)
            task = asyncio.create_task(self._in_order(place, caller, conversation, incoming))
            self._running[key] = task
            task.add_done_callback(lambda done: self._finished(key, done))
        # Not cancelled when the client hangs up: the answer is stored for its next request.
        done, _ = await asyncio.wait({task}, timeout=self._settings.turn_timeout)
        if not done:
            return Answer([phrases.outage(self._settings, phrases.SLOW)], "pending")
        return task.result()

    async def close(self) -> None:
        """End what still runs, at shutdown."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _enter(self, conversation: str) -> Place:
        full = self._lanes.length(conversation) >= MAX_WAITING
        if full or len(self._running) >= MAX_RUNNING:
            raise ApiError(429, "queue_full", phrases.QUEUE_FULL, {"Retry-After": "5"})
        return self._lanes.join(conversation)

    def _finished(self, key: tuple[str, str], task: "asyncio.Task[Answer]") -> None:
        self._running.pop(key, None)
        if not task.cancelled() and task.exception() is not None:
            logger.error("turn broke: %s %s: %s", *key, type(task.exception()).__name__)

    async def _in_order(
        self, place: Place, caller: Caller, conversation: str, incoming: Incoming
    ) -> Answer:
        started = time.monotonic()
        outcome = "broken"
        try:
            async with place:
                answer = await self._once(caller, conversation, incoming)
                outcome = answer.outcome
                return answer
        finally:
            _log(conversation, incoming.message_id, outcome, time.monotonic() - started)

    async def _once(self, caller: Caller, conversation: str, incoming: Incoming) -> Answer:
        kind: Kind = "button" if incoming.button is not None else "text"
        typed = typed_text.clean(incoming.text or "")
        shown = "[按钮]" if kind == "button" else typed
        shown = shown if len(shown) <= typed_text.MAX_LENGTH else shown[:200] + "…"
        received = await run_in_threadpool(
            self._store.receive, conversation, incoming.message_id, kind, shown, now()
        )
        if received.replies is not None:
            outcome = "waiting" if received.waiting else "repeated"
            return Answer(self._sealed(received.replies), outcome)
        fixed: str | None
        button: Button | None = None
        if incoming.button is not None:
            button = await self._button(incoming.button, conversation, received.id)
            text, fixed = ("", phrases.BUTTON_DEAD) if button is None else (button.payload, None)
        else:
            text, fixed = typed_text.inert(typed), _fixed(typed)
        message = Message(conversation, incoming.message_id, typed, button)
        if fixed in (None, phrases.EMOJI):  # a person understands an emoji
            heard = await run_in_threadpool(self._people.receive, message, now())
            if heard is not None:
                return await self._store_answer(received.id, conversation, heard)
        if fixed is not None:
            return await self._store_answer(received.id, conversation, [phrases.notice(fixed)])
        turn = Turn(conversation, caller.account, caller.vendor, CHANNEL, kind)
        try:
            replies = await self._rasa.turn(turn, text)
        except RasaUnavailable as error:
            logger.warning("no turn: %s %s: %s", conversation, incoming.message_id, error)
            wanted = self._people.wanted(message)
            if wanted is None:
                reply = phrases.outage(self._settings, phrases.DOWN)
                return await self._keep(received.id, turn, text, "system", reply)
            replies = wanted
        part = waits_for(replies)
        if part is not None:
            reply = {key: value for key, value in replies[0].items() if key != "later"}
            return await self._keep(received.id, turn, text, part, reply)
        attended = await run_in_threadpool(
            self._people.attend, caller, message, CHANNEL, replies, now()
        )
        return await self._store_answer(received.id, conversation, attended, turn, text)

    async def _keep(
        self, inbound_id: int, turn: Turn, text: str, part: Part, otherwise: dict[str, Any]
    ) -> Answer:
        """Promise a late answer once the question is stored; ``otherwise`` promises nothing.

        A button that changes something is not kept: whoever pressed it shall see it happen.
        """
        try:
            if turn.kind == "button" and changes(text):
                raise NotKept
            already = await run_in_threadpool(self._questions.already, turn, text)
            promise = phrases.promise(self._settings, part, already)
            stored = await run_in_threadpool(
                self._questions.keep, inbound_id, turn, text, part, promise, now(), real_now()
            )
        except (NotKept, StoreUnavailable) as error:
            logger.warning("not kept: %s: %s", turn.conversation, type(error).__name__)
            with suppress(StoreUnavailable):
                await run_in_threadpool(self._store.fail, inbound_id)
            links = phrases.outage(self._settings, otherwise["text"])["buttons"]
            return Answer([{**otherwise, "buttons": links}], "failed")
        self._late.wake()
        return Answer(self._sealed(stored), "waiting")

    async def _button(self, token: str, conversation: str, inbound_id: int) -> Button | None:
        """What a live button stands for, or None when it is dead."""
        button_id = self._signer.read(token)
        if button_id is None:
            return None
        return await run_in_threadpool(
            self._store.use_button, button_id, conversation, inbound_id, real_now()
        )

    async def _store_answer(
        self,
        inbound_id: int,
        conversation: str,
        replies: list[dict[str, Any]],
        turn: Turn | None = None,
        text: str = "",
    ) -> Answer:
        """Store an answer; one of Rasa's (``turn``, ``text``) also settles what waited."""
        real, others = real_now(), False

        def settle(session: Session) -> None:
            nonlocal others
            others = turn is not None and self._questions.settle(session, turn, text, real)

        stored = await run_in_threadpool(
            self._store.answer, inbound_id, conversation, replies, now(), real, settle
        )
        if others:
            self._late.wake()
        return Answer(self._sealed(stored), "answered")

    def _sealed(self, replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [self._signer.seal(reply) for reply in replies]


def _fixed(typed: str) -> str | None:
    """The fixed sentence for a text that there is nothing to understand in, else None."""
    if len(typed) > typed_text.MAX_LENGTH:
        return phrases.TOO_LONG.format(length=len(typed), limit=typed_text.MAX_LENGTH)
    if typed_text.says_nothing(typed):
        return phrases.EMOJI
    if not typed_text.inert(typed):
        return phrases.EMPTY
    return None


def _log(conversation: str, message_id: str, outcome: str, seconds: float) -> None:
    """One JSON line a turn: ids and times, never what was said."""
    logger.info(
        json.dumps(
            {
                "event": "turn",
                "conversation": conversation,
                "message_id": message_id,
                "outcome": outcome,
                "ms": round(seconds * 1000),
            }
        )
    )
