"""Who is asking: the signed tokens of the console, of visitors, and of one turn.

Three tokens, one algorithm (HS256, never read from the token), every claim required and checked:

* console token: minted by the customer's console for its signed-in account, checked here;
* visitor token: minted by the gateway for somebody who is not signed in; no account in it;
* turn token: minted by the gateway for one message, checked by Rasa's channel and by actions.

Tokens live on the real clock even when ``REFUNDBOT_NOW`` fixes the stack's clock: a demo's
frozen time must not make credentials eternal.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any, Literal

from refundbot.settings import get_settings
from refundbot.tokens import IdentityError, bearer, claimed_issuer, issue, read

__all__ = [
    "Caller",
    "IdentityError",
    "Turn",
    "bearer",
    "body_sha256",
    "mint_console_token",
    "mint_turn_token",
    "mint_visitor_token",
    "renewed_visitor",
    "verify_caller",
    "verify_turn",
    "verify_turn_claims",
]

CONSOLE_ISSUER = "console"
GATEWAY_ISSUER = "refundbot-gateway"
TURN_ISSUER = "gateway"
CHAT_AUDIENCE = "refundbot"
TURN_AUDIENCE = "rasa"
MAX_LIFETIME = 600  # seconds, console and visitor tokens
TURN_LIFETIME = 60  # seconds
VISITOR_RENEWAL = 24 * 3600  # seconds after expiry in which a visitor keeps their id

Kind = Literal["text", "button"]

_NAME = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
_CONVERSATION = re.compile(r"[A-Za-z0-9_.@:-]{1,200}")


@dataclass(frozen=True)
class Caller:
    """Who talks to the gateway: a signed-in account, or a visitor without one.

    Attributes:
        account: account id at the vendor, or None for a visitor.
        vendor: vendor whose console vouches for the account.
        visitor: visitor id, or None for an account.
    """

    account: str | None
    vendor: str
    visitor: str | None

    @property
    def key(self) -> str:
        """Name of this identity, unique over accounts and visitors; has no customer input."""
        if self.account is not None:
            return f"console:{self.vendor}:{self.account}"
        return f"visitor:{self.visitor}"


@dataclass(frozen=True)
class Turn:
    """What the gateway vouches for in one message.

    Attributes:
        conversation: server-side conversation id, Rasa's sender id.
        account: verified account id, or None for a visitor.
        vendor: vendor id.
        channel: where the message came in, e.g. ``console``.
        kind: ``text`` for typed text, ``button`` for a payload that a reply of ours carried.
        late: the customer said it a while ago and may be gone: the answer may say things, and
            change none.
    """

    conversation: str
    account: str | None
    vendor: str
    channel: str
    kind: Kind
    late: bool = False


def body_sha256(body: bytes) -> str:
    """Hex SHA-256 of a request body, as the turn token carries it."""
    return hashlib.sha256(body).hexdigest()


def mint_console_token(
    account: str, vendor: str, secret: str, *, lifetime: int = MAX_LIFETIME, at: float | None = None
) -> str:
    """Mint the token that a console gives its help widget (the demo console uses it).

    Args:
        account: account id.
        vendor: vendor id.
        secret: key shared between console and gateway.
        lifetime: seconds until it expires, at most `MAX_LIFETIME`.
        at: issue time in seconds since the epoch; the real clock when None.
    """
    claims = {
        "iss": CONSOLE_ISSUER,
        "aud": CHAT_AUDIENCE,
        "sub": account,
        "vendor": vendor,
    }
    return issue(claims, secret, lifetime=lifetime, at=at)


def _visitor_key(secret: str) -> str:
    """Key of visitor tokens, apart from turn tokens': one never passes for the other."""
    return hmac.new(secret.encode(), b"refundbot visitor token", hashlib.sha256).hexdigest()


def mint_visitor_token(
    visitor: str, vendor: str, secret: str, *, lifetime: int = MAX_LIFETIME, at: float | None = None
) -> str:
    """Mint a token for a visitor who is not signed in; ``secret`` is the internal secret."""
    claims = {
        "iss": GATEWAY_ISSUER,
        "aud": CHAT_AUDIENCE,
        "vid": visitor,
        "vendor": vendor,
    }
    return issue(claims, _visitor_key(secret), lifetime=lifetime, at=at)


