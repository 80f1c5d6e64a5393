"""The desk's pages and the parts of them that are refreshed, from templates that escape all."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from refund_core import Decision, explain
from refundbot.clock import SHANGHAI
from refundbot.console import words
from refundbot.console.desk_session import Agent
from refundbot.desk.interface import Line, Ticket

logger = logging.getLogger(__name__)

STATUS = {"waiting": "等待接入", "open": "进行中", "closed": "已结束"}
# What an action may say about an order; what it left out is not shown.
FACTS = (
    *("product", "paid", "voucher", "refunded", "purchased_at", "ends_at"),
    *("resource", "resource_status", "promotion", "decision_number"),
)
OUTCOME = {"left": "客户退出", "handed_back": "已交还助手", "closed": "已处理"}


@dataclass(frozen=True)
class Given:
    """A decision as the agent reads it.

    Attributes:
        outcome: refundable, not_refundable or needs_review.
        lines: headline, sum, reasons.
        basis: policy with its version, and when the answer was given.
    """

    outcome: str
    lines: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class Looked:
    """An order of the ticket: its facts, and the decision given on it, where there are any."""

    id: str
    facts: dict[str, Any]
    given: Given | None


def age(since: datetime, at: datetime) -> str:
    """How long ago: 不到 1 分钟, 12 分钟, 3 小时, 2 天."""
    minutes = int((at - since).total_seconds() // 60)
    if minutes < 1:
        return "不到 1 分钟"
    if minutes < 60:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 24 * 60 else f"{minutes // (24 * 60)} 天"


def _day(text: str | None) -> str:
    if not text:
        return "—"
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _is_zero(amount: str) -> bool:
    """Whether an amount as text, such as ¥0.00, is nothing."""
    return not any(digit in amount for digit in "123456789")


def _given(decision: dict[str, Any]) -> Given | None:
    try:
        read = Decision.from_json(decision)
        told = [explain.headline(read).rstrip("："), explain.sum_line(read)]
    except Exception:  # an old ticket may hold a decision of another version of the code
        logger.exception("a ticket's decision cannot be shown")
        return None
    told += [f"· {reason.text}" for reason in read.reasons]
    policy = decision.get("policy") or {}
    basis = (
        f"{policy.get('title', '')}（{policy.get('version', '')}），{read.as_of:%m-%d %H:%M} 给出"
    )
    return Given(read.outcome, tuple(line for line in told if line), basis)


def looked_at(ticket: Ticket) -> list[Looked]:
    """The ticket's orders: those with facts first, then those only a decision names."""
    facts = {
        str(order["id"]): {name: order.get(name) or "" for name in FACTS} for order in ticket.orders
    }
    unknown = dict.fromkeys(FACTS, "")
    named = {str(d["order_id"]): d for d in ticket.decisions if d.get("order_id")}
    given = {name: _given(decision) for name, decision in named.items()}
    for name, decision in named.items():
        lines = [line for line in decision.get("lines") or [] if line.get("order_id") == name]
        facts.setdefault(name, {**unknown, "product": lines[0]["product"] if lines else ""})
    return [Looked(name, facts[name], given.get(name)) for name in facts]


class DeskPages:
    """Renders the desk."""

    def __init__(self, templates: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(day=_day, zero=_is_zero)
        self._environment.globals.update(words=words, STATUS=STATUS, OUTCOME=OUTCOME, age=age)

    def _draw(self, name: str, **context: Any) -> str:
        return self._environment.get_template(name).render(**context)

    def sign_in(self, agents: Sequence[str], needs_code: bool) -> Response:
        """The choice of an agent."""
        return HTMLResponse(self._draw("desk_login.html", agents=agents, needs_code=needs_code))

    def desk(
        self,
        agent: Agent,
        tickets: Sequence[Ticket],
        ticket: Ticket | None,
        lines: Sequence[Line],
        at: datetime,
    ) -> Response:
        """The whole desk, with one ticket open or none."""
        text = self._draw(
            "desk.html",
            agent=agent,
            queue=self.queue(agent, tickets, "" if ticket is None else str(ticket.number), at),
            ticket=ticket,
            head="" if ticket is None else self.head(agent, ticket, at),
            lines=[self.line(line) for line in lines],
            last=lines[-1].id if lines else 0,
            looked=[] if ticket is None else looked_at(ticket),
        )
        return HTMLResponse(text)

    def queue(self, agent: Agent, tickets: Sequence[Ticket], chosen: str, at: datetime) -> str:
        """The list of tickets."""
        return self._draw("desk_queue.html", agent=agent, tickets=tickets, chosen=chosen, at=at)

    def head(self, agent: Agent, ticket: Ticket, at: datetime) -> str:
        """A ticket's status and what the agent can do."""
        return self._draw("desk_head.html", agent=agent, ticket=ticket, at=at)

    def line(self, line: Line) -> str:
        """One line of the conversation."""
        return self._draw("desk_line.html", line=line)
