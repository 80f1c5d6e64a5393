"""Orders that tests can change, and a customer who confirms what the page shows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from refund_core import Decision, RefundCase, evaluate
from refundbot.applications.confirmation import Confirmations
from refundbot.applications.records import ApplicationRecord
from refundbot.applications.service import Applications, BackOffice, Submitted
from refundbot.clock import parse_instant
from refundbot.orders import AccountRecord, OrderRecord
from tests.gateway.fake_orders import make_order

NOW = parse_instant("2026-11-23T10:00:00+08:00")
SECRET = "link-" + "l" * 40
Sessions = Callable[[], Session]


def with_facts(order: OrderRecord, /, **parts: dict[str, Any]) -> OrderRecord:
    """The order with some facts of its case changed, part by part."""
    case = order.case.to_json()
    for part, fields in parts.items():
        case[part] = {**case[part], **fields}
    return replace(order, case=RefundCase.from_json(case))


def related(order: OrderRecord, *others: OrderRecord) -> OrderRecord:
    """The order with others on the same resource."""
    case = order.case.to_json()
    case["related_orders"] = [other.case.to_json()["order"] for other in others]
    return replace(order, case=RefundCase.from_json(case))


class Orders:
    """Orders of A1001 and A1002: one that returns by itself, one a person must look at."""

    def __init__(self) -> None:
        self.all = {
            "BD1": make_order("BD1", "A1001"),
            "BD2": with_facts(make_order("BD2", "A1001"), account={"risk_flagged": True}),
            "BD3": make_order("BD3", "A1001", resource="expired"),
            "BD9": make_order("BD9", "A1002"),
        }

    def list_orders(self, account_id: str) -> list[OrderRecord]:
        return [order for order in self.all.values() if order.account_id == account_id]

    def get_order(self, account_id: str, order_id: str) -> OrderRecord | None:
        found = self.all.get(order_id.strip().upper())
        return found if found is not None and found.account_id == account_id else None

    def get_account(self, account_id: str) -> AccountRecord | None:
        return AccountRecord(account_id, "测试", "person", "baidu", "cn", True)

    def list_accounts(self, demo: bool = True) -> list[AccountRecord]:
        return [AccountRecord(a, "测试", "person", "baidu", "cn", True) for a in ("A1001", "A1002")]


class World:
    """The service over a database and orders of our own."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.orders = Orders()
        self.applications = Applications(sessions, self.orders, SECRET)
        self.back_office = BackOffice(sessions)
        self.confirmations = Confirmations(SECRET)

    def decision(self, order_id: str, at: datetime = NOW) -> Decision:
        return evaluate(self.orders.all[order_id].case, at)

    def confirm(self, order_id: str, at: datetime = NOW) -> str:
        """What the page's form carries for the order's owner."""
        owner = self.orders.all[order_id].account_id
        return self.confirmations.ask(owner, self.decision(order_id, at))

    def submit(self, order_id: str, at: datetime = NOW) -> Submitted:
        """Look at the page and confirm at once."""
        owner = self.orders.all[order_id].account_id
        confirmation = self.confirm(order_id, at)
        return self.applications.submit(owner, order_id, confirmation=confirmation, at=at)

    def advance(self, record: ApplicationRecord, at: datetime = NOW, **more: Any) -> Any:
        return self.back_office.advance(
            record.id, operator="li", at=at, version=record.version, **more
        )

    def reject(self, record: ApplicationRecord, at: datetime = NOW, **more: Any) -> Any:
        more = {"code": "materials_incomplete", **more}
        return self.back_office.reject(
            record.id, operator="li", at=at, version=record.version, **more
        )

    def fail(self, record: ApplicationRecord, at: datetime = NOW) -> Any:
        return self.back_office.fail(
            record.id, operator="li", at=at, version=record.version, text="银行退回"
        )
