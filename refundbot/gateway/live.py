"""What was not said in a response reaches the customer at once: ``/api/chat/live``.

A client follows its conversation while a ticket is waiting or open, and while a question waits
for something that is down. News come as server-sent events:

* ``line``: a person's words, with an id that grows (send the last one as ``Last-Event-ID`` to
  miss nothing); ``state``: the queue or the agent, null when there is no ticket any more;
* ``waiting``: the messages whose answers are owed, when the stream begins: another one that a
  client still waits for was answered before, and is in the history; ``late``: all replies to a
  message that was one of them;
* ``end``: neither a ticket nor a waiting question is there.

A stream ends by itself after `STREAM_LIFE`, before the caller's token does; the client asks again.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from refundbot.clock import now
from refundbot.desk.interface import Line
from refundbot.gateway.bodies import check_conversation
from refundbot.gateway.buttons import ButtonSigner
from refundbot.gateway.errors import ApiError
from refundbot.gateway.frontdesk import FrontDesk, stored
from refundbot.gateway.limits import Limiter
from refundbot.gateway.questions import Questions
from refundbot.gateway.store import StoreUnavailable
from refundbot.gateway.turns import conversation_id
from refundbot.identity import Caller

STREAM_LIFE = 240.0  # seconds
LOOK_AGAIN = 3.0  # seconds; news of this process come at once, other processes' with this delay
LOOK_LATER = 15.0  # seconds, without a ticket: in an outage many follow and nothing happens
MAX_STREAMS = 6  # of one caller
MAX_ALL = 1000

TOO_MANY = "打开的窗口太多了，请关掉几个再试。"


def line_json(line: Line) -> dict[str, Any]:
    """A line of an agent or of the desk, as clients get it."""
    return {
        "id": line.id,
        "role": line.role,
        "sender": line.sender,
        "text": line.text,
        "after": line.message_id,
        "at": line.at.isoformat(),
    }


def event(name: str, data: dict[str, Any] | None, number: int | None = None) -> ServerSentEvent:
    """One server-sent event; its data on one line."""
    text = json.dumps(data, ensure_ascii=False)
    return ServerSentEvent(text, event=name, id=None if number is None else str(number))


def after_of(request: Request) -> int:
    """The last line the client has: ``Last-Event-ID``, else ``?after=``, else 0."""
    text = request.headers.get("last-event-id") or request.query_params.get("after") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


@dataclass(frozen=True)
class _Look:
    """What there is to see now: new lines, the ticket's state, and the answers still owed."""

    lines: list[Line]
    state: dict[str, Any] | None
    waiting: dict[str, int]


class LiveApi:
    """Streams a caller's own conversation; nobody can name another's."""

    def __init__(
        self,
        desk: FrontDesk,
        questions: Questions,
        signer: ButtonSigner,
        caller: Callable[[Request], Caller],
        limiter: Limiter,
    ) -> None:
        self._desk = desk
        self._questions = questions
        self._signer = signer
        self._limiter = limiter
        self._caller = caller
        self._streams: Counter[str] = Counter()

    def routes(self) -> list[Route]:
        """The route, with its full path."""
        return [Route("/api/chat/live", self.live, methods=["GET"])]

    def _look(self, conversation: str, after: int, at: datetime) -> _Look:
        # The state first: a line that ends the ticket is then never missed.
        state = self._desk.state(conversation, at)
        with stored():
            lines = self._desk.tickets.live(conversation, after)
        return _Look(lines, state, self._questions.waiting(conversation))

    def _late(self, message_id: str, inbound_id: int) -> ServerSentEvent:
        replies = [self._signer.seal(reply) for reply in self._questions.replies(inbound_id)]
        return event("late", {"message_id": message_id, "replies": replies})

    async def live(self, request: Request) -> Response:
        """``GET /api/chat/live?conversation=&after=``: events, or for programs one JSON look."""
        caller = self._caller(request)
        self._limiter.hit(caller.key)
        name = check_conversation(request.query_params.get("conversation"))
        conversation, after = conversation_id(caller, name), after_of(request)
        if "text/event-stream" not in request.headers.get("accept", ""):
            look = await run_in_threadpool(self._look, conversation, after, now())
            return JSONResponse(
                {
                    "lines": [line_json(line) for line in look.lines],
                    "state": look.state,
                    "waiting": list(look.waiting),
                }
            )
        if self._streams[caller.key] >= MAX_STREAMS or self._streams.total() >= MAX_ALL:
            raise ApiError(429, "too_many_streams", TOO_MANY, {"Retry-After": "30"})
        return EventSourceResponse(
            self._events(caller.key, conversation, after),
            ping=15,
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _events(
        self, key: str, conversation: str, after: int
    ) -> AsyncIterator[ServerSentEvent]:
        ends = asyncio.get_running_loop().time() + STREAM_LIFE
        told: dict[str, Any] | None = None
        owed: dict[str, int] = {}
        self._streams[key] += 1
        try:
            with self._desk.tickets.bell.listen(conversation) as ear:
                while (left := ends - asyncio.get_running_loop().time()) > 0:
                    look = await run_in_threadpool(self._look, conversation, after, now())
                    for line in look.lines:
                        after = line.id
                        yield event("line", line_json(line), line.id)
                    for message_id in [each for each in owed if each not in look.waiting]:
                        yield await run_in_threadpool(self._late, message_id, owed[message_id])
                    if look.state is None and not look.waiting:
                        yield event("end", {})
                        return
                    if look.waiting.keys() - owed.keys():
                        yield event("waiting", {"message_ids": list(look.waiting)})
                    owed = look.waiting
                    if look.state != told:
                        told = look.state
                        yield event("state", told)
                    await ear.wait(min(LOOK_AGAIN if look.state else LOOK_LATER, left))
        except StoreUnavailable:
            return  # the client comes back with the last id it has
        finally:
            self._streams[key] -= 1
            if not self._streams[key]:
                del self._streams[key]
