"""Applications as an operator's terminal shows them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from refund_core.wording import money
from refundbot.applications.machine import state_name
from refundbot.applications.progress import progress
from refundbot.applications.records import ApplicationRecord
from refundbot.applications.status_text import status_lines

_EVENTS = {
    "submit": "提交",
    "advance": "推进",
    "approve": "通过",
    "reject": "驳回",
    "cancel": "撤销",
    "fail": "退款失败",
    "nudge": "催一下",
}


def _sum(record: ApplicationRecord) -> str:
    return "待核定" if record.amount is None else money(record.amount, record.currency)


def _row(grid: Table, *cells: str) -> None:
    # Text, not str: a product name with [brackets] is no markup.
    grid.add_row(*(Text(cell) for cell in cells))


def table(records: Sequence[ApplicationRecord], at: datetime) -> Table:
    """One line an application; what is past its promised date, or was urged, is marked."""
    grid = Table(title=f"退款申请（{len(records)}）", title_justify="left")
    for header in ("退款单", "账号", "订单", "产品", "提交", "状态", "预计"):
        grid.add_column(header, no_wrap=header not in ("产品", "状态"))
    grid.add_column("金额", justify="right", no_wrap=True)
    for record in records:
        shown = progress(record, at)
        marks = ("，已超期" if shown.overdue else "") + (
            f"，催过 {shown.nudged} 次" if shown.nudged and shown.open else ""
        )
        _row(
            grid,
            record.id,
            record.account_id,
            record.order_id,
            record.product_name,
            f"{record.submitted_at:%Y-%m-%d %H:%M}",
            record.state_name + marks,
            f"{shown.due:%Y-%m-%d}" if shown.due else "—",
            _sum(record),
        )
    return grid


def detail(record: ApplicationRecord, at: datetime) -> RenderableType:
    """Where one stands, and everything that happened to it."""
    grid = Table(title="经过", title_justify="left")
    for header in ("时间", "动作", "从", "到", "谁", "说明"):
        grid.add_column(header, no_wrap=header != "说明")
    for event in record.events:
        _row(
            grid,
            f"{event.at:%Y-%m-%d %H:%M}",
            _EVENTS.get(event.event, event.event),
            state_name(event.from_state),
            state_name(event.to_state),
            f"{event.actor.kind}:{event.actor.name}",
            event.reason or "",
        )
    lines = [*status_lines(progress(record, at), at), f"金额：{_sum(record)}"]
    return Group(Text("\n".join([*lines, f"账号 {record.account_id} · 方案 {record.plan}"])), grid)


def as_json(record: ApplicationRecord, *, whole: bool = False) -> dict[str, Any]:
    """For programs; with facts and decision when ``whole``. Amounts are text, in yuan."""
    result: dict[str, Any] = {
        "id": record.id,
        "account": record.account_id,
        "order": record.order_id,
        "vendor": record.vendor,
        "product": record.product_name,
        "plan": record.plan,
        "state": record.state,
        "state_since": record.state_since.isoformat(),
        "due": record.due.isoformat() if record.due else None,
        "submitted_at": record.submitted_at.isoformat(),
        "amount": None if record.amount is None else f"{record.amount:.2f}",
        "currency": record.currency,
        "rejection": vars(record.rejection) if record.rejection else None,
        "version": record.version,
        "events": [
            {
                "event": event.event,
                "from": event.from_state,
                "to": event.to_state,
                "actor": f"{event.actor.kind}:{event.actor.name}",
                "at": event.at.isoformat(),
                "reason": event.reason,
                "due": event.due.isoformat() if event.due else None,
            }
            for event in record.events
        ],
    }
    if whole:
        result["decision"] = json.loads(record.decision_json)
        result["facts"] = json.loads(record.facts_json)
    return result
