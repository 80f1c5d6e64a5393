"""``GET /healthz``: whether each part works, so that one look tells which does not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from refundbot.gateway.questions import Questions
from refundbot.gateway.store import Store, StoreUnavailable
from refundbot.settings import Settings

TIMEOUT = 2.0  # seconds for each part


class Health:
    """Asks database, Rasa and the action server, at once."""

    def __init__(
        self, settings: Settings, store: Store, questions: Questions, http: httpx.AsyncClient
    ) -> None:
        self._store = store
        self._questions = questions
        self._http = http
        self._rasa = f"{settings.rasa_url}/webhooks/internal/"
        self._actions = f"{settings.actions_url}/health"

    async def report(self, request: Request) -> JSONResponse:
        """200 when every part works, else 503; the same JSON either way."""
        names = ("database", "rasa", "actions")
        checks = (
            _timed(lambda: run_in_threadpool(self._store.ping)),
            _timed(lambda: self._get(self._rasa)),
            _timed(lambda: self._get(self._actions)),
        )
        parts: dict[str, Any] = {"gateway": {"ok": True, "latency_ms": 0}}
        parts |= dict(zip(names, await asyncio.gather(*checks), strict=True))
        healthy = all(part["ok"] for part in parts.values())
        body = {
            "status": "ok" if healthy else "degraded",
            "parts": parts,
            "waiting_questions": await self._waiting() if parts["database"]["ok"] else None,
        }
        return JSONResponse(body, status_code=200 if healthy else 503)

    async def _waiting(self) -> int | None:
        """How many answers are owed; None when nobody can tell."""
        try:
            return await run_in_threadpool(self._questions.count)
        except StoreUnavailable:
            return None

    async def _get(self, url: str) -> None:
        response = await self._http.get(url, timeout=TIMEOUT)
        response.raise_for_status()


async def _timed(check: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    started = time.monotonic()
    try:
        await asyncio.wait_for(check(), TIMEOUT)
        reason = None
    except Exception as error:  # any failure of a part is the answer, not an error of ours
        reason = type(error).__name__
    part: dict[str, Any] = {
        "ok": reason is None,
        "latency_ms": round((time.monotonic() - started) * 1000),
    }
    return part if reason is None else {**part, "reason": reason}
