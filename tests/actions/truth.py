"""What may be said to a customer, worked out without the actions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import refund_core
from refund_core.decision import Decision
from refundbot.applications.service import get_applications
from refundbot.clock import parse_instant
from refundbot.orders import get_source
from refundbot.orders.source import OrderRecord
from refundbot.policies import live_policies
from tests.stack import NOW

NOON = parse_instant(NOW)
LATER = (1, 3, 7, 15, 30)  # days that 晚几天退会怎样 shows
AMOUNT = re.compile(r"¥([\d,]+\.\d\d)")


def sum_of(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def amounts_in(data: Any) -> Iterator[Decimal]:
    """Every amount anywhere in a decision's JSON, those inside its Chinese texts included."""
    if isinstance(data, dict):
        for value in data.values():
            yield from amounts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from amounts_in(value)
    elif isinstance(data, str):
        yield from (sum_of(found) for found in AMOUNT.findall(data))
        if re.fullmatch(r"\d+\.\d\d", data):
            yield Decimal(data)


@dataclass
class Known:
    """What is true of one account, worked out without the actions."""

    orders: dict[str, OrderRecord]
    decisions: dict[str, list[Decision]]
    amounts: set[Decimal]


def known(account: str | None) -> Known:
    """The account's orders, what every source decides on them, and all amounts that may be said."""
    orders = {o.id: o for o in get_source().list_orders(account)} if account else {}
    decisions: dict[str, list[Decision]] = {}
    amounts: set[Decimal] = set()
    for order in orders.values():
        asked = order.asked(NOON).case
        scopes = [order.requesting(scope).case for scope in ("resource", "renewal")]
        decisions[order.id] = [
            refund_core.evaluate(asked, NOON, live_policies()),
            *refund_core.compare(asked, NOON, live_policies()),
            *(refund_core.evaluate(case, NOON, live_policies()) for case in scopes),
        ]
        later = [
            refund_core.evaluate(asked, NOON + timedelta(days=days), live_policies())
            for days in LATER
        ]
        for decision in (*decisions[order.id], *later):
            amounts.update(amounts_in(decision.to_json()))
        amounts.update((order.amount, order.paid, order.voucher, order.refunded))
    if account is not None:
        for record in get_applications().list_for_account(account, limit=200):
            amounts.update(amounts_in([str(record.amount)]))
    return Known(orders, decisions, amounts)
