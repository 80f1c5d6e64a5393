"""``POST /api/chat/feedback``: 👍 or 👎 on an answer, with a reason when there is one."""

from collections.abc import Callable
from typing import Any, cast

from jsonschema import Draft202012Validator
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from refundbot.clock import now
from refundbot.gateway import phrases
from refundbot.gateway.bodies import MESSAGE, read_json
from refundbot.gateway.errors import ApiError
from refundbot.gateway.frontdesk import stored
from refundbot.gateway.limits import Limiter
from refundbot.gateway.rows import replies_of
from refundbot.gateway.store import ANSWERED
from refundbot.gateway.tables import InboundMessage
from refundbot.gateway.turns import conversation_id
from refundbot.identity import Caller
from refundbot.review.store import Reviews, Value

MAX_REASON = 500  # characters
NO_ANSWER = "没有找到这条回答，请刷新页面后再试。"

_FIELDS: dict[str, Any] = {
    "conversation": MESSAGE["properties"]["conversation"],
    "message_id": MESSAGE["properties"]["message_id"],
    "value": {"enum": ["up", "down"], "description": "应为 up 或 down"},
    "reason": {
        "type": "string",
        "maxLength": MAX_REASON,
        "description": f"应为 {MAX_REASON} 字以内的文字",
    },
}


def _check(body: Any) -> dict[str, str]:
    """A valid body.

    Raises:
        ApiError: 422, naming the field and what is allowed there.
    """
    detail = None
    if not isinstance(body, dict):
        detail = "应为 JSON 对象"
    elif set(body) - set(_FIELDS):
        detail = f"只能有 {'、'.join(_FIELDS)} 这几个字段"
    else:
        for name, rule in _FIELDS.items():
            if name not in body and name != "reason":
                detail = f"缺少 {name}"
                break
            if name in body and not Draft202012Validator(rule).is_valid(body[name]):
                detail = f"{name} {rule['description']}"
                break
    if detail is not None:
        raise ApiError(422, "invalid", phrases.BAD_REQUEST.format(detail=detail))
    return cast("dict[str, str]", body)


class FeedbackApi:
    """Votes on the caller's own conversation only."""

    def __init__(
        self,
        sessions: Callable[[], Session],
        reviews: Reviews,
        caller: Callable[[Request], Caller],
        limiter: Limiter,
    ) -> None:
        self._limiter = limiter
        self._sessions = sessions
        self._reviews = reviews
        self._caller = caller

    def routes(self) -> list[Route]:
        """The route, with its full path."""
        return [Route("/api/chat/feedback", self.vote, methods=["POST"])]

    async def vote(self, request: Request) -> JSONResponse:
        """One vote a message; sent again it replaces the one before."""
        caller = self._caller(request)
        self._limiter.hit(caller.key)
        body = _check(await read_json(request))
        conversation = conversation_id(caller, body["conversation"])
        await run_in_threadpool(self._count, conversation, body)
        return JSONResponse({"message_id": body["message_id"], "value": body["value"]})

    def _count(self, conversation: str, body: dict[str, str]) -> None:
        with stored():
            with self._sessions() as session:
                row = session.execute(
                    select(InboundMessage).where(
                        InboundMessage.conversation == conversation,
                        InboundMessage.message_id == body["message_id"],
                        InboundMessage.status == ANSWERED,
                    )
                ).scalar_one_or_none()
                answers = [] if row is None else replies_of(session, row.id)
            if row is None or not answers:
                raise ApiError(404, "no_answer", NO_ANSWER)
            self._reviews.vote(
                conversation,
                body["message_id"],
                cast(Value, body["value"]),
                body.get("reason", "").strip(),
                text=row.text,
                answer="\n".join(str(answer["text"]) for answer in answers),
                at=now(),
            )
