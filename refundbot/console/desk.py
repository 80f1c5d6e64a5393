"""The agents' desk of the reference console: queue, conversation, order facts, and what to do.

Next to the customers' pages, with a sign-in of its own (`desk_session`). Without
``REFUNDBOT_DESK_CODE`` it exists in the demo only, where anybody may sign in and sees demo
accounts' and visitors' tickets: nobody enters a real account's conversation without a key.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from refundbot.clock import now
from refundbot.console.desk_pages import DeskPages
from refundbot.console.desk_session import Agent, DeskSession, names_from
from refundbot.console.session import require_same_origin
from refundbot.desk.bell import Bell
from refundbot.desk.interface import DeskError, Ticket
from refundbot.desk.tickets import Tickets
from refundbot.gateway.bodies import read_json
from refundbot.gateway.errors import ApiError
from refundbot.gateway.limits import Limiter
from refundbot.gateway.live import after_of, event
from refundbot.gateway.store import StoreUnavailable
from refundbot.orders import AccountRecord
from refundbot.settings import Settings

LOOK_AGAIN = 3.0  # seconds
STREAM_LIFE = 300.0  # seconds
SIGN_INS = "10/minute"  # from one address, so that a code cannot be guessed

NO_TICKET = "没有这个会话。"
WRONG_CODE = "工号或口令不对。"
SIGNED_OUT = "登录已过期，请重新登录客服工作台。"
FORGED = "页面已过期，请刷新后再操作。"
BAD_BODY = "请求的格式不对。"
_STATUS = {"missing": 404, "empty": 422, "too_long": 422}


class Accounts(Protocol):
    """Who is a demo account."""

    def list_accounts(self, demo: bool = True) -> list[AccountRecord]:
        """The demo accounts."""


def desk_routes(
    settings: Settings, tickets: Tickets, accounts: Accounts | None, env: Mapping[str, str]
) -> list[BaseRoute]:
    """Every route of the desk; none where there is neither a code nor the demo.

    Args:
        settings: of this deployment.
        tickets: the queue.
        accounts: the demo accounts, None without the demo.
        env: ``REFUNDBOT_DESK_CODE`` and ``REFUNDBOT_DESK_NAMES`` are read from here.
    """
    code = env.get("REFUNDBOT_DESK_CODE", "").strip()
    if accounts is None and not code:
        return []
    desk = DeskConsole(DeskSession(settings, code, names_from(env)), tickets, accounts)
    one = "/desk/tickets/{number:int}"
    return [
        Route("/desk", desk.home, methods=["GET"]),
        Route("/desk/login", desk.sign_in, methods=["POST"]),
        Route("/desk/logout", desk.sign_out, methods=["POST"]),
        Route("/desk/list", desk.queue, methods=["GET"]),
        Route("/desk/stream", desk.stream, methods=["GET"]),
        Route(one, desk.ticket, methods=["GET"]),
        Route(f"{one}/head", desk.head, methods=["GET"]),
        Route(f"{one}/reply", desk.reply, methods=["POST"]),
        Route(f"{one}/{{step:str}}", desk.step, methods=["POST"]),
    ]


class DeskConsole:
    """Handlers of the desk's pages."""

    def __init__(self, session: DeskSession, tickets: Tickets, accounts: Accounts | None) -> None:
        self._session = session
        self._tickets = tickets
        self._accounts = accounts
        self._pages = DeskPages(Path(__file__).parent / "templates")
        self._sign_ins = Limiter(SIGN_INS)

    # --- signing in ------------------------------------------------------------------------

    async def home(self, request: Request) -> Response:
        """``GET /desk``: the queue, or the sign-in."""
        agent = self._session.agent(request)
        if agent is None:
            return self._pages.sign_in(self._session.names, self._session.needs_code)
        return self._pages.desk(agent, await self._listed(), None, [], now())

    async def sign_in(self, request: Request) -> Response:
        """``POST /desk/login``: become one of the agents."""
        require_same_origin(request)
        if self._session.needs_code:
            self._sign_ins.hit(request.client.host if request.client else "unknown")
        async with request.form(max_files=0, max_fields=5) as form:
            name, code = str(form.get("agent") or ""), str(form.get("code") or "")
        response = RedirectResponse("/desk", 303)
        if not self._session.enter(response, name, code):
            raise ApiError(403, "wrong_code", WRONG_CODE)
        return response

    async def sign_out(self, request: Request) -> Response:
        """``POST /desk/logout``."""
        require_same_origin(request)
        response = RedirectResponse("/desk", 303)
        self._session.leave(response)
        return response

    def _agent(self, request: Request) -> Agent:
        agent = self._session.agent(request)
        if agent is None:
            raise ApiError(401, "not_signed_in", SIGNED_OUT)
        return agent

    def _acting(self, request: Request) -> Agent:
        """The agent of a request that changes something: this page's, not another site's."""
        require_same_origin(request)
        agent = self._agent(request)
        if not self._session.is_genuine(agent, request.headers.get("x-csrf-token")):
            raise ApiError(403, "csrf", FORGED)
        return agent

    # --- reading ---------------------------------------------------------------------------

    async def _run(self, work: Callable[..., Any], *args: Any) -> Any:
        try:
            return await run_in_threadpool(work, *args)
        except SQLAlchemyError as error:
            raise StoreUnavailable(type(error).__name__) from error
        except DeskError as error:
            status = _STATUS.get(error.code, 409)
            raise ApiError(status, error.code, error.message) from error

    async def _demo(self) -> set[str] | None:
        """The accounts whose tickets may be seen; None for all."""
        if self._accounts is None or self._session.needs_code:
            return None
        accounts = await run_in_threadpool(self._accounts.list_accounts, True)
        return {account.id for account in accounts}

    async def _listed(self) -> list[Ticket]:
        shown = await self._demo()
        tickets: list[Ticket] = await self._run(self._tickets.listed)
        return [ticket for ticket in tickets if _visible(ticket, shown)]

    async def _ticket(self, request: Request) -> Ticket:
        ticket: Ticket | None = await self._run(self._tickets.get, request.path_params["number"])
        if ticket is None or not _visible(ticket, await self._demo()):
            raise ApiError(404, "missing", NO_TICKET)
        return ticket

    async def queue(self, request: Request) -> Response:
        """``GET /desk/list?open=``: the queue alone, for a page that refreshes it."""
        agent = self._agent(request)
        chosen = request.query_params.get("open", "")
        return HTMLResponse(self._pages.queue(agent, await self._listed(), chosen, now()))

    async def ticket(self, request: Request) -> Response:
        """``GET /desk/tickets/{number}``: one conversation with its facts."""
        agent = self._session.agent(request)
        if agent is None:
            return RedirectResponse("/desk", 303)
        ticket = await self._ticket(request)
        lines = await self._run(self._tickets.lines, ticket.number)
        return self._pages.desk(agent, await self._listed(), ticket, lines, now())

    async def head(self, request: Request) -> Response:
        """``GET /desk/tickets/{number}/head``: status and buttons alone."""
        agent = self._agent(request)
        return HTMLResponse(self._pages.head(agent, await self._ticket(request), now()))

    # --- acting ----------------------------------------------------------------------------

    async def reply(self, request: Request) -> Response:
        """``POST …/reply {"key", "text"}``: words to the customer."""
        agent = self._acting(request)
        ticket = await self._ticket(request)
        body = await read_json(request)
        key, text = (body.get("key"), body.get("text")) if isinstance(body, dict) else (None, None)
        if not (isinstance(key, str) and 8 <= len(key) <= 64 and isinstance(text, str)):
            raise ApiError(422, "invalid", BAD_BODY)
        line = await self._run(self._tickets.reply, ticket.number, agent.name, key, text, now())
        return JSONResponse({"id": line.id})

    async def step(self, request: Request) -> Response:
        """``POST …/take``, ``…/hand-back``, ``…/close``."""
        agent = self._acting(request)
        steps: dict[str, Callable[..., Ticket]] = {
            "take": self._tickets.take,
            "hand-back": self._tickets.hand_back,
            "close": self._tickets.close,
        }
        act = steps.get(request.path_params["step"])
        if act is None:
            raise ApiError(404, "not_found", NO_TICKET)
        ticket = await self._ticket(request)
        ticket = await self._run(act, ticket.number, agent.name, now())
        return JSONResponse({"number": ticket.number, "status": ticket.status})

    # --- live ------------------------------------------------------------------------------

    async def stream(self, request: Request) -> Response:
        """``GET /desk/stream?ticket=&after=``: ``line`` events, and ``queue`` when it changed."""
        self._agent(request)
        text = request.query_params.get("ticket", "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if number is not None:
            request.path_params["number"] = number
            await self._ticket(request)

        async def look(after: int) -> tuple[list[str], list[Any]]:
            tickets = await self._listed()
            lines = await self._run(self._tickets.lines, number, after) if number else []
            return [f"{t.number}{t.status}{t.agent}{t.last_line}" for t in tickets], lines

        return EventSourceResponse(
            _events(self._tickets.bell, look, after_of(request), self._pages.line), ping=15
        )


def _visible(ticket: Ticket, demo: set[str] | None) -> bool:
    return demo is None or ticket.account is None or ticket.account in demo


async def _events(
    bell: Bell,
    look: Callable[[int], Awaitable[tuple[list[str], list[Any]]]],
    after: int,
    draw: Callable[[Any], str],
) -> AsyncIterator[ServerSentEvent]:
    ends = asyncio.get_running_loop().time() + STREAM_LIFE
    told: list[str] | None = None
    with bell.listen(Bell.EVERYTHING) as ear:
        while (left := ends - asyncio.get_running_loop().time()) > 0:
            try:
                seen, lines = await look(after)
            except StoreUnavailable:
                return
            for line in lines:
                after = line.id
                yield event("line", {"html": draw(line)}, line.id)
            if seen != told:
                told = seen
                yield event("queue", {})
            await ear.wait(min(LOOK_AGAIN, left))
