"""Errors a client sees: a stable code, a Chinese sentence, and never anything of the inside."""

import logging
from collections.abc import Mapping
from html import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from refundbot.gateway import phrases

logger = logging.getLogger(__name__)

# Addresses that only programs ask; they get JSON whatever they say they accept.
_PROGRAMS = ("/api/", "/demo/token", "/session/token", "/healthz")
_PAGE = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{text}</title>'
    '<link rel="stylesheet" href="/static/console.css"></head><body><main class="card message">'
    '<h1>打不开这个页面</h1><p>{text}</p><p><a class="button" href="/">返回首页</a></p>'
    "</main></body></html>"
)


class ApiError(Exception):
    """A request is refused.

    Attributes:
        status: HTTP status.
        code: stable word for programs.
        message: Chinese sentence for the customer.
        headers: further response headers.
    """

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def _reply(
    request: Request, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    wants_page = "text/html" in request.headers.get("accept", "")
    if wants_page and not request.url.path.startswith(_PROGRAMS):
        return HTMLResponse(_PAGE.format(text=escape(message)), status, headers)
    return JSONResponse({"code": code, "message": message}, status_code=status, headers=headers)


async def on_api_error(request: Request, error: Exception) -> Response:
    """Answer an `ApiError`."""
    assert isinstance(error, ApiError)
    return _reply(request, error.status, error.code, error.message, error.headers)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer Starlette's own 404 and 405."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return _reply(request, 405, "method", phrases.METHOD, error.headers)
    if error.status_code == 404:
        return _reply(request, 404, "not_found", phrases.NOT_FOUND)
    return _reply(request, error.status_code, "http", phrases.BROKEN, error.headers)


async def on_crash(request: Request, error: Exception) -> Response:
    """Answer anything unforeseen; Starlette has logged or will raise it for the log."""
    logger.error("request failed: %s %s", request.method, request.url.path, exc_info=error)
    return _reply(request, 500, "internal", phrases.BROKEN)
