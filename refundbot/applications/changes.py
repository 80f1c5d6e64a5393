"""Changing one application: read it, send an event, write; again when somebody was faster."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from refundbot.applications.errors import ApplicationsUnavailable, ChangedMeanwhile, NotAllowed
from refundbot.applications.machine import TransitionNotAllowed
from refundbot.applications.plans import Plans
from refundbot.applications.records import Actor, ApplicationRecord
from refundbot.applications.store import COLLISION, guarded, happen, record_of
from refundbot.applications.tables import Application

Sessions = Callable[[], Session]
# Called with the row before the event is sent; returns the reason to write down.
Prepare = Callable[[Application], str | None]
_TRIES = 5

_NOT_ALLOWED = {
    "approved": "申请已经审核通过，马上退款，不能再撤销或更改。",
    "refunding": "申请已经通过，正在退款，不能再撤销或更改。",
    "refunded": "退款已经完成。",
    "rejected": "申请已经驳回。",
    "cancelled": "申请已经撤销。",
    "failed": "退款没有成功，申请已经结束，可以重新申请。",
}


class Changes:
    """Changes applications one event at a time, whoever asks for it."""

    def __init__(self, sessions: Sessions, plans: Plans) -> None:
        self._sessions = sessions
        self._plans = plans

    def make(
        self,
        read: Callable[[Session], Application | None],
        event: str,
        actor: Actor,
        at: datetime,
        prepare: Prepare,
        *,
        version: int | None = None,
    ) -> ApplicationRecord | None:
        """Send ``event`` to the application that ``read`` finds.

        Args:
            version: refuse when the application is at another one; None: whatever it is now.

        Returns:
            The application afterwards, or None when there is no such application.

        Raises:
            NotAllowed: its state does not allow the event.
            ChangedMeanwhile: it is not at ``version``.
            ApplicationsUnavailable: the database failed, or was busy too long.
        """
        for _ in range(_TRIES):
            try:
                with guarded(event), self._sessions() as session, session.begin():
                    row = read(session)
                    if row is None:
                        return None
                    if version is not None and row.version != version:
                        raise ChangedMeanwhile(
                            record_of(session, row), "申请刚刚有了新的进展，请刷新后再操作。"
                        )
                    self._send(session, row, event, actor, at, prepare)
                    return record_of(session, row)
            except COLLISION:
                continue
        raise ApplicationsUnavailable(f"{event}: changed {_TRIES} times while being changed")

    def _send(
        self,
        session: Session,
        row: Application,
        event: str,
        actor: Actor,
        at: datetime,
        prepare: Prepare,
    ) -> None:
        before = record_of(session, row)
        try:
            reason = prepare(row)
            happen(session, row, self._plans.get(row.plan), event, actor, at, reason)
        except TransitionNotAllowed:
            text = _NOT_ALLOWED.get(before.state, f"申请在{before.state_name}，现在不能这样做。")
            raise NotAllowed(before, text) from None
