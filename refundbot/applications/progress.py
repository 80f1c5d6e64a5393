"""Where an application stands, as a customer reads it: stages, dates, what they can do."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from refundbot.applications.machine import OPEN, REVIEWS, allows, state_name
from refundbot.applications.plans import Plan, Plans, default_plans
from refundbot.applications.promise import calendar_known
from refundbot.applications.records import ApplicationRecord, EventRecord, Rejection
from refundbot.clock import SHANGHAI

Status = Literal["done", "current", "next", "stopped"]
UNKNOWN_HOLIDAYS = "节假日安排尚未公布，日期按周一至周五估算。"
_NAMES = {"submitted": "提交", "refunding": "退款", "refunded": "到账"}
_ENDED_AT = {"rejected": "{stage}未通过", "cancelled": "{stage}时撤销", "failed": "退款失败"}
_MARKS = {"done": " ✓", "current": "（进行中）", "next": "", "stopped": " ✕"}


@dataclass(frozen=True)
class Stage:
    """One stage of the way.

    Attributes:
        state: state it stands for.
        name: Chinese name.
        status: done, current, next, or stopped (it ended here).
        at: when it was entered; None for one still to come.
        due: promised date; None when none is stated or it is over.
        within: how long it takes, ``1–3 个工作日``; empty when no time is stated.
        note: why it went on this way, or what happens in it.
    """

    state: str
    name: str
    status: Status
    at: datetime | None
    due: date | None
    within: str
    note: str


@dataclass(frozen=True)
class Progress:
    """Everything a page or a reply says about an application.

    Attributes:
        due: promised date of the present stage; None when none was promised.
        within: how long the present stage takes, in words.
        overdue: the promised date is past.
        caveats: what must be said next to the dates.
        can_cancel, can_nudge: what the state allows now.
        nudge_again_on: the day 催一下 can be used again, when it was used today.
        end: when it ended, for one that is over.
    """

    id: str
    order_id: str
    product_name: str
    amount: Decimal | None
    currency: str
    state: str
    state_name: str
    open: bool
    submitted_at: datetime
    stages: tuple[Stage, ...]
    due: date | None
    within: str
    overdue: bool
    caveats: tuple[str, ...]
    source: str
    can_cancel: bool
    can_nudge: bool
    nudge_again_on: date | None
    nudged: int
    rejection: Rejection | None
    end: datetime | None
    version: int

    @property
    def way(self) -> str:
        """The stages in one line: ``提交 ✓ → 自动审核 ✓（转人工…） → 初审（进行中） → …``."""
        return " → ".join(
            f"{stage.name}{_MARKS[stage.status]}"
            + (f"（{stage.note}）" if stage.status == "done" and stage.note else "")
            for stage in self.stages
        )


def progress(record: ApplicationRecord, at: datetime, plans: Plans | None = None) -> Progress:
    """What to show of an application at an instant.

    Raises:
        PlanError: its plan is no longer in the plans file.
    """
    plan = (plans or default_plans()).get(record.plan)
    today = at.astimezone(SHANGHAI).date()
    now_stage = plan.stages.get(record.state)
    due = record.due if record.open else None
    nudged_today = (
        record.nudged_at is not None and record.nudged_at.astimezone(SHANGHAI).date() >= today
    )
    nudgeable = allows(record.state, plan.path, "nudge")
    return Progress(
        id=record.id,
        order_id=record.order_id,
        product_name=record.product_name,
        amount=record.amount,
        currency=record.currency,
        state=record.state,
        state_name=record.state_name,
        open=record.open,
        submitted_at=record.submitted_at,
        stages=tuple(_stages(record, plan)),
        due=due,
        within=now_stage.text if now_stage else "",
        overdue=due is not None and due < today,
        caveats=tuple(_caveats(record, plan, due)),
        source=_source(plan),
        can_cancel=allows(record.state, plan.path, "cancel"),
        can_nudge=nudgeable and not nudged_today,
        nudge_again_on=today + timedelta(days=1) if nudgeable and nudged_today else None,
        nudged=sum(event.event == "nudge" for event in record.events),
        rejection=record.rejection,
        end=None if record.open else record.state_since,
        version=record.version,
    )


def _source(plan: Plan) -> str:
    """Who states the times; empty when no stage has one."""
    if plan.source is None or all(stage.most is None for stage in plan.stages.values()):
        return ""
    return f"{plan.source.title}（{plan.source.updated}）"


def _caveats(record: ApplicationRecord, plan: Plan, due: date | None) -> list[str]:
    caveats = []
    if plan.assumption and record.state in ("submitted", "auto_review", *REVIEWS):
        caveats.append(plan.assumption)
    if due is not None and not calendar_known(due):
        caveats.append(UNKNOWN_HOLIDAYS)
    return caveats


def _stages(record: ApplicationRecord, plan: Plan) -> list[Stage]:
    moves = [event for event in record.events if event.event != "nudge"]
    entered = {event.to_state: event for event in moves}
    # What is written down on leaving 自动审核 says which way it went on, and why.
    left = {event.from_state: event.reason or "" for event in moves}
    stages = []
    for state in _route(plan):
        # 已通过 is a moment on the way, not a stage to wait in: 退款 begins with it.
        came = entered.get("approved", entered.get(state)) if state == "refunding" else None
        came = came or entered.get(state)
        here = record.state in OPEN and state == _shown_as(record.state)
        stages.append(_stage(state, record, plan, came, here, left))
    if record.state not in _ENDED_AT:
        return stages
    # An application that ended early shows how far it came and the end, nothing beyond.
    reached = [stage for stage in stages if stage.at is not None]
    last, end = reached.pop(), entered[record.state]
    name = _ENDED_AT[record.state].format(stage=last.name)
    return [*reached, Stage(record.state, name, "stopped", end.at, None, "", end.reason or "")]


def _route(plan: Plan) -> list[str]:
    reviews = REVIEWS if plan.path == "manual" else ()
    return ["submitted", "auto_review", *reviews, "refunding", "refunded"]


def _shown_as(state: str) -> str:
    return "refunding" if state == "approved" else state


def _stage(
    state: str,
    record: ApplicationRecord,
    plan: Plan,
    came: EventRecord | None,
    here: bool,
    left: dict[str, str],
) -> Stage:
    status: Status = "current" if here else "next" if came is None else "done"
    planned = plan.stages.get(state)
    if status == "done":
        note = left.get(state, "") if state == "auto_review" else ""
    else:
        note = planned.does if planned else ""
    return Stage(
        state=state,
        name=_NAMES.get(state) or state_name(state),
        status=status,
        at=came.at if came else None,
        due=record.due if status == "current" else None,
        within=planned.text if planned and status != "done" else "",
        note=note,
    )
