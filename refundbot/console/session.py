"""The console's sign-in: a signed cookie, and who may post to it."""

import hashlib
import hmac
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request

from refundbot.gateway.errors import ApiError
from refundbot.settings import Settings

COOKIE = "refundbot_console"
DEMO_LIFE = 8 * 3600  # seconds
# Seconds without a request: the vendor's console cannot tell us that the customer signed out.
LIFE = 30 * 60

CROSS_SITE = "请求来自别的网站，已拒绝。"


def session_middleware(settings: Settings) -> Middleware:
    """Cookie sessions; ``SameSite=Lax`` keeps other sites from posting with them."""
    key = hmac.new(settings.console_secret.encode(), b"console session", hashlib.sha256)
    return Middleware(
        SessionMiddleware,
        secret_key=key.hexdigest(),
        session_cookie=COOKIE,
        max_age=DEMO_LIFE if settings.demo else LIFE,
        same_site="lax",
        https_only=settings.public_url.startswith("https://"),
    )


def sign_in(request: Request, account: str, vendor: str) -> None:
    """Sign an account in, whoever was signed in before."""
    request.session.clear()
    request.session.update(account=account, vendor=vendor)


def signed_in(request: Request) -> str | None:
    """The signed-in account's id, or None."""
    account = request.session.get("account")
    return account if isinstance(account, str) else None


def require_same_origin(request: Request, *trusted: str) -> None:
    """Refuse a form post that a browser says comes from another site.

    ``SameSite=Lax`` guards the cookie; this guards the sign-in itself, which needs none.

    Args:
        request: the post.
        trusted: addresses whose sites may post here as well.

    Raises:
        ApiError: 403.
    """
    origin = request.headers.get("origin")
    if origin is None:  # not a browser's form
        return
    allowed = {request.headers.get("host", ""), *(urlsplit(url).netloc for url in trusted)}
    if urlsplit(origin).netloc not in allowed:
        raise ApiError(403, "cross_site", CROSS_SITE)


def safe_path(path: object) -> str:
    """Where to go after sign-in: a path of this site, else the start page."""
    if not isinstance(path, str) or not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    return "/" if any(ord(c) < 33 or c == "\\" for c in path) else path
