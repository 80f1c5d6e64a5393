"""Replies and buttons: how they go into the database and come out."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from refundbot.gateway.tables import ButtonToken, OutboundMessage

BUTTON_LIFE = timedelta(minutes=30)


def replies_of(session: Session, inbound_id: int) -> list[dict[str, Any]]:
    """The stored replies to a message, in order."""
    bodies = session.execute(
        select(OutboundMessage.body)
        .where(OutboundMessage.inbound_id == inbound_id)
        .order_by(OutboundMessage.position)
    ).scalars()
    return [json.loads(body) for body in bodies]


def add_replies(
    session: Session,
    inbound_id: int,
    conversation: str,
    replies: Sequence[dict[str, Any]],
    at: datetime,
    button_at: datetime,
) -> list[dict[str, Any]]:
    """Append replies to a message; buttons with a payload get a single-use id instead.

    Args:
        session: in whose transaction.
        inbound_id: the message answered.
        conversation: the only conversation the buttons work in.
        replies: as `refundbot.gateway.replies.read` gives them.
        at: when, on the stack's clock.
        button_at: when, on the real clock, from which buttons live 30 minutes.

    Returns:
        The replies as stored.
    """
    there = session.execute(
        select(func.count())
        .select_from(OutboundMessage)
        .where(OutboundMessage.inbound_id == inbound_id)
    ).scalar_one()
    stored = []
    for position, reply in enumerate(replies, there):
        buttons = [_mint(session, button, conversation, button_at) for button in reply["buttons"]]
        final = {**reply, "buttons": buttons}
        session.add(
            OutboundMessage(
                inbound_id=inbound_id,
                position=position,
                body=json.dumps(final, ensure_ascii=False),
                created_at=at,
            )
        )
        stored.append(final)
    return stored


def _mint(
    session: Session, button: dict[str, str], conversation: str, at: datetime
) -> dict[str, str]:
    if "payload" not in button:
        return button
    button_id = secrets.token_urlsafe(16)
    session.execute(
        insert(ButtonToken).values(
            id=button_id,
            conversation=conversation,
            title=button["title"],
            payload=button["payload"],
            expires_at=at + BUTTON_LIFE,
        )
    )
    return {"title": button["title"], "button": button_id}


def only_live(reply: dict[str, Any], live: set[str]) -> dict[str, Any]:
    """A reply with its buttons that can no longer be used as ``{"title", "used": true}``."""
    buttons = [
        button
        if "button" not in button or button["button"] in live
        else {"title": button["title"], "used": True}
        for button in reply["buttons"]
    ]
    return {**reply, "buttons": buttons}
