"""The console's routes: orders, the refund application pages, and signing in.

The reference console of the demo, and the application pages of a deployment: there the vendor's
own console signs its customers in (`accounts.VouchedAccounts`).
"""

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from refundbot.clock import now
from refundbot.console.accounts import (
    Accounts,
    DemoAccounts,
    DemoOrders,
    VouchedAccounts,
    widget_token,
)
from refundbot.console.pages import Pages
from refundbot.console.refund import RefundPages
from refundbot.console.session import require_same_origin, session_middleware
from refundbot.gateway.errors import ApiError
from refundbot.orders import OrderSource
from refundbot.settings import Settings

HERE = Path(__file__).parent

NOT_SIGNED_IN = "请先登录控制台。"


def console_middleware(settings: Settings) -> list[Middleware]:
    """What the console's routes need around them."""
    return [session_middleware(settings)]


def console_routes(
    settings: Settings, orders: OrderSource, demo: DemoOrders | None
) -> list[BaseRoute]:
    """Every route of the console.

    Args:
        settings: of this deployment.
        orders: where the customers' orders are read.
        demo: the demo accounts, which anybody may enter; None: the vendor's console vouches.
    """
    pages = Pages(HERE / "templates", demo=demo is not None)
    accounts: Accounts = (
        VouchedAccounts(settings, orders, pages)
        if demo is None
        else DemoAccounts(settings, demo, pages)
    )
    console = Console(settings, orders, accounts, pages)
    return [
        Route("/", console.home, methods=["GET"]),
        Route("/support", console.support, methods=["GET"]),
        *console.refunds.routes(),
        *accounts.routes(),
        Route("/session/token", console.token, methods=["POST"]),
        Route("/session/end", console.logout, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


class Console:
    """Handlers of the console's own pages."""

    def __init__(
        self, settings: Settings, orders: OrderSource, accounts: Accounts, pages: Pages
    ) -> None:
        self._settings = settings
        self._orders = orders
        self._accounts = accounts
        self._pages = pages
        self.refunds = RefundPages(settings, orders, pages, accounts.current)

    async def home(self, request: Request) -> Response:
        """``GET /``: the signed-in customer's orders."""
        account = await self._accounts.current(request)
        if account is None:
            return RedirectResponse("/login", 303)
        orders = await run_in_threadpool(self._orders.list_orders, account.id)
        applied = await run_in_threadpool(self.refunds.applied, account.id)
        return await run_in_threadpool(self._pages.orders, account, orders, now(), applied)

    async def support(self, request: Request) -> Response:
        """``GET /support``: how to reach a person."""
        return self._pages.support(await self._accounts.current(request))

    async def logout(self, request: Request) -> Response:
        """``POST /session/end``: sign out."""
        require_same_origin(request)
        request.session.clear()
        return RedirectResponse("/", 303)

    async def token(self, request: Request) -> Response:
        """``POST /session/token``: the widget's token for the signed-in account."""
        require_same_origin(request)
        account = await self._accounts.current(request)
        if account is None:
            raise ApiError(401, "not_signed_in", NOT_SIGNED_IN)
        return widget_token(account, self._settings)
