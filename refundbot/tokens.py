"""Signed tokens as such: one fixed algorithm, every common claim required and checked."""

import re
import secrets
import time
from typing import Any

import jwt

ALGORITHM = "HS256"
CLOCK_SKEW = 30  # seconds that an issuer's clock may run ahead of ours
MAX_TOKEN_LENGTH = 4096

_JTI = re.compile(r"[A-Za-z0-9_-]{8,64}")


class IdentityError(Exception):
    """A token is not to be believed.

    Attributes:
        code: stable word for logs and tests: missing, malformed, signature, algorithm, claim,
            audience, issuer, expired, not_yet_valid, lifetime, replayed, body.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def _new_jti() -> str:
    """A fresh token id."""
    return secrets.token_urlsafe(16)


def issue(claims: dict[str, Any], secret: str, *, lifetime: int, at: float | None) -> str:
    """Sign ``claims`` with a fresh id, issued at ``at`` (seconds; real clock when None)."""
    issued = int(time.time() if at is None else at)
    times = {"iat": issued, "exp": issued + lifetime, "jti": _new_jti()}
    return jwt.encode({**claims, **times}, secret, algorithm=ALGORITHM)


def claimed_issuer(token: str) -> object:
    """Who the token says it is from, unverified: it only chooses which key must match."""
    try:
        return jwt.decode(token, options={"verify_signature": False}).get("iss")
    except jwt.PyJWTError:
        return None


def bearer(header: str | None) -> str:
    """The token in an ``Authorization: Bearer`` header.

    Raises:
        IdentityError: no header, another scheme, or nothing after it.
    """
    scheme, _, token = (header or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise IdentityError("missing", "no bearer token")
    return token.strip()


def read(
    token: str,
    secret: str,
    *,
    issuer: str,
    audience: str,
    lifetime: int,
    at: float | None,
    grace: int = 0,
) -> dict[str, Any]:
    """Check signature, issuer, audience, times and token id; the claims when all of them hold.

    Args:
        token: the compact JWT.
        secret: the key it must be signed with.
        issuer: the only issuer accepted.
        audience: the only audience accepted, as a single string.
        lifetime: the longest time in seconds between issue and expiry.
        at: the moment in seconds since the epoch; the real clock when None.
        grace: seconds after its expiry in which the token still passes.

    Raises:
        IdentityError: any check fails.
    """
    moment = time.time() if at is None else at
    if not token or len(token) > MAX_TOKEN_LENGTH:
        raise IdentityError("malformed", "token empty or too long")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=issuer,
            options={
                "require": ["iss", "aud", "iat", "exp", "jti"],
                # Checked below against the moment passed in.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidSignatureError as error:
        raise IdentityError("signature", "signature does not match") from error
    except jwt.InvalidAlgorithmError as error:
        raise IdentityError("algorithm", f"only {ALGORITHM} is accepted") from error
    except jwt.InvalidAudienceError as error:
        raise IdentityError("audience", f"audience is not {audience}") from error
    except jwt.InvalidIssuerError as error:
        raise IdentityError("issuer", f"issuer is not {issuer}") from error
    except jwt.MissingRequiredClaimError as error:
        raise IdentityError("claim", f"claim {error.claim} is missing") from error
    except jwt.PyJWTError as error:
        raise IdentityError("malformed", type(error).__name__) from error
    if claims["aud"] != audience:
        raise IdentityError("audience", "one audience only, as a string")
    issued, expires, jti = claims["iat"], claims["exp"], claims["jti"]
    for name, value in (("iat", issued), ("exp", expires)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise IdentityError("claim", f"{name} is not a whole number of seconds")
    if not isinstance(jti, str) or not _JTI.fullmatch(jti):
        raise IdentityError("claim", "jti is not 8 to 64 letters, digits, _ or -")
    if not 0 < expires - issued <= lifetime:
        raise IdentityError("lifetime", f"lives longer than {lifetime} s, or not at all")
    if issued > moment + CLOCK_SKEW:
        raise IdentityError("not_yet_valid", "issued in the future")
    if expires + grace <= moment:
        raise IdentityError("expired", "expired")
    return claims
