"""The console's pages, rendered from templates that escape everything."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from refund_core import explain
from refundbot.applications.machine import state_name
from refundbot.applications.progress import progress
from refundbot.applications.records import ApplicationRecord
from refundbot.applications.status_text import promise
from refundbot.console import words
from refundbot.console.decisions import Verdict, decide
from refundbot.console.refund_view import RefundView
from refundbot.orders import AccountRecord, OrderRecord


def money(amount: Decimal | None) -> str:
    """Yuan for people: ``¥1,234.50``; a dash when unknown."""
    return "—" if amount is None else f"¥{amount:,.2f}"


def moment(instant: datetime | None) -> str:
    """An instant to the minute, Beijing time; a dash when there is none."""
    return "—" if instant is None else instant.strftime("%Y-%m-%d %H:%M")


def day(instant: datetime | None) -> str:
    """A date; a dash when there is none."""
    return "—" if instant is None else instant.strftime("%Y-%m-%d")


class Pages:
    """Renders pages from the templates in one folder; ``demo`` pages say that they are one."""

    def __init__(self, templates: Path, *, demo: bool) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(money=money, moment=moment, day=day, lost=explain.lost)
        self._environment.globals.update(words=words, promise=promise, state_name=state_name)
        self._environment.globals.update(demo=demo)

    def _page(self, name: str, status: int = 200, **context: Any) -> Response:
        text = self._environment.get_template(name).render(**context)
        return HTMLResponse(text, status_code=status)

    def login(self, accounts: Sequence[AccountRecord], next_path: str) -> Response:
        """The choice of a demo account."""
        return self._page("login.html", account=None, accounts=accounts, next=next_path)

    def sign_in_elsewhere(self) -> Response:
        """A customer came without being signed in, and nobody said where that is done."""
        text = "请先登录云控制台，再从那里或从聊天里的链接打开这个页面。"
        return self._page("message.html", 401, account=None, title="还没有登录", text=text)

    def orders(
        self,
        account: AccountRecord,
        orders: Sequence[OrderRecord],
        at: datetime,
        applied: Mapping[str, str],
    ) -> Response:
        """The signed-in customer's orders, each with whether it can be returned at ``at``.

        ``applied`` gives the state of the application that has an order, by order number.
        """
        rows: list[tuple[OrderRecord, Verdict]] = [(order, decide(order, at)) for order in orders]
        counts = {
            "all": len(rows),
            "running": sum(order.resource_status == "running" for order in orders),
            "refundable": sum(verdict.outcome == "refundable" for _, verdict in rows),
            "review": sum(verdict.outcome == "needs_review" for _, verdict in rows),
        }
        context: dict[str, Any] = {"rows": rows, "counts": counts, "at": at, "applied": applied}
        return self._page("orders.html", account=account, **context)

    def refund(
        self, account: AccountRecord, view: RefundView, at: datetime, status: int = 200
    ) -> Response:
        """The refund application page of one order."""
        context = {"order": view.order, "verdict": view.verdict, "view": view, "at": at}
        return self._page("refund.html", status, account=account, **context)

    def applications(
        self, account: AccountRecord, records: Sequence[ApplicationRecord], at: datetime
    ) -> Response:
        """The customer's refund applications, newest first."""
        rows = [progress(record, at) for record in records]
        return self._page("applications.html", account=account, rows=rows, at=at)

    def link_problem(
        self, account: AccountRecord, order: OrderRecord | None, title: str, text: str, status: int
    ) -> Response:
        """A link from a chat that does not open; with the plain page where that is one's own."""
        return self._page("link.html", status, account=account, order=order, title=title, text=text)

    def message(self, account: AccountRecord, title: str, text: str, status: int) -> Response:
        """One sentence and ways on."""
        return self._page("message.html", status, account=account, title=title, text=text)

    def no_order(self, account: AccountRecord, order_id: str) -> Response:
        """404 for an order that is not this account's, whether or not it exists."""
        text = f"在您名下没有找到订单 {order_id[:64]}。请核对订单号。"
        return self._page("message.html", 404, account=account, title="没有找到订单", text=text)

    def support(self, account: AccountRecord | None) -> Response:
        """How to reach a person."""
        return self._page("support.html", account=account)
