"""晚几天退会怎样: how outcome and sum change over the next days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any

import refund_core
from actions import wording
from actions.ask import Ask
from actions.labels import short_day
from actions.order_question import OrderQuestion
from actions.reply import Reply
from actions.view import View
from refund_core import explain
from refund_core.decision import Decision
from refund_core.plot import steps
from refundbot.policies import live_policies

_CHART_DAYS = 40  # a month's term and its end
# How far ahead is shown, days; the customer sees each and the last one before an end.
_DAYS = (1, 3, 7, 15, 30)
_FURTHEST = 3 * 366  # days; nobody's term runs longer


class AskTimeline(OrderQuestion):
    """A short table of later days, each decided by the rule core, and a picture of them."""

    action = "ask_timeline"
    title = "晚几天退"

    def about(self, view: View, ask: Ask) -> Reply:
        """One line a day shown, and the instant at which the answer changes."""
        policies = live_policies()
        later = []
        for days in _DAYS:
            at = view.decision.as_of + timedelta(days=days)
            later.append((days, refund_core.evaluate(view.order.case, at, policies)))
        asked = _asked(view, ask)
        return replace(_reply(view, later, asked), chart=_chart(view, asked[0] if asked else 0))


def _asked(view: View, ask: Ask) -> tuple[int, Decision] | None:
    """The day the customer named, answered before the table: 晚一周、下个月."""
    now = view.decision.as_of
    days = ask.mentions.days
    if days is None and ask.mentions.later is not None:
        named = ask.mentions.later
        last = named.end - timedelta(seconds=1)  # 月底 may have begun: then its last day
        days = ((named.start if named.start > now else last).date() - now.date()).days
    if days is None or not 1 <= days <= _FURTHEST:
        return None
    at = now + timedelta(days=days)
    return days, refund_core.evaluate(view.order.case, at, live_policies())


def _reply(
    view: View,
    later: Sequence[tuple[int, Decision]],
    asked: tuple[int, Decision] | None = None,
) -> Reply:
    """How outcome and sum change over later days, one line for each other answer.

    Args:
        view: the order, decided now.
        later: days from now, and the decision then.
        asked: the day the customer named, which is answered first.
    """
    today = view.decision.as_of
    lines = [f"现在退：{wording.headline(view)}", explain.order_line(view.order.case)]
    if asked is not None:
        then = wording.headline(View(view.order, asked[1]))
        lines.insert(0, f"{asked[0]} 天后（{short_day(asked[1].as_of, today)}）退：{then}")
    answers = [
        (days, decision, wording.headline(View(view.order, decision)))
        for days, decision in later
        if asked is None or days != asked[0]
    ]
    for told, group in groupby(answers, key=lambda answer: answer[2]):
        (first, start, _), *more = group
        days, day = str(first), short_day(start.as_of, today)
        if more:
            last, end, _ = more[-1]
            days, day = f"{first}–{last}", f"{day} 至 {short_day(end.as_of, today)}"
        lines.append(f"{days} 天后（{day}）：{told}")
    lines += [
        explain.deadline_line(view.decision),
        explain.basis_line(view.decision) + explain.assumption_line(view.decision),
    ]
    buttons = [b for b in wording.ways_on(view) if b is not wording.LATER]
    if view.decision.outcome == "refundable":
        picture = wording.go_to_refund(view, "看走势图")
        buttons.insert(1, replace(picture, url=f"{picture.url}#later"))
    return wording.about(view, lines, buttons)


def _chart(view: View, asked: int) -> dict[str, Any]:
    """The stretches of time with one answer each, from now on; amounts as text."""
    case = view.order.case
    days = max(_CHART_DAYS, asked)
    line = refund_core.timeline(case, view.decision.as_of, days, live_policies())
    return {
        "currency": case.currency,
        "stretches": [
            {
                "from": start.isoformat(),
                "to": end.isoformat(),
                "outcome": point.outcome,
                "amount": None if point.amount is None else f"{point.amount:.2f}",
            }
            for start, end, point in steps(line)
        ],
    }
