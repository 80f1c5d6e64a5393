"""What Rasa sent, read strictly: replies for the client, or nothing when it is no answer."""

import logging
import re
from typing import Any, Literal
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)

MAX_TITLE = 80  # characters of a button's title
NOTES = ("handoff", "review", "later")  # what an action may tell the gateway beside the answer
_KIND = re.compile(r"[a-z_]{1,32}")


def is_link(url: object) -> bool:
    """Whether a link may be shown: http, https, or a path on this site."""
    if not isinstance(url, str) or any(c.isspace() or ord(c) < 32 or c == "\\" for c in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.netloc)
    return not parts.scheme and not parts.netloc and url.startswith("/")


def _buttons(raw: object) -> list[dict[str, str]]:
    buttons = []
    for item in raw if isinstance(raw, list) else []:
        title = item.get("title") if isinstance(item, dict) else None
        if not isinstance(title, str) or not title.strip():
            logger.warning("button without a title dropped")
            continue
        title = title.strip()[:MAX_TITLE]
        payload, url = item.get("payload"), item.get("url")
        if is_link(url):
            buttons.append({"title": title, "url": url})
        elif isinstance(payload, str) and payload.startswith("/"):
            buttons.append({"title": title, "payload": payload})
        else:
            logger.warning("button with neither a safe link nor a payload dropped")
    return buttons


def _reply(message: object) -> dict[str, Any] | None:
    if not isinstance(message, dict):
        return None
    body = message.get("custom", message)
    text = body.get("text") if isinstance(body, dict) else None
    if not isinstance(text, str) or not text.strip():
        return None
    decision, kind = body.get("decision"), body.get("kind")
    reply = {
        "text": text.strip(),
        "buttons": _buttons(body.get("buttons")),
        "decision": decision if isinstance(decision, dict) else None,
        "kind": kind if isinstance(kind, str) and _KIND.fullmatch(kind) else "answer",
    }
    several = body.get("decisions")  # an answer on several orders at once
    if isinstance(several, list) and all(isinstance(one, dict) for one in several):
        reply["decisions"] = several
    if isinstance(body.get("chart"), dict):
        reply["chart"] = body["chart"]
    for note in NOTES:  # for the gateway; taken out before a client sees the reply
        if isinstance(body.get(note), dict):
            reply[note] = body[note]
    return reply


def read(messages: object) -> list[dict[str, Any]]:
    """Replies in the client's shape, buttons still with their payloads; empty when unusable."""
    found = [_reply(message) for message in messages] if isinstance(messages, list) else []
    return [reply for reply in found if reply is not None]


def waits_for(replies: list[dict[str, Any]]) -> Literal["orders"] | None:
    """The part that was down, when an action says that the question can be asked again."""
    parts = [reply["later"].get("part") for reply in replies if "later" in reply]
    return "orders" if "orders" in parts else None
