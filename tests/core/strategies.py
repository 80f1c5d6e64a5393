"""Cases out of nowhere: any case the schema allows, and cases that could be real."""

import dataclasses
import types
import typing
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, Union

from hypothesis import strategies as st

from refund_core.case import RefundCase
from refund_core.codec import SHANGHAI

EARLIEST = datetime(2026, 1, 1, tzinfo=SHANGHAI)
VENDORS = ["baidu", "aliyun", "tencent", "huawei", "ucloud", "ctyun"]


def money(high: int = 100_000_00) -> st.SearchStrategy[str]:
    return st.integers(0, high).map(lambda fen: format(Decimal(fen).scaleb(-2), "f"))


def instants() -> st.SearchStrategy[str]:
    # Around the same months, so that windows and terms meet; to the second.
    seconds = st.integers(-40 * 86400, 800 * 86400)
    return seconds.map(lambda count: (EARLIEST + timedelta(seconds=count)).isoformat())


def _field(tp: Any, meta: Any, name: str) -> st.SearchStrategy[Any]:
    if typing.get_origin(tp) in (Union, types.UnionType):
        (inner,) = [arg for arg in typing.get_args(tp) if arg is not type(None)]
        return st.none() | _field(inner, meta, name)
    if isinstance(tp, type) and dataclasses.is_dataclass(tp):
        return any_json(tp)
    origin, args = typing.get_origin(tp), typing.get_args(tp)
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple:
        return st.lists(_field(args[0], meta, name), max_size=2)
    if name == "vendor":
        return st.sampled_from([*VENDORS, "nobody"])
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: st.sampled_from(["bcc", "cdn", "x1"]),
        bool: st.booleans(),
        int: st.integers(meta.get("minimum", 0), min(meta.get("maximum", 1000), 1000)),
        Decimal: money(),
        datetime: instants(),
    }
    return simple[tp]


def any_json(cls: Any) -> st.SearchStrategy[dict[str, Any]]:
    """JSON of any object of a dataclass; fields with a default may be left out."""
    hints = typing.get_type_hints(cls)
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for item in dataclasses.fields(cls):
        must = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
        (required if must else optional)[item.name] = _field(
            hints[item.name], item.metadata, item.name
        )
    return st.fixed_dictionaries(required, optional=optional)


def any_case() -> st.SearchStrategy[RefundCase]:
    """Any case the schema allows, however strange."""
    return any_json(RefundCase).map(RefundCase.from_json)


@st.composite
def payments(draw: Any) -> dict[str, str]:
    kinds = ["cash", "gift", "stored_value", "cash_coupon", "voucher"]
    return {kind: draw(money(5_000_00) | st.just("0.00")) for kind in kinds}


def _total(parts: dict[str, str]) -> Decimal:
    return sum((Decimal(part) for part in parts.values()), Decimal("0.00"))


@st.composite
def plausible_orders(draw: Any, kind: str, start: datetime, number: int) -> dict[str, Any]:
    parts = draw(payments())
    months = draw(st.integers(1, 24))
    end = start + timedelta(days=30 * months, seconds=draw(st.integers(0, 86400)))
    paid = _total(parts)
    refunded = draw(st.just("0.00") | money(int(paid * 100)))
    return {
        "id": f"T{number}",
        "kind": kind,
        "status": draw(st.sampled_from(["paid", "effective", "effective", "completed"])),
        "product": {
            "code": draw(st.sampled_from(["bcc", "cdn", "ecs", "redis"])),
            "name": "云产品",
            "category": draw(
                st.sampled_from(["instance", "instance", "usage_pack", "storage_pack", "other"])
            ),
        },
        "billing_mode": "prepaid",
        "purchased_at": (start - timedelta(minutes=draw(st.integers(0, 100)))).isoformat(),
        "effective_at": start.isoformat(),
        "starts_at": start.isoformat(),
        "ends_at": end.isoformat(),
        "term": {"unit": "month", "length": months},
        "amount": format(paid, "f"),
        "payments": parts,
        "refunded": refunded,
        "list_price": format(paid + draw(st.integers(0, 100)), ".2f"),
        "payment_channel": draw(st.sampled_from(["balance", "alipay", "bank", "wechat"])),
        "invoice": {"issued": False},
        "pricing": {
            "month_price": format(paid / months, ".2f"),
            "discount": "0.85",
            "used_discount": "1",
            "payg": [{"price": "0.42", "up_to_hours": 96}, {"price": "0.21"}],
        },
    }


@st.composite
def plausible_case_data(draw: Any) -> dict[str, Any]:
    """A consistent case with nothing against it, perhaps with renewals."""
    start = EARLIEST + timedelta(seconds=draw(st.integers(0, 300 * 86400)))
    order = draw(plausible_orders("new", start, 0))
    related = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        kind = draw(st.sampled_from(["renewal", "upgrade"]))
        begin = start + timedelta(days=draw(st.integers(0, 400)))
        related.append(draw(plausible_orders(kind, begin, number)))
    return {
        "vendor": draw(st.sampled_from(VENDORS)),
        "site": "cn",
        "account": {
            "id": "A1",
            "entity_id": "E1",
            "framework_contract": False,
            "in_arrears": False,
        },
        "order": order,
        "related_orders": related,
        "resource": {
            "id": "r1",
            "status": "running",
            "police_frozen": False,
            "in_transaction": False,
            "used": False,
            "effective": False,
            "support_benefits_used": False,
            "spec_changed_after_renewal": False,
            "transferred": False,
            "marketplace_image": False,
            "deployed": False,
            "ddos_record": False,
            "illegal_content": False,
        },
        "request": {"scope": draw(st.sampled_from(["resource", "resource", "renewal"]))},
        "history": {"refunds": []},
    }


def plausible_cases() -> st.SearchStrategy[RefundCase]:
    return plausible_case_data().map(RefundCase.from_json)


def later() -> st.SearchStrategy[timedelta]:
    return st.integers(0, 500 * 86400).map(lambda seconds: timedelta(seconds=seconds))