def mint_turn_token(
    turn: Turn, body: bytes, secret: str, *, lifetime: int = TURN_LIFETIME, at: float | None = None
) -> str:
    """Mint the token under which one message with exactly this ``body`` enters Rasa."""
    claims = {
        "iss": TURN_ISSUER,
        "aud": TURN_AUDIENCE,
        "conversation": turn.conversation,
        "account": turn.account,
        "vendor": turn.vendor,
        "channel": turn.channel,
        "kind": turn.kind,
        "late": turn.late,
        "body_sha256": body_sha256(body),
    }
    return issue(claims, secret, lifetime=lifetime, at=at)


def _text(claims: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise IdentityError("claim", f"claim {name} is missing or not a plain name")
    return value


def verify_caller(
    token: str, *, console_secret: str, internal_secret: str, at: float | None = None
) -> Caller:
    """Believe or refuse a console or visitor token.

    Args:
        token: the bearer token.
        console_secret: key shared with the console.
        internal_secret: key that visitor tokens' key is derived from.
        at: the moment, seconds since the epoch; the real clock when None.

    Raises:
        IdentityError: any check fails.
    """
    if claimed_issuer(token) == GATEWAY_ISSUER:
        claims = read(
            token,
            _visitor_key(internal_secret),
            issuer=GATEWAY_ISSUER,
            audience=CHAT_AUDIENCE,
            lifetime=MAX_LIFETIME,
            at=at,
        )
        if "sub" in claims:
            raise IdentityError("claim", "a visitor token names no account")
        return Caller(None, _text(claims, "vendor", _NAME), _text(claims, "vid", _NAME))
    claims = read(
        token,
        console_secret,
        issuer=CONSOLE_ISSUER,
        audience=CHAT_AUDIENCE,
        lifetime=MAX_LIFETIME,
        at=at,
    )
    return Caller(_text(claims, "sub", _NAME), _text(claims, "vendor", _NAME), None)


def renewed_visitor(token: str, *, internal_secret: str, at: float | None = None) -> str:
    """The visitor id in a token that has run out within the last 24 hours, to mint it anew.

    Raises:
        IdentityError: any other check fails.
    """
    claims = read(
        token,
        _visitor_key(internal_secret),
        issuer=GATEWAY_ISSUER,
        audience=CHAT_AUDIENCE,
        lifetime=MAX_LIFETIME,
        at=at,
        grace=VISITOR_RENEWAL,
    )
    return _text(claims, "vid", _NAME)


def verify_turn_claims(
    token: str, secret: str, *, at: float | None = None
) -> tuple[Turn, dict[str, Any]]:
    """Check a turn token and give its turn and all its claims (for the channel).

    Raises:
        IdentityError: any check fails.
    """
    claims = read(
        token,
        secret,
        issuer=TURN_ISSUER,
        audience=TURN_AUDIENCE,
        lifetime=TURN_LIFETIME,
        at=at,
    )
    if "account" not in claims:
        raise IdentityError("claim", "claim account is missing")
    account = None if claims["account"] is None else _text(claims, "account", _NAME)
    kind = claims.get("kind")
    if kind not in ("text", "button"):
        raise IdentityError("claim", "kind is neither text nor button")
    turn = Turn(
        conversation=_text(claims, "conversation", _CONVERSATION),
        account=account,
        vendor=_text(claims, "vendor", _NAME),
        channel=_text(claims, "channel", _NAME),
        kind=kind,
        late=claims.get("late") is not False,  # in doubt nothing may be changed
    )
    return turn, claims


def verify_turn(token: object, *, secret: str | None = None, at: float | None = None) -> Turn:
    """Believe or refuse a turn token, as every action does before it looks at an order.

    Args:
        token: ``metadata["identity"]`` of the latest message, whatever it holds.
        secret: internal secret; this process's setting when None.
        at: the moment, seconds since the epoch; the real clock when None.

    Raises:
        IdentityError: any check fails. An action must then act as for a visitor or refuse.
    """
    if not isinstance(token, str):
        raise IdentityError("missing", "no turn token")
    key = get_settings().internal_secret if secret is None else secret
    return verify_turn_claims(token, key, at=at)[0]
