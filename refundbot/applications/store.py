"""Applications in the database: writing one, moving one, finding one."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from refund_core import Decision, RefundCase
from refundbot.applications.errors import ApplicationsUnavailable
from refundbot.applications.machine import OPEN, ApplicationMachine
from refundbot.applications.plans import Plan
from refundbot.applications.promise import due_date
from refundbot.applications.records import Actor, ApplicationRecord, EventRecord, Rejection
from refundbot.applications.tables import (
    Application,
    ApplicationEvent,
    ApplicationNumber,
    Claim,
)
from refundbot.clock import SHANGHAI

# Two changes at once: one is undone and must look again.
COLLISION = (StaleDataError, IntegrityError)


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turn a database that fails into `ApplicationsUnavailable`; collisions pass."""
    try:
        yield
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        if isinstance(error, StaleDataError):
            raise
        raise ApplicationsUnavailable(f"{what}: {type(error).__name__}") from error


def next_number(session: Session, at: datetime) -> str:
    """The next ``RF{yyyymmdd}{seq}`` of the day; its row stays locked until the commit.

    The update comes first, so that the day's submissions queue here and cannot deadlock. Two
    that open a day at once collide on the key, and one tries again.
    """
    day = f"{at.astimezone(SHANGHAI):%Y%m%d}"
    row = ApplicationNumber
    changed = session.execute(
        update(row)
        .where(row.day == day)
        .values(last=row.last + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:
        session.add(ApplicationNumber(day=day, last=1))
        session.flush()
        return f"RF{day}001"
    last = session.scalars(select(row.last).where(row.day == day)).one()
    return f"RF{day}{last:03d}"


def claimed_orders(case: RefundCase, decision: Decision) -> list[str]:
    """Every order that paying this application would return money for.

    A whole resource takes its renewals and upgrades with it, so that none of them can be
    returned a second time by an application of its own.
    """
    if decision.lines:
        taken = {line.order_id for line in decision.lines if line.refund > 0}
    elif case.request.scope == "resource":
        taken = {order.id for order in case.related_orders if order.status != "refunded"}
    else:
        taken = set()
    return sorted({case.order.id, *taken})


def new_application(
    session: Session,
    plan: Plan,
    case: RefundCase,
    decision: Decision,
    at: datetime,
    *,
    vendor: str,
    product_name: str,
    demo: bool,
) -> Application:
    """Write a draft and its claims.

    Raises:
        IntegrityError: an application has one of these orders already.
    """
    number = next_number(session, at)
    row = Application(
        id=number,
        account_id=case.account.id,
        order_id=case.order.id,
        vendor=vendor,
        product_name=product_name,
        plan=plan.id,
        state="draft",
        state_since=at,
        submitted_at=at,
        amount=decision.amount,
        currency=decision.currency,
        facts=json.dumps(case.to_json(), ensure_ascii=False),
        decision=json.dumps(decision.to_json(), ensure_ascii=False),
        demo=demo,
    )
    session.add(row)
    session.flush()
    session.add_all(
        Claim(account_id=case.account.id, order_id=order_id, application_id=number)
        for order_id in claimed_orders(case, decision)
    )
    session.flush()
    return row


def happen(
    session: Session,
    row: Application,
    plan: Plan,
    event: str,
    actor: Actor,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Send one event to an application and write what happened; the caller commits.

    Raises:
        TransitionNotAllowed: the state does not allow it; nothing is changed.
    """

    def told(name: str, source: str, target: str) -> None:
        if source != target:
            row.state_since = at
            row.due = _due(row, plan, target, at)
        count = len(session.scalars(_positions(row.id)).all())
        session.add(
            ApplicationEvent(
                application_id=row.id,
                position=count + 1,
                event=name,
                from_state=source,
                to_state=target,
                actor_kind=actor.kind,
                actor=actor.name,
                at=at,
                reason=reason,
                due=row.due,
                demo=row.demo,
            )
        )
        if target in ("rejected", "cancelled", "failed"):
            session.execute(
                delete(Claim)
                .where(Claim.application_id == row.id)
                .execution_options(synchronize_session=False)
            )

    ApplicationMachine(row, plan.path, told).send(event)
    session.flush()


def _due(row: Application, plan: Plan, state: str, at: datetime) -> date | None:
    """The date promised for a state on entering it: the plan's, else the policy's own for money.

    The policy's date counts from its decision, so it holds when the refund follows at once.
    """
    planned = due_date(at, plan.stages.get(state))
    if planned is not None or state != "refunding" or plan.path != "automatic":
        return planned
    timing = Decision.from_json(json.loads(row.decision)).timing
    return timing.latest.date() if timing is not None and timing.latest is not None else None


def _positions(application_id: str) -> Any:
    return select(ApplicationEvent.position).where(
        ApplicationEvent.application_id == application_id
    )


def holder_of(session: Session, account_id: str, order_ids: Sequence[str]) -> Application | None:
    """The application that has claimed one of these orders, the first in their order."""
    for order_id in order_ids:
        found: Application | None = session.scalars(
            select(Application)
            .join(Claim, Claim.application_id == Application.id)
            .where(Claim.account_id == account_id, Claim.order_id == order_id)
        ).one_or_none()
        if found is not None:
            return found
    return None


def newest(session: Session, account_id: str, order_id: str) -> Application | None:
    """The last application made for exactly this order."""
    found: Application | None = session.scalars(
        select(Application)
        .where(Application.account_id == account_id, Application.order_id == order_id)
        .order_by(Application.submitted_at.desc(), Application.id.desc())
    ).first()
    return found


def select_applications(
    *, account_id: str | None = None, state: str | None = None, limit: int
) -> Any:
    """Applications, newest first; of everybody when no account is named.

    ``state`` may be ``open``, a state, or None for all.
    """
    query = select(Application).order_by(Application.submitted_at.desc(), Application.id.desc())
    if account_id is not None:
        query = query.where(Application.account_id == account_id)
    if state == "open":
        query = query.where(Application.state.in_(sorted(OPEN)))
    elif state is not None:
        query = query.where(Application.state == state)
    return query.limit(limit)


def record_of(session: Session, row: Application) -> ApplicationRecord:
    """The row as the rest of the house sees it, history included."""
    events = session.scalars(
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == row.id)
        .order_by(ApplicationEvent.position)
    )
    amount: Decimal | None = row.amount
    rejection = (
        Rejection(row.reason_code, row.reason_text or "", row.remedy or "")
        if row.reason_code
        else None
    )
    return ApplicationRecord(
        id=row.id,
        account_id=row.account_id,
        order_id=row.order_id,
        vendor=row.vendor,
        product_name=row.product_name,
        plan=row.plan,
        state=row.state,
        state_since=row.state_since,
        due=row.due,
        submitted_at=row.submitted_at,
        amount=amount,
        currency=row.currency,
        rejection=rejection,
        nudged_at=row.nudged_at,
        version=row.version,
        events=tuple(_event(each) for each in events),
        decision_json=row.decision,
        facts_json=row.facts,
    )


def _event(row: ApplicationEvent) -> EventRecord:
    return EventRecord(
        event=row.event,
        from_state=row.from_state,
        to_state=row.to_state,
        actor=Actor(row.actor_kind, row.actor),
        at=row.at,
        reason=row.reason,
        due=row.due,
    )
