"""Demo applications: `demo.yaml` played through the real service, dated from the clock."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from refund_core import RefundCase, evaluate
from refundbot.applications.back_office import BackOffice
from refundbot.applications.confirmation import Confirmations
from refundbot.applications.errors import (
    AmountChanged,
    BadAmount,
    NotAllowed,
    NotNeeded,
    NotRefundable,
)
from refundbot.applications.records import ApplicationRecord
from refundbot.applications.service import Applications
from refundbot.applications.tables import (
    Application,
    ApplicationEvent,
    ApplicationNumber,
    Claim,
)
from refundbot.orders import AccountRecord, OrderRecord, SqlOrderSource
from refundbot.orders.demo import demo_orders
from refundbot.orders.demo_dates import resolve
from refundbot.policies import live_policies

logger = logging.getLogger(__name__)
DEMO_FILE = Path(__file__).with_name("demo.yaml")
# Signs confirmations that are checked at once and never leave this process.
_SECRET = "demo applications, confirmed by nobody"
OPERATOR = "演示审核员"


@dataclass(frozen=True)
class _Fixed:
    """An order source with one order, as it was."""

    order: OrderRecord

    def list_orders(self, account_id: str) -> list[OrderRecord]:
        return [self.order]

    def get_order(self, account_id: str, order_id: str) -> OrderRecord | None:
        return self.order

    def get_account(self, account_id: str) -> AccountRecord | None:
        return None


@lru_cache(maxsize=1)
def demo_file() -> list[dict[str, Any]]:
    """The demo applications as written; every scalar is text."""
    content = yaml.load(DEMO_FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    found: list[dict[str, Any]] = content["applications"]
    return found


def load_demo_applications(sessions: Callable[[], Session], now: datetime) -> int:
    """Replace the demo applications by freshly dated ones; return how many.

    Run it after the demo orders were loaded at the same instant. An application whose order a
    customer has applied for in the meantime is left out: theirs stays. So is one that the rules
    of its day do not allow, with a warning in the log: a demonstration must not stop the stack.

    Running it again at the same instant gives the same numbers.

    Raises:
        sqlalchemy.exc.SQLAlchemyError, ApplicationsUnavailable: the database failed.
    """
    _remove(sessions)
    numbers = {order.id[-3:]: order for order in demo_orders(now)}
    source = SqlOrderSource(sessions)
    made = 0
    # In the order of submission, so that the numbers of a day count up through it.
    for given in sorted(demo_file(), key=lambda each: resolve(each["submitted"], now, {})):
        demo_order = numbers[given["order"]]
        order = source.get_order(demo_order.account_id, demo_order.id)
        if order is None or _taken(sessions, order):
            continue
        try:
            _play(sessions, _as_it_was(order, given.get("as_it_was", {})), given, now)
        except (NotRefundable, NotNeeded, AmountChanged, NotAllowed, BadAmount) as error:
            # The rules that held on that day, or an edited policy, do not let it get this far.
            logger.warning("demo application for %s left out or cut short: %s", order.id, error)
            continue
        made += 1
    return made


def _remove(sessions: Callable[[], Session]) -> None:
    mine = select(Application.id).where(Application.demo)
    with sessions() as session, session.begin():
        days = {number[2:10] for number in session.scalars(mine)}
        for table in (Claim, ApplicationEvent):
            session.execute(
                delete(table)
                .where(table.application_id.in_(mine))
                .execution_options(synchronize_session=False)
            )
        session.execute(
            delete(Application).where(Application.demo).execution_options(synchronize_session=False)
        )
        for day in sorted(days):
            _give_numbers_back(session, day)


def _give_numbers_back(session: Session, day: str) -> None:
    """Let a day's counter stand at its last real application."""
    kept = session.scalars(select(Application.id).where(Application.id.like(f"RF{day}%"))).all()
    last = max((int(number[10:]) for number in kept), default=0)
    session.execute(
        update(ApplicationNumber)
        .where(ApplicationNumber.day == day)
        .values(last=last)
        .execution_options(synchronize_session=False)
    )


def _taken(sessions: Callable[[], Session], order: OrderRecord) -> bool:
    with sessions() as session:
        query = select(Application.id).where(
            Application.account_id == order.account_id, Application.order_id == order.id
        )
        return session.scalars(query).first() is not None


def _as_it_was(order: OrderRecord, facts: Mapping[str, Mapping[str, str]]) -> OrderRecord:
    if not facts:
        return order
    case = order.case.to_json()
    for part, fields in facts.items():
        case[part] = {
            **case[part],
            **{name: True if text == "true" else text for name, text in fields.items()},
        }
    return replace(order, case=RefundCase.from_json(case))


def _play(
    sessions: Callable[[], Session], order: OrderRecord, given: Mapping[str, Any], now: datetime
) -> None:
    applications = Applications(
        sessions, _Fixed(order), _SECRET, policies=live_policies(), demo=True
    )
    submitted = resolve(given["submitted"], now, {})
    decision = evaluate(order.asked(submitted).case, submitted, live_policies())
    confirmation = Confirmations(_SECRET).ask(order.account_id, decision)
    record = applications.submit(
        order.account_id, order.id, confirmation=confirmation, at=submitted
    ).application
    for step in given.get("then", ()):
        record = _operate(BackOffice(sessions), record, step, resolve(step["at"], now, {}))
    if "cancelled" in given:
        applications.cancel(
            order.account_id, record.id, at=resolve(given["cancelled"], now, {}), reason="不退了"
        )


def _operate(
    office: BackOffice, record: ApplicationRecord, step: Mapping[str, str], at: datetime
) -> ApplicationRecord:
    common: dict[str, Any] = {"operator": OPERATOR, "at": at, "version": record.version}
    if step["do"] == "advance":
        amount = Decimal(step["amount"]) if "amount" in step else None
        return office.advance(record.id, amount=amount, note=step.get("note"), **common)
    if step["do"] == "reject":
        common |= {"text": step["text"], "remedy": step["remedy"]}
        return office.reject(record.id, code=step["code"], **common)
    if step["do"] == "fail":
        return office.fail(record.id, text=step["text"], **common)
    raise ValueError(f"{step['do']!r} is nothing an operator does in the demo data")
