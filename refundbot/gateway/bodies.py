"""Request bodies: read with a limit, checked against a schema, refused with what is allowed."""

import json
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from starlette.requests import Request

from refundbot.gateway import phrases
from refundbot.gateway.errors import ApiError

MAX_BODY = 64 * 1024  # bytes

_ID = {"type": "string", "pattern": r"^[A-Za-z0-9_-]{1,64}\Z"}
_ID_HINT = "应为 1 到 64 个字母、数字、- 或 _"

# `description` is what the customer's programmer is told when a field is wrong.
MESSAGE: dict[str, Any] = {
    "type": "object",
    "description": "应为 JSON 对象，含 conversation、message_id，以及 text 或 button 之一",
    "required": ["conversation", "message_id"],
    "additionalProperties": False,
    "properties": {
        "conversation": {**_ID, "description": _ID_HINT},
        "message_id": {**_ID, "description": _ID_HINT},
        "text": {"type": "string", "description": "应为字符串"},
        "button": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1000,
            "description": "应为按钮里的 token",
        },
    },
    "oneOf": [{"required": ["text"]}, {"required": ["button"]}],
}
_MESSAGE = Draft202012Validator(MESSAGE)
_CONVERSATION = Draft202012Validator({**_ID, "description": _ID_HINT})


def _refused(detail: str) -> ApiError:
    return ApiError(422, "invalid", phrases.BAD_REQUEST.format(detail=detail))


async def read_json(request: Request) -> Any:
    """The request's JSON body.

    Raises:
        ApiError: 413 when larger than 64 KiB, 422 when not JSON.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise ApiError(413, "too_large", phrases.TOO_LARGE)
    try:
        return json.loads(bytes(body))
    except (ValueError, RecursionError):
        raise _refused("不是 JSON") from None


def check_message(body: Any) -> dict[str, str]:
    """A body of ``POST /api/chat/messages``, valid.

    Raises:
        ApiError: 422, naming the field and what is allowed there.
    """
    error = best_match(_MESSAGE.iter_errors(body))
    if error is None:
        valid: dict[str, str] = body
        return valid
    if error.absolute_path:
        field = str(error.absolute_path[0])
        raise _refused(f"{field} {MESSAGE['properties'][field]['description']}")
    if error.validator == "required" and isinstance(error.instance, dict):
        missing = [name for name in ("conversation", "message_id") if name not in error.instance]
        if missing:
            raise _refused(f"缺少 {'、'.join(missing)}")
    if error.validator == "additionalProperties":
        raise _refused("只能有 conversation、message_id、text、button 这几个字段")
    if isinstance(body, dict):
        raise _refused("text 和 button 要有且只有一个")
    raise _refused(MESSAGE["description"])


def check_conversation(value: object) -> str:
    """The ``conversation`` of a query, valid.

    Raises:
        ApiError: 422, saying what is allowed.
    """
    if not isinstance(value, str) or not _CONVERSATION.is_valid(value):
        raise _refused(f"conversation {_ID_HINT}")
    return value
