"""The demo console's routes; only served when ``REFUNDBOT_DEMO`` is on."""

from pathlib import Path
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from refundbot.clock import now
from refundbot.console.pages import Pages
from refundbot.console.refund import RefundPages
from refundbot.console.session import (
    require_same_origin,
    safe_path,
    session_middleware,
    signed_in,
)
from refundbot.gateway.bodies import read_json
from refundbot.gateway.errors import ApiError
from refundbot.identity import MAX_LIFETIME, mint_console_token
from refundbot.orders import AccountRecord, OrderSource
from refundbot.settings import Settings

HERE = Path(__file__).parent

UNKNOWN_ACCOUNT = "没有演示账号 {account}。可用的账号见首页。"
NOT_SIGNED_IN = "请先登录控制台。"
BAD_TOKEN_BODY = '请求的格式不对：应为 {"account": "账号"}，或不带内容。'


class DemoOrders(OrderSource, Protocol):
    """An order source that can also name the accounts the demo login offers."""

    def list_accounts(self, demo: bool = True) -> list[AccountRecord]:
        """The demo accounts."""


def console_middleware(settings: Settings) -> list[Middleware]:
    """What the console's routes need around them."""
    return [session_middleware(settings)]


def console_routes(settings: Settings, orders: DemoOrders) -> list[BaseRoute]:
    """Every route of the demo console."""
    console = Console(settings, orders)
    return [
        Route("/", console.home, methods=["GET"]),
        Route("/login", console.login_page, methods=["GET"]),
        Route("/support", console.support, methods=["GET"]),
        *console.refunds.routes(),
        Route("/demo/login", console.login, methods=["POST"]),
        Route("/demo/logout", console.logout, methods=["POST"]),
        Route("/demo/token", console.token, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


class Console:
    """Handlers of the demo console."""

    def __init__(self, settings: Settings, orders: DemoOrders) -> None:
        self._settings = settings
        self._orders = orders
        self.pages = Pages(HERE / "templates")
        self.refunds = RefundPages(settings, orders, self.pages, self.account)

    async def account(self, request: Request) -> AccountRecord | None:
        """The signed-in account, looked up anew: it may be gone since the cookie was set."""
        account = signed_in(request)
        return None if account is None else await self._demo_account(account)

    async def _demo_account(self, account_id: str) -> AccountRecord | None:
        """The account, when it is a demo account; any other must not be entered without a key."""
        account = await run_in_threadpool(self._orders.get_account, account_id)
        return account if account is not None and account.demo else None

    async def home(self, request: Request) -> Response:
        """``GET /``: the signed-in customer's orders, or the choice of an account."""
        account = await self.account(request)
        if account is None:
            return await self._choice("/")
        orders = await run_in_threadpool(self._orders.list_orders, account.id)
        applied = await run_in_threadpool(self.refunds.applied, account.id)
        return await run_in_threadpool(self.pages.orders, account, orders, now(), applied)

    async def login_page(self, request: Request) -> Response:
        """``GET /login?next=``: the choice of an account."""
        return await self._choice(safe_path(request.query_params.get("next")))

    async def _choice(self, next_path: str) -> Response:
        accounts = await run_in_threadpool(self._orders.list_accounts, True)
        return self.pages.login(accounts, next_path)

    async def support(self, request: Request) -> Response:
        """``GET /support``: how to reach a person."""
        return self.pages.support(await self.account(request))

    async def login(self, request: Request) -> Response:
        """``POST /demo/login``: sign in as a demo account."""
        require_same_origin(request)
        async with request.form(max_files=0, max_fields=10) as form:
            account_id, target = form.get("account"), safe_path(form.get("next"))
        account = await self._demo_account(account_id) if isinstance(account_id, str) else None
        if account is None:
            raise ApiError(404, "unknown_account", UNKNOWN_ACCOUNT.format(account=account_id or ""))
        request.session.clear()
        request.session["account"] = account.id
        return RedirectResponse(target, 303)

    async def logout(self, request: Request) -> Response:
        """``POST /demo/logout``: sign out."""
        require_same_origin(request)
        request.session.clear()
        return RedirectResponse("/", 303)

    async def token(self, request: Request) -> Response:
        """``POST /demo/token``: what a real console's server does for its widget.

        Without a body for the signed-in account; with ``{"account": "A1001"}`` for any demo
        account, so that the command line can play a customer.
        """
        require_same_origin(request)
        body = await self._token_body(request)
        if body is None:
            account = await self.account(request)
            if account is None:
                raise ApiError(401, "not_signed_in", NOT_SIGNED_IN)
        else:
            account = await self._demo_account(body)
            if account is None:
                raise ApiError(404, "unknown_account", UNKNOWN_ACCOUNT.format(account=body))
        token = mint_console_token(account.id, account.vendor, self._settings.console_secret)
        return JSONResponse({"token": token, "expires_in": MAX_LIFETIME, "account": account.id})

    async def _token_body(self, request: Request) -> str | None:
        if request.headers.get("content-length", "0") == "0":
            return None
        body: Any = await read_json(request)
        if body == {}:
            return None
        if not isinstance(body, dict) or set(body) != {"account"}:
            raise ApiError(422, "invalid", BAD_TOKEN_BODY)
        account = body["account"]
        if not isinstance(account, str) or len(account) > 64:
            raise ApiError(422, "invalid", BAD_TOKEN_BODY)
        return account
