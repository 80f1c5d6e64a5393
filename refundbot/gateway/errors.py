"""Errors a client sees: a stable code, a Chinese sentence, and never anything of the inside."""

import logging
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from refundbot.gateway import phrases

logger = logging.getLogger(__name__)


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
    if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api"):
        page = (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
            f'<title>{message}</title><p>{message}</p><p><a href="/">返回首页</a></p></html>'
        )
        return HTMLResponse(page, status_code=status, headers=headers)
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
