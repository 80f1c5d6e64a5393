"""Rasa's only way in: accepts nothing but a short-lived turn token signed by the gateway.

``credentials.yml`` names `InternalInput`. The sender id, and the identity that actions check
again, come from the verified token; nothing in the request's JSON can set them.
"""

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from refundbot import typed_text
from refundbot.identity import IdentityError, Turn, bearer, body_sha256, verify_turn_claims
from refundbot.settings import get_settings

logger = logging.getLogger(__name__)

MAX_BODY = 64 * 1024  # bytes
MAX_PAYLOAD = 4000  # characters of a button payload
WARM_UP = "我14号买的云服务器，花了280块，还能退吗？"  # parsed at the start, said by nobody
MAX_REMEMBERED = 20_000  # token ids; at 60 s a token that is over 300 turns a second


class SeenTokens:
    """Token ids that were used, each remembered until its token expires; bounded memory.

    When full of unexpired ids it refuses every new token rather than forget one.
    """

    def __init__(self, capacity: int = MAX_REMEMBERED) -> None:
        self._capacity = capacity
        self._expiry: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._expiry)

    def use(self, jti: str, expires: float, at: float) -> None:
        """Spend a token id once.

        Raises:
            IdentityError: it was spent before, or too many are alive.
        """
        if jti in self._expiry and self._expiry[jti] > at:
            raise IdentityError("replayed", "turn token was used before")
        if len(self._expiry) >= self._capacity:
            self._expiry = {key: end for key, end in self._expiry.items() if end > at}
            if len(self._expiry) >= self._capacity:
                raise IdentityError("replayed", "too many live turn tokens")
        self._expiry[jti] = expires


class TurnOutput(CollectingOutputChannel):
    """Collects one turn's messages; long texts stay whole instead of being split at blank lines."""

    @classmethod
    def name(cls) -> str:
        """Name under which Rasa's responses may choose a channel variant."""
        return "internal"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep a text as one message."""
        await self._persist_message(self._message(recipient_id, text=text))


def _refuse(status: int, code: str, message: str) -> HTTPResponse:
    return response.json({"code": code, "message": message}, status=status)


def _text_of(request: Request, turn: Turn) -> str:
    """The text to hand to Rasa; ValueError says what is wrong with the body."""
    body = request.json
    if not isinstance(body, dict) or set(body) != {"text"} or not isinstance(body["text"], str):
        raise ValueError('the body must be {"text": "..."}')
    text: str = body["text"]
    if turn.kind == "button":
        if not text.startswith("/") or len(text) > MAX_PAYLOAD:
            raise ValueError(f"a button payload begins with / and has at most {MAX_PAYLOAD} chars")
        return text
    if len(text) > typed_text.MAX_LENGTH:
        raise ValueError(f"text is longer than {typed_text.MAX_LENGTH} characters")
    harmless = typed_text.inert(text)
    if not harmless:
        raise ValueError("text has nothing to read")
    return harmless


class InternalInput(InputChannel):
    """The channel behind the gateway, at ``/webhooks/internal``."""

    def __init__(self, secret: str | None = None) -> None:
        self._secret = secret
        self._seen = SeenTokens()

    @classmethod
    def name(cls) -> str:
        """Part of the channel's address."""
        return "internal"

    def _turn(self, request: Request) -> tuple[Turn, str]:
        """The verified turn and its token; spends the token.

        Raises:
            IdentityError: the request must be refused.
        """
        token = bearer(request.headers.get("Authorization"))
        secret = self._secret or get_settings().internal_secret
        at = time.time()
        turn, claims = verify_turn_claims(token, secret, at=at)
        expected = claims.get("body_sha256")
        if not isinstance(expected, str) or not hmac.compare_digest(
            expected.encode(), body_sha256(request.body).encode()
        ):
            raise IdentityError("body", "token was signed for another body")
        self._seen.use(claims["jti"], float(claims["exp"]), at)
        return turn, token

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Routes: ``GET /`` readiness (a model is loaded), ``POST /webhook`` one turn."""
        blueprint = Blueprint("refundbot_internal", __name__.replace(".", "_"))

        @blueprint.listener("after_server_start")
        async def warm_up(app: Any, _: Any) -> None:
            # Dictionaries and kernels load at their first use; the first customer must not wait.
            agent = getattr(app.ctx, "agent", None)
            if agent is not None and agent.is_ready():
                await agent.parse_message(WARM_UP)

        @blueprint.route("/", methods=["GET"])
        async def ready(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return _refuse(503, "no_model", "no model is loaded")
            return response.json({"status": "ok", "model": agent.processor.model_filename})

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if len(request.body) > MAX_BODY:
                return _refuse(413, "too_large", f"body is larger than {MAX_BODY} bytes")
            try:
                turn, token = self._turn(request)
            except IdentityError as error:
                logger.warning("turn refused: %s", error.code)
                return _refuse(401, error.code, error.detail)
            try:
                text = _text_of(request, turn)
            except Exception as error:  # Sanic raises its own class for JSON that does not parse
                detail = str(error) if isinstance(error, ValueError) else "the body is not JSON"
                return _refuse(422, "body", detail)
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return _refuse(503, "no_model", "no model is loaded")
            output = TurnOutput()
            message = UserMessage(
                text,
                output,
                turn.conversation,
                input_channel=self.name(),
                metadata={"identity": token},
            )
            # Shielded: Sanic cancels a handler when its caller hangs up, and a turn stopped
            # half-way would leave the conversation without what the customer said.
            task = asyncio.ensure_future(on_new_message(message))
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                task.add_done_callback(_log_late_failure)
                raise
            except Exception:
                logger.exception("turn failed in conversation %s", turn.conversation)
                return _refuse(502, "turn_failed", "the turn failed")
            return response.json({"messages": output.messages})

        return blueprint


def _log_late_failure(task: "asyncio.Future[Any]") -> None:
    if not task.cancelled() and task.exception() is not None:
        logger.error("turn failed after its caller had gone", exc_info=task.exception())
