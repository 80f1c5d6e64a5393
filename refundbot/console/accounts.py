"""Who is signed in to the console's pages: a demo account somebody chose, or a customer whom the
vendor's own console vouches for with the token it also gives its help widget."""

from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from refundbot.console.pages import Pages
from refundbot.console.session import require_same_origin, safe_path, sign_in, signed_in
from refundbot.gateway.bodies import read_json
from refundbot.gateway.errors import ApiError
from refundbot.identity import MAX_LIFETIME, IdentityError, mint_console_token, verify_caller
from refundbot.orders import AccountRecord, OrderSource
from refundbot.settings import Settings

UNKNOWN_ACCOUNT = "没有演示账号 {account}。可用的账号见首页。"
BAD_TOKEN_BODY = '请求的格式不对：应为 {"account": "账号"}。'
NOT_VOUCHED = "登录凭证无效或已经过期，请回到云控制台重新打开。"


class Accounts(Protocol):
    """Signs customers in and says who is signed in."""

    async def current(self, request: Request) -> AccountRecord | None:
        """The signed-in account, looked up anew: it may be gone since the cookie was set."""

    def routes(self) -> list[BaseRoute]:
        """``/login`` and whatever else signing in takes."""


def widget_token(account: AccountRecord, settings: Settings) -> JSONResponse:
    """What a console's server answers its widget with: a token for the signed-in account."""
    token = mint_console_token(account.id, account.vendor, settings.console_secret)
    return JSONResponse({"token": token, "expires_in": MAX_LIFETIME, "account": account.id})


class DemoOrders(Protocol):
    """Where the demo accounts are listed."""

    def list_accounts(self, demo: bool = True) -> list[AccountRecord]:
        """The demo accounts."""

    def get_account(self, account_id: str) -> AccountRecord | None:
        """The account, or None."""


class DemoAccounts:
    """Anybody may be any demo account, and nobody else."""

    def __init__(self, settings: Settings, demo: DemoOrders, pages: Pages) -> None:
        self._settings = settings
        self._demo = demo
        self._pages = pages

    def routes(self) -> list[BaseRoute]:
        """The choice of an account, and tokens for the command line."""
        return [
            Route("/login", self.choose, methods=["GET"]),
            Route("/demo/login", self.login, methods=["POST"]),
            Route("/demo/token", self.token, methods=["POST"]),
        ]

    async def current(self, request: Request) -> AccountRecord | None:
        """The chosen account."""
        account = signed_in(request)
        return None if account is None else await self._account(account)

    async def _account(self, account_id: str) -> AccountRecord | None:
        """The account, when it is a demo account; any other must not be entered without a key."""
        account = await run_in_threadpool(self._demo.get_account, account_id)
        return account if account is not None and account.demo else None

    async def choose(self, request: Request) -> Response:
        """``GET /login?next=``: the choice of an account."""
        accounts = await run_in_threadpool(self._demo.list_accounts, True)
        return self._pages.login(accounts, safe_path(request.query_params.get("next")))

    async def login(self, request: Request) -> Response:
        """``POST /demo/login``: sign in as a demo account."""
        require_same_origin(request)
        async with request.form(max_files=0, max_fields=10) as form:
            account_id, target = form.get("account"), safe_path(form.get("next"))
        account = await self._account(account_id) if isinstance(account_id, str) else None
        if account is None:
            raise ApiError(404, "unknown_account", UNKNOWN_ACCOUNT.format(account=account_id or ""))
        sign_in(request, account.id, account.vendor)
        return RedirectResponse(target, 303)

    async def token(self, request: Request) -> Response:
        """``POST /demo/token {"account": "A1001"}``: so that a command line can play a customer."""
        require_same_origin(request)
        body: Any = await read_json(request)
        if not isinstance(body, dict) or set(body) != {"account"}:
            raise ApiError(422, "invalid", BAD_TOKEN_BODY)
        account_id = body["account"]
        if not isinstance(account_id, str) or len(account_id) > 64:
            raise ApiError(422, "invalid", BAD_TOKEN_BODY)
        account = await self._account(account_id)
        if account is None:
            raise ApiError(404, "unknown_account", UNKNOWN_ACCOUNT.format(account=account_id))
        return widget_token(account, self._settings)


class VouchedAccounts:
    """Customers of a real console, which posts its token for them to ``/session``."""

    def __init__(self, settings: Settings, orders: OrderSource, pages: Pages) -> None:
        self._settings = settings
        self._orders = orders
        self._pages = pages

    def routes(self) -> list[BaseRoute]:
        """The way to the console's sign-in and back."""
        return [
            Route("/login", self.leave, methods=["GET"]),
            Route("/session", self.enter, methods=["POST"]),
        ]

    async def current(self, request: Request) -> AccountRecord | None:
        """The account the console vouched for; one without orders is known by its id alone."""
        account, vendor = signed_in(request), request.session.get("vendor")
        if account is None or not isinstance(vendor, str):
            return None
        known = await run_in_threadpool(self._orders.get_account, account)
        if known is None:
            return AccountRecord(account, account, "person", vendor, "cn", demo=False)
        return known if known.vendor == vendor else None

    async def leave(self, request: Request) -> Response:
        """``GET /login?next=``: to the console's sign-in, which comes back to ``/session``."""
        target = self._settings.login_url
        if target == f"{self._settings.public_url}/login":  # nobody said where that is
            return self._pages.sign_in_elsewhere()
        back = safe_path(request.query_params.get("next"))
        joint = "&" if urlsplit(target).query else "?"
        return RedirectResponse(f"{target}{joint}{urlencode({'next': back})}", 303)

    async def enter(self, request: Request) -> Response:
        """``POST /session`` (form ``token``, ``next``): sign in whom the console vouches for."""
        require_same_origin(request, self._settings.login_url)
        async with request.form(max_files=0, max_fields=5) as form:
            token, target = form.get("token"), safe_path(form.get("next"))
        try:
            caller = verify_caller(
                token if isinstance(token, str) else "",
                console_secret=self._settings.console_secret,
                internal_secret=self._settings.internal_secret,
            )
        except IdentityError as error:
            raise ApiError(401, error.code, NOT_VOUCHED) from error
        if caller.account is None:
            raise ApiError(401, "visitor", NOT_VOUCHED)
        sign_in(request, caller.account, caller.vendor)
        return RedirectResponse(target, 303)
