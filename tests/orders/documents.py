"""The clock of the tests, and the import documents they start from and break."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from sqlalchemy.orm import Session

from refundbot.clock import parse_instant

NOW = parse_instant("2026-11-23T10:00:00+08:00")
Sessions = Callable[[], Session]

_ORDER: dict[str, Any] = {
    "account": "B1",
    "id": "BD1",
    "kind": "new",
    "status": "completed",
    "product": {"code": "bcc", "name": "云服务器 BCC", "category": "instance"},
    "billing_mode": "prepaid",
    "term": {"unit": "month", "length": 1},
    "purchased_at": "2026-11-14T10:20:00+08:00",
    "starts_at": "2026-11-14T10:20:00+08:00",
    "ends_at": "2026-12-14T10:20:00+08:00",
    "amount": "300.00",
    "payments": {"cash": "280.00", "voucher": "20.00"},
    "resource": {"id": "i-1", "status": "running"},
}


def order(**changes: Any) -> dict[str, Any]:
    """A valid order of account B1; a field given as None is left out."""
    merged = {**deepcopy(_ORDER), **changes}
    return {name: value for name, value in merged.items() if value is not None}


def document(*orders: dict[str, Any]) -> dict[str, Any]:
    """A document with account B1 and these orders."""
    return {"accounts": [{"id": "B1", "name": "测试公司"}], "orders": list(orders)}
