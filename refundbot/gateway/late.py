"""Answers that were promised: asks again until what was down is back, then tells the customer.

One task of the gateway. It sleeps until a question is due or somebody says that there is news.
While nothing gets through it tries one question a second and leaves the rest alone; as soon as one
gets through all are tried, a few at a time. A try runs in its conversation's lane,
never beside a live turn, and is decided anew at that instant. Its turn is late: actions change
nothing in it.

A customer who says 算了 meanwhile is still answered: an answer is information, nothing is done.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.concurrency import run_in_threadpool

from refundbot.clock import now
from refundbot.desk.tickets import OPEN
from refundbot.gateway import phrases
from refundbot.gateway.delivery import Delivery
from refundbot.gateway.lanes import Lanes
from refundbot.gateway.people import Message, People
from refundbot.gateway.questions import Questions
from refundbot.gateway.rasa import Rasa, RasaUnavailable
from refundbot.gateway.replies import waits_for
from refundbot.gateway.store import Button, StoreUnavailable, real_now
from refundbot.gateway.waiting import Part, Question, pause
from refundbot.identity import Caller
from refundbot.settings import Settings

logger = logging.getLogger("refundbot.late")

PROBE = 1.0  # seconds between two tries while nothing gets through
LOOK_AGAIN = 30.0  # seconds; for questions that a process left behind which has ended
TIMEOUT = 10.0  # seconds for one try: live turns of the conversation wait behind it
AT_ONCE = 4  # conversations answered at the same time
_IN_QUEUE = 9  # tries that stand for the longest pause: the queue is looked at again then


class LateAnswers:
    """Answers waiting questions while it runs."""

    def __init__(
        self,
        settings: Settings,
        questions: Questions,
        rasa: Rasa,
        people: People,
        lanes: Lanes,
        deliveries: Mapping[str, Delivery],
    ) -> None:
        """Wire it up.

        Args:
            settings: of the gateway.
            questions: the waiting questions.
            rasa: who answers.
            people: desk and reviewers.
            lanes: shared with the live turns.
            deliveries: by channel; a channel without one finds the answer in the history.
        """
        self._settings = settings
        self._questions = questions
        self._rasa = rasa
        self._people = people
        self._lanes = lanes
        self._deliveries = deliveries
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._down = False  # nothing got through at the last try

    def start(self) -> None:
        """Begin; questions that a stopped gateway left are found at once."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """There is news: a question was kept, or something may be back."""
        self._news.set()

    async def close(self) -> None:
        """End; what is being tried is given back first."""
        self._closing = True  # Python 3.10's wait_for may swallow a cancellation
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while not self._closing:
            self._news.clear()
            try:
                if not await self._pass():
                    await asyncio.sleep(PROBE)
                    continue
                seconds = await self._until_due()
            except StoreUnavailable as error:
                logger.warning("waiting questions cannot be read: %s", error)
                seconds = LOOK_AGAIN
            except Exception:  # whatever it is, the other promises are still to be kept
                logger.exception("a pass over the waiting questions failed")
                seconds = LOOK_AGAIN
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), seconds)

    async def _until_due(self) -> float:
        due = await run_in_threadpool(self._questions.next_due)
        if due is None:
            return LOOK_AGAIN
        return min(max((due - real_now()).total_seconds(), 0.01), LOOK_AGAIN)

    async def _pass(self) -> bool:
        """Try what is due; False when the first try did not get through."""
        due = await run_in_threadpool(self._questions.due, real_now())
        if not due:
            return True
        if not await self._conversation(due[0]):
            self._down = True
            return False
        if self._down:
            self._down = False
            await run_in_threadpool(self._questions.hurry, real_now())
        await asyncio.gather(*(self._conversation(name) for name in due[1:AT_ONCE]))
        return True

    async def _conversation(self, conversation: str) -> bool:
        """Try a conversation's questions in the order asked; False when one did not get through."""
        through = True
        async with self._lanes.join(conversation):
            for question in await run_in_threadpool(self._questions.of, conversation):
                lease = await run_in_threadpool(self._questions.claim, question, real_now())
                if lease is None:
                    continue
                try:
                    down = await self._one(question, lease)
                except asyncio.CancelledError:
                    await self._put_off(question, lease, 0)
                    raise
                if down is not None:
                    through = False
                    # Without orders the next question may still be answered; without Rasa none.
                    rest = down == "system"
                    await self._put_off(question, lease, question.tries + 1, rest=rest)
                    if rest:
                        break
        return through

    async def _put_off(
        self, question: Question, lease: str, tries: int, *, rest: bool = False
    ) -> None:
        until = real_now() + pause(tries)
        await run_in_threadpool(self._questions.put_off, question, lease, until, rest=rest)

    async def _one(self, question: Question, lease: str) -> Part | None:
        """One try at one question; the part that is still down, if one is."""
        conversation = question.turn.conversation
        status = await run_in_threadpool(self._people.holding, conversation)
        if status == OPEN:  # the transcript holds the question, and a person answers it
            await self._finish(question, lease, [], "dropped")
            return None
        if real_now() >= question.gives_up_at:
            said = phrases.gave_up(self._settings, *_asked(question), now())
            await self._finish(question, lease, [said], "gave_up")
            return None
        if status is not None:  # in the queue the bot is silent; who leaves it is answered
            await self._put_off(question, lease, _IN_QUEUE)
            return None
        try:
            replies = await self._rasa.turn(question.turn, question.said, TIMEOUT)
        except RasaUnavailable as error:
            logger.info("still no turn: %s %s: %s", conversation, question.message_id, error)
            return "system"
        down = waits_for(replies)
        if down is not None:
            return down
        answer = await run_in_threadpool(self._heard, question, replies)
        shown, pressed, asked = _asked(question)
        answer = phrases.late(answer, question.part, shown, pressed, asked, now())
        await self._finish(question, lease, answer, "answered")
        return None

    def _heard(self, question: Question, replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The replies as the client may see them; a person is offered, not called."""
        if any("handoff" in reply for reply in replies):
            return [phrases.ask_for_person(self._settings)]
        turn = question.turn
        pressed = turn.kind == "button"
        message = Message(
            turn.conversation,
            question.message_id,
            "" if pressed else question.said,
            Button(question.shown, question.said) if pressed else None,
        )
        caller = Caller(turn.account, turn.vendor, None)
        return self._people.attend(caller, message, turn.channel, replies, now())

    async def _finish(
        self, question: Question, lease: str, replies: list[dict[str, Any]], outcome: str
    ) -> None:
        """Store the end of a question and bring it to the customer."""
        conversation = question.turn.conversation
        stored = await run_in_threadpool(
            self._questions.answer, question, lease, replies, now(), real_now()
        )
        if stored is None:
            return  # the same question was answered meanwhile, here or by another process
        _log(question, outcome)
        delivery = self._deliveries.get(question.turn.channel)
        if delivery is None:
            return
        try:
            await delivery.deliver(conversation, question.message_id, stored)
        except Exception:  # it is stored, and the history shows it
            logger.exception("late answer not delivered: %s", question.message_id)


def _asked(question: Question) -> tuple[str, bool, Any]:
    return question.shown, question.turn.kind == "button", question.asked_at


def _log(question: Question, outcome: str) -> None:
    """One JSON line a late answer: ids and times, never what was said."""
    waited = (now() - question.asked_at).total_seconds()
    logger.info(
        json.dumps(
            {
                "event": "late_answer",
                "conversation": question.turn.conversation,
                "message_id": question.message_id,
                "outcome": outcome,
                "tries": question.tries + 1,
                "waited_s": round(waited),
            }
        )
    )
