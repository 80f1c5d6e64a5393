"""A reference order service: the demo data through the contract, over real HTTP."""

import asyncio
import hmac
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from refundbot.orders import OrderRecord, OrderSource

KEY = "key-of-the-reference-service"
Fault = Callable[[Request], Awaitable[Response]]


def _not_found() -> Response:
    return JSONResponse({"code": "not_found"}, 404)


@dataclass
class Reference:
    """The service, and what it is told to do wrong.

    Attributes:
        source: where it has the orders from.
        page_size: orders a page holds at most.
        faults: answers for the next requests, used up one by one; then it is itself again.
        asked: path and query of every request, oldest first.
        headers: headers of the last request.
    """

    source: OrderSource
    page_size: int = 100
    faults: deque[Fault] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def app(self) -> ASGIApp:
        """The service as an ASGI application."""
        inner = Starlette(
            routes=[
                Route("/v1/accounts/{account_id}", self.account),
                Route("/v1/accounts/{account_id}/orders", self.orders),
                Route("/v1/accounts/{account_id}/orders/{order_id}", self.order),
            ]
        )

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            answer: ASGIApp = inner
            if scope["type"] == "http":
                answer = await self._front(Request(scope, receive)) or inner
            await answer(scope, receive, send)

        return front

    async def _front(self, request: Request) -> Response | None:
        query = f"?{request.url.query}" if request.url.query else ""
        self.asked.append(f"{request.scope['raw_path'].decode()}{query}")
        self.headers = dict(request.headers)
        if self.faults:
            return await self.faults.popleft()(request)
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given, f"Bearer {KEY}"):
            return JSONResponse({"code": "refused"}, 401)
        return None

    async def account(self, request: Request) -> Response:
        account = await run_in_threadpool(
            self.source.get_account, request.path_params["account_id"]
        )
        if account is None:
            return _not_found()
        names = ("id", "name", "kind", "vendor", "site")
        return JSONResponse({name: getattr(account, name) for name in names})

    async def orders(self, request: Request) -> Response:
        account_id = request.path_params["account_id"]
        if await run_in_threadpool(self.source.get_account, account_id) is None:
            return _not_found()
        found: list[OrderRecord] = await run_in_threadpool(self.source.list_orders, account_id)
        first = int(request.query_params.get("after", "0"))
        last = first + self.page_size
        return JSONResponse(
            {
                "orders": [order.case.to_json() for order in found[first:last]],
                "next": str(last) if last < len(found) else None,
            }
        )

    async def order(self, request: Request) -> Response:
        found = await run_in_threadpool(
            self.source.get_order,
            request.path_params["account_id"],
            request.path_params["order_id"],
        )
        return _not_found() if found is None else JSONResponse(found.case.to_json())

    def fail(self, *faults: Fault) -> None:
        """Do these things instead of answering the next requests."""
        self.faults.extend(faults)


def saying(
    content: Any = None, status: int = 200, *, raw: bytes | None = None, **headers: str
) -> Fault:
    """Answer with this JSON, or these bytes."""

    async def fault(request: Request) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if raw is not None:
            return Response(raw, status, headers=named, media_type="application/json")
        return JSONResponse(content, status, headers=named)

    return fault


async def silence(request: Request) -> Response:
    """Say nothing until the asker hangs up."""
    while (await request.receive())["type"] != "http.disconnect":
        await asyncio.sleep(0)
    return Response(status_code=499)


async def babble(request: Request) -> Response:
    """Begin an answer of which nobody waits for the end."""

    async def spaces() -> AsyncIterator[bytes]:
        for _ in range(5000):
            yield b" " * 1024
            await asyncio.sleep(0)

    return StreamingResponse(spaces(), media_type="application/json")


async def cut_off(request: Request) -> Response:
    """Promise more than is sent."""
    return Response(b'{"id": "A1', headers={"content-length": "11"})


class Running:
    """An ASGI application behind a port of this machine, in a thread of its own."""

    def __init__(self, app: ASGIApp) -> None:
        # Bound here: whoever connects early waits in the queue instead of being refused.
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        config = uvicorn.Config(
            app, log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait for the thread."""
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()
