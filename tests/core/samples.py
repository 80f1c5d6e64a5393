"""Cases the tests start from; each call gives a fresh one."""

from typing import Any


def instance_case() -> dict[str, Any]:
    """BCC for a month, 280.00 cash and a 20.00 voucher, 2026-11-14 to 2026-12-14."""
    return {
        "vendor": "baidu",
        "account": {"id": "A1001"},
        "order": {
            "id": "BD20261114001",
            "kind": "new",
            "status": "effective",
            "product": {"code": "bcc", "name": "云服务器 BCC", "category": "instance"},
            "billing_mode": "prepaid",
            "purchased_at": "2026-11-14T10:00:00+08:00",
            "starts_at": "2026-11-14T10:00:00+08:00",
            "ends_at": "2026-12-14T10:00:00+08:00",
            "term": {"unit": "month", "length": 1},
            "amount": "300.00",
            "payments": {"cash": "280.00", "voucher": "20.00"},
            "invoice": {"issued": False},
        },
        "resource": {
            "id": "i-7Hk2mQ9x",
            "status": "running",
            "police_frozen": False,
            "in_transaction": False,
            "spec_changed_after_renewal": False,
        },
    }
