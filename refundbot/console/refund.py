"""The application page: the sum computed again, the confirmation, and the application's life.

The link from a chat carries what was said there; it opens nothing that signing in does not.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from refund_core import timeline
from refund_core.plot import to_svg
from refundbot.applications import errors
from refundbot.applications.confirmation import Button, Confirmations
from refundbot.applications.links import PARAMETER, Expired, ForeignLink, Forged, open_link
from refundbot.applications.said import Said
from refundbot.applications.service import Applications
from refundbot.clock import now
from refundbot.console.pages import Pages
from refundbot.console.refund_view import refund_view
from refundbot.console.session import require_same_origin
from refundbot.db import make_engine, session_factory
from refundbot.orders import AccountRecord, OrderRecord, OrderSource
from refundbot.policies import live_policies
from refundbot.settings import Settings

logger = logging.getLogger(__name__)
Who = Callable[[Request], Awaitable[AccountRecord | None]]

DAYS_SHOWN = 40  # days ahead in the picture: a month's term and its end

EXPIRED = "这个链接已经过期（有效 24 小时）。没有提交任何退订，打开申请页面可以看到现在的金额。"
FOREIGN = "这个链接不是给当前登录的账号的，或者不是这个订单的。请切换到提问时的账号再打开。"
FORGED = "这个链接不完整或被改动过，不能使用。请从聊天里重新点一次，或者直接打开申请页面。"
NOT_AGREED = "请先勾选“我已备份数据，知道退订的后果”，再确认。没有提交任何退订。"
_CONFLICTS = (
    errors.AmountChanged,
    errors.NotRefundable,
    errors.NotNeeded,
    errors.AlreadyRefunded,
    errors.OverlappingApplication,
    errors.NotAllowed,
    errors.NudgedToday,
)


def _status(error: errors.ApplicationError) -> int:
    if isinstance(error, errors.NotConfirmed):
        return 403
    if isinstance(error, errors.NoSuchApplication):
        return 404
    return 409 if isinstance(error, _CONFLICTS) else 503


def _later(order: OrderRecord) -> str:
    line = timeline(order.case, now(), DAYS_SHOWN, live_policies())
    return to_svg(line, order.case)


class RefundPages:
    """Handlers under ``/refund`` and ``/refunds``."""

    def __init__(self, settings: Settings, orders: OrderSource, pages: Pages, who: Who) -> None:
        self._orders = orders
        self._pages = pages
        self._who = who
        self._secret = settings.link_secret
        self._confirmations = Confirmations(settings.link_secret)
        sessions = session_factory(make_engine(settings.database_url))
        self._applications = Applications(
            sessions, orders, settings.link_secret, policies=live_policies()
        )

    def routes(self) -> list[BaseRoute]:
        """The routes of the application page."""
        return [
            Route("/refunds", self.list, methods=["GET"]),
            Route("/refund/{order_id}", self.show, methods=["GET"]),
            Route("/refund/{order_id}/later.svg", self.picture, methods=["GET"]),
            Route("/refund/{order_id}", self.submit, methods=["POST"]),
            Route("/refund/{order_id}/{button:str}", self.press, methods=["POST"]),
        ]

    def applied(self, account_id: str) -> dict[str, str]:
        """The state of each order that is being or was returned; none when it cannot be read."""
        try:
            found = self._applications.list_for_account(account_id, limit=200)
        except errors.ApplicationsUnavailable:
            logger.exception("no applications for the orders of %s", account_id)
            return {}
        return {r.order_id: r.state for r in found if r.open or r.state == "refunded"}

    async def list(self, request: Request) -> Response:
        """``GET /refunds``: the signed-in customer's applications."""
        account = await self._who(request)
        if account is None:
            return _sign_in(request)
        try:
            found = await run_in_threadpool(self._applications.list_for_account, account.id)
        except errors.ApplicationsUnavailable as error:
            return self._pages.message(account, "暂时查不到", error.text, 503)
        return self._pages.applications(account, found, now())

    async def picture(self, request: Request) -> Response:
        """``GET /refund/{order_id}/later.svg``: one's own order's refund over the coming days."""
        account = await self._who(request)
        order = None if account is None else await self._order(account, request)
        if order is None:
            return Response(status_code=404)
        return Response(await run_in_threadpool(_later, order), media_type="image/svg+xml")

    async def show(self, request: Request) -> Response:
        """``GET /refund/{order_id}``: one's own order, from a link of a chat or without one."""
        account = await self._who(request)
        if account is None:
            return _sign_in(request)
        at = now()
        order = await self._order(account, request)
        if order is None:
            return self._no_order(account, request)
        said: Said | None = None
        token = request.query_params.get(PARAMETER)
        if token is not None:
            try:
                said = open_link(
                    token, account=account.id, order_id=order.id, at=at, secret=self._secret
                ).said
            except Expired:
                return self._pages.link_problem(account, order, "链接已过期", EXPIRED, 410)
            except ForeignLink:
                return self._pages.link_problem(account, None, "不是您的链接", FOREIGN, 403)
            except Forged:
                return self._pages.link_problem(account, order, "链接不能使用", FORGED, 400)
        return await self._render(account, order, at, said=said)

    async def submit(self, request: Request) -> Response:
        """``POST /refund/{order_id}``: the customer confirms what the page showed."""
        account, order, form = await self._form(request)
        if account is None:
            return _sign_in(request)
        if order is None:
            return self._no_order(account, request)
        at = now()
        if form.get("agree") != "yes":
            return await self._render(account, order, at, notice=NOT_AGREED, status=422)
        try:
            await run_in_threadpool(
                self._applications.submit,
                account.id,
                order.id,
                confirmation=form.get("confirmation", ""),
                at=at,
            )
        except errors.ApplicationError as error:
            return await self._refused(account, order, at, error)
        return _back(order)

    async def press(self, request: Request) -> Response:
        """``POST /refund/{order_id}/cancel`` and ``/nudge``: the buttons of an application."""
        account, order, form = await self._form(request)
        if account is None:
            return _sign_in(request)
        name = request.path_params["button"]
        if order is None or name not in ("cancel", "nudge"):
            return self._no_order(account, request)
        button: Button = "cancel" if name == "cancel" else "nudge"
        at = now()
        application = form.get("application", "")
        pressed = self._confirmations.pressed(
            form.get("confirmation", ""), button, account.id, application, at
        )
        try:
            if not pressed:
                raise errors.NotConfirmed(
                    f"{button} by {account.id}", "这个按钮已经失效，请在下面重新操作。"
                )
            act = self._applications.cancel if button == "cancel" else self._applications.nudge
            await run_in_threadpool(act, account.id, application, at=at)
        except errors.ApplicationError as error:
            return await self._refused(account, order, at, error)
        return _back(order)

    async def _refused(
        self,
        account: AccountRecord,
        order: OrderRecord,
        at: datetime,
        error: errors.ApplicationError,
    ) -> Response:
        why = error.why if isinstance(error, errors.AmountChanged) else ()
        return await self._render(
            account, order, at, notice=error.text, why=why, status=_status(error)
        )

    async def _render(
        self, account: AccountRecord, order: OrderRecord, at: datetime, **more: Any
    ) -> Response:
        status = more.pop("status", 200)
        view = await run_in_threadpool(
            refund_view, self._applications, self._confirmations, order, at, **more
        )
        return await run_in_threadpool(self._pages.refund, account, view, at, status)

    async def _form(
        self, request: Request
    ) -> tuple[AccountRecord | None, OrderRecord | None, dict[str, str]]:
        require_same_origin(request)
        account = await self._who(request)
        if account is None:
            return None, None, {}
        async with request.form(max_files=0, max_fields=10) as given:
            form = {name: text for name, text in given.items() if isinstance(text, str)}
        return account, await self._order(account, request), form

    async def _order(self, account: AccountRecord, request: Request) -> OrderRecord | None:
        order_id = request.path_params["order_id"]
        order = await run_in_threadpool(self._orders.get_order, account.id, order_id)
        return None if order is None else order.asked(now())

    def _no_order(self, account: AccountRecord, request: Request) -> Response:
        return self._pages.no_order(account, request.path_params["order_id"])


def _sign_in(request: Request) -> Response:
    """To the sign-in, and back to the page; a form is lost, and nothing was submitted."""
    target = request.url.path
    if request.method == "GET" and request.url.query:
        target = f"{target}?{request.url.query}"
    return RedirectResponse(f"/login?{urlencode({'next': target})}", 303)


def _back(order: OrderRecord) -> Response:
    return RedirectResponse(f"/refund/{quote(order.id, safe='')}#application", 303)
