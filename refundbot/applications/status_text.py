"""An application's state in Chinese plain text, for chat and for people who cannot see cards."""

from datetime import date, datetime

from refund_core.wording import money
from refundbot.applications.progress import Progress

_AFTER = {
    "refunded": "退款已经完成",
    "rejected": "申请没有通过",
    "cancelled": "申请已经撤销",
    "failed": "退款没有成功",
}


def day_text(day: date, today: date) -> str:
    """``11-23``, with the year when it is not this year's."""
    return f"{day:%m-%d}" if day.year == today.year else f"{day:%Y-%m-%d}"


def instant_text(instant: datetime, at: datetime) -> str:
    """A day and a time, with the year when it is not this year's."""
    return f"{day_text(instant.date(), at.date())} {instant:%H:%M}"


def headline(shown: Progress) -> str:
    """``退款单 RF20261118002（¥640.00）正在初审``."""
    amount = f"（{money(shown.amount, shown.currency)}）" if shown.amount is not None else " "
    state = _AFTER.get(shown.state, f"正在{shown.state_name}" if shown.open else shown.state_name)
    if shown.state in ("submitted", "approved"):
        state = shown.state_name
    if shown.state == "refunding":
        state = "审核已通过，正在退款"
    return f"退款单 {shown.id}{amount}{state}"


def promise(shown: Progress, at: datetime) -> str:
    """When the present stage should end, or that no time is stated; empty when it is over."""
    if not shown.open:
        return ""
    if shown.due is None:
        return "规则没有写明这一步要多久，有结果会在申请页面显示。"
    within = f"（{shown.within}）" if shown.within else ""
    day = day_text(shown.due, at.date())
    what = "到账" if shown.state in ("approved", "refunding") else "给出结果"
    if shown.overdue:
        return f"原定 {day} 前{what}{within}，已经超过，可以催一下或转人工。"
    return f"预计 {day} 前{what}{within}。"


def status_lines(shown: Progress, at: datetime) -> list[str]:
    """The whole state: what, since when, by when, the way, why it ended and what to do."""
    submitted = f"{instant_text(shown.submitted_at, at)} 提交"
    lines = [f"{headline(shown)}，{submitted}。{promise(shown, at)}", f"进度：{shown.way}"]
    lines.append(f"订单 {shown.order_id} · {shown.product_name}")
    if shown.end is not None:
        lines[0] = f"{headline(shown)}（{instant_text(shown.end, at)}），{submitted}。"
    if shown.rejection is not None:
        lines += [f"原因：{shown.rejection.text}", f"可以这样做：{shown.rejection.remedy}"]
    return [*lines, *shown.caveats]
