"""Orders of two demo accounts and a real one, without a database."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from refund_core import RefundCase
from refundbot.clock import SHANGHAI
from refundbot.orders import AccountRecord, OrderRecord, OrdersUnavailable


def make_order(order_id: str, account_id: str, **changes: Any) -> OrderRecord:
    """A cloud server bought for a month on 2026-11-14, paid 280 yuan."""
    bought = datetime(2026, 11, 14, 10, 20, tzinfo=SHANGHAI)
    ends = datetime(2026, 12, 14, 10, 20, tzinfo=SHANGHAI)
    case = {
        "vendor": "baidu",
        "account": {"id": account_id},
        "order": {
            "id": order_id,
            "kind": "new",
            "status": "completed",
            "product": {"code": "bcc", "name": "云服务器 BCC", "category": "instance"},
            "billing_mode": "prepaid",
            "term": {"unit": "month", "length": 1},
            "purchased_at": bought.isoformat(),
            "effective_at": bought.isoformat(),
            "starts_at": bought.isoformat(),
            "ends_at": ends.isoformat(),
            "amount": "280.00",
            "payments": {"cash": "280.00"},
            "invoice": {"issued": False},
        },
        "resource": {
            "id": "i-1",
            "status": changes.pop("resource", "running"),
            "police_frozen": False,
            "in_transaction": False,
            "spec_changed_after_renewal": False,
        },
    }
    record = OrderRecord(
        id=order_id,
        account_id=account_id,
        vendor="baidu",
        product_code="bcc",
        product_name="云服务器 BCC",
        category="instance",
        kind="new",
        status="completed",
        billing_mode="prepaid",
        term="1 个月",
        purchased_at=bought,
        starts_at=bought,
        ends_at=ends,
        amount=Decimal("280.00"),
        paid=Decimal("280.00"),
        cash=Decimal("280.00"),
        gift=Decimal(0),
        stored_value=Decimal(0),
        voucher=Decimal(0),
        refunded=Decimal(0),
        promotion=None,
        resource_id="i-1",
        resource_status=str(case["resource"]["status"]),  # type: ignore[index]
        case=RefundCase.from_json(case),
    )
    return replace(record, **changes)


class FakeOrders:
    """Two demo accounts, a real one, and their orders."""

    def __init__(self) -> None:
        self.broken = False
        self.accounts = [
            AccountRecord("A1001", "林晓雨", "person", "baidu", "cn", True),
            AccountRecord("A1002", "<b>陈</b>", "enterprise", "baidu", "cn", True),
            AccountRecord("R9", "真客户", "person", "baidu", "cn", False),
        ]
        self.orders = [
            make_order("BD1", "A1001"),
            make_order("BD3", "A1001", resource="expired", promotion="<img src=x>"),
            make_order("BD2", "A1002"),
        ]

    def _check(self) -> None:
        if self.broken:
            raise OrdersUnavailable("secret detail")

    def list_accounts(self, demo: bool = True) -> list[AccountRecord]:
        self._check()
        return [account for account in self.accounts if account.demo or not demo]

    def get_account(self, account_id: str) -> AccountRecord | None:
        self._check()
        return next((a for a in self.accounts if a.id == account_id), None)

    def list_orders(self, account_id: str) -> list[OrderRecord]:
        self._check()
        return [order for order in self.orders if order.account_id == account_id]

    def get_order(self, account_id: str, order_id: str) -> OrderRecord | None:
        return next((o for o in self.list_orders(account_id) if o.id == order_id), None)
