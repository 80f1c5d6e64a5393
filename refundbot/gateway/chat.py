"""The chat's HTTP interface for the widget and the command line: ``/api/chat``."""

import logging
import secrets
import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from refundbot.clock import now
from refundbot.gateway import phrases
from refundbot.gateway.bodies import check_conversation, check_message, read_json
from refundbot.gateway.buttons import ButtonSigner
from refundbot.gateway.errors import ApiError
from refundbot.gateway.frontdesk import FrontDesk, stored
from refundbot.gateway.limits import VISITORS_RATE, Limiter
from refundbot.gateway.live import line_json
from refundbot.gateway.store import Store, real_now
from refundbot.gateway.turns import Incoming, Turns, conversation_id
from refundbot.identity import (
    MAX_LIFETIME,
    Caller,
    IdentityError,
    bearer,
    mint_visitor_token,
    renewed_visitor,
    verify_caller,
)
from refundbot.review.store import Reviews
from refundbot.settings import Settings

logger = logging.getLogger(__name__)


class ChatApi:
    """Verifies who asks before anything else, then hands the message to `Turns`."""

    def __init__(
        self,
        settings: Settings,
        turns: Turns,
        store: Store,
        signer: ButtonSigner,
        desk: FrontDesk,
        reviews: Reviews,
        rate: str,
    ) -> None:
        self._settings = settings
        self._turns = turns
        self._store = store
        self._signer = signer
        self._desk = desk
        self._reviews = reviews
        self.limiter = Limiter(rate)
        self._visitors = Limiter(VISITORS_RATE)

    def routes(self) -> list[Route]:
        """The routes, with their full paths."""
        return [
            Route("/api/chat/messages", self.message, methods=["POST"]),
            Route("/api/chat/history", self.history, methods=["GET"]),
            Route("/api/chat/visitor-token", self.visitor_token, methods=["POST"]),
        ]

    def caller(self, request: Request) -> Caller:
        """Who asks.

        Raises:
            ApiError: 401.
        """
        try:
            return verify_caller(
                bearer(request.headers.get("authorization")),
                console_secret=self._settings.console_secret,
                internal_secret=self._settings.internal_secret,
            )
        except IdentityError as error:
            logger.info("token refused: %s", error.code)
            headers = {"WWW-Authenticate": "Bearer"}
            raise ApiError(401, "unauthorized", phrases.UNAUTHORIZED, headers) from error

    async def message(self, request: Request) -> JSONResponse:
        """``POST /api/chat/messages``: one message, its replies.

        A repeat of the same message id gets the stored replies; it neither runs a turn again
        nor counts against the rate while that turn is under way.
        """
        started = time.monotonic()
        caller = self.caller(request)
        body = check_message(await read_json(request))
        conversation = conversation_id(caller, body["conversation"])
        incoming = Incoming(body["message_id"], body.get("text"), body.get("button"))
        if not self._turns.is_running(conversation, incoming.message_id):
            self.limiter.hit(caller.key)
        answer = await self._turns.answer(caller, conversation, incoming)
        return JSONResponse(
            {
                "message_id": incoming.message_id,
                "replies": answer.replies,
                "outcome": answer.outcome,
                "latency_ms": round((time.monotonic() - started) * 1000),
            }
        )

    async def history(self, request: Request) -> JSONResponse:
        """``GET /api/chat/history?conversation=``: the caller's own conversation, oldest first.

        ``live`` are the words of people, each with the message it comes ``after``; ``desk`` is
        the state of a waiting or open ticket, else null.
        """
        caller = self.caller(request)
        self.limiter.hit(caller.key)
        name = check_conversation(request.query_params.get("conversation"))
        conversation = conversation_id(caller, name)
        entries = await run_in_threadpool(self._store.history, conversation, real_now())
        for entry in entries:
            entry["replies"] = [self._signer.seal(reply) for reply in entry["replies"]]
            if entry["status"] == "received" and not self._turns.is_running(
                conversation, entry["message_id"]
            ):
                entry["status"] = "failed"  # the process that ran it has ended
        people = await run_in_threadpool(self._people, conversation, entries)
        return JSONResponse({"messages": entries, **people})

    def _people(self, conversation: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
        """What people added to these messages: an agent's lines, the ticket, the votes."""
        shown = {entry["message_id"] for entry in entries}
        state = self._desk.state(conversation, now())
        with stored():
            lines = self._desk.tickets.live(conversation)
            votes = self._reviews.votes(conversation)
        for entry in entries:
            entry["vote"] = votes.get(entry["message_id"])
        live = [line_json(line) for line in lines if line.message_id in shown]
        return {"live": live, "desk": state}

    async def visitor_token(self, request: Request) -> JSONResponse:
        """``POST /api/chat/visitor-token``: a token without an account.

        A visitor who sends their last token, at most 24 hours past its end, keeps their id
        and with it their conversation.
        """
        self._visitors.hit(request.client.host if request.client else "unknown")
        visitor = secrets.token_hex(16)
        if "authorization" in request.headers:
            try:
                visitor = renewed_visitor(
                    bearer(request.headers["authorization"]),
                    internal_secret=self._settings.internal_secret,
                )
            except IdentityError as error:
                logger.info("visitor starts anew: %s", error.code)
        token = mint_visitor_token(visitor, self._settings.vendor, self._settings.internal_secret)
        return JSONResponse({"token": token, "expires_in": MAX_LIFETIME, "account": None})
