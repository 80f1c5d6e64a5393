"""What must hold between the fields of an import that fits the schema."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from refundbot.clock import parse_instant
from refundbot.orders import further
from refundbot.orders.documents import Path
from refundbot.orders.schema import show

Problems = Iterator[tuple[Path, str]]
_INSTANTS = ("purchased_at", "effective_at", "starts_at", "ends_at")


def order_problems(order: dict[str, Any], now: datetime) -> Problems:
    """What is wrong inside one order; paths are relative to it."""
    instants: dict[str, datetime] = {}
    for field in _INSTANTS:
        text = order.get(field)
        if text is None:
            continue
        try:
            instants[field] = parse_instant(text)
        except ValueError:
            yield (field,), f"{show(text)} is not a day and time of the calendar"
    yield from _time_problems(instants, now)
    yield from _money_problems(order)
    yield from further.problems("order", order)
    for path, message in further.problems("resource", order["resource"]):
        yield ("resource", *path), message


def _time_problems(instants: dict[str, datetime], now: datetime) -> Problems:
    bought = instants.get("purchased_at")
    effective, ends = instants.get("effective_at"), instants.get("ends_at")
    starts = instants.get("starts_at")
    if bought and bought > now:
        yield ("purchased_at",), f"is in the future; it is now {now.isoformat(timespec='minutes')}"
    if bought and effective and effective < bought:
        yield ("effective_at",), "is before purchased_at"
    if starts and ends and ends <= starts:
        yield ("ends_at",), "is not after starts_at"
    if bought and ends and ends < bought:
        yield ("ends_at",), "is before purchased_at"


def _money_problems(order: dict[str, Any]) -> Problems:
    amount = Decimal(order["amount"])
    payments = {kind: Decimal(text) for kind, text in order.get("payments", {}).items()}
    total = sum(payments.values(), Decimal(0))
    if total != amount:
        yield ("payments",), f"add up to {total:.2f}, the amount is {amount:.2f}; make them agree"
    paid = total - payments.get("voucher", Decimal(0))
    refunded = Decimal(order.get("refunded", "0"))
    if refunded > paid and total == amount:
        yield ("refunded",), f"{refunded:.2f} is more than the {paid:.2f} paid without vouchers"


def account_problems(account: dict[str, Any]) -> Problems:
    """Past refunds whose instant is null or no day of the calendar, and unusable facts."""
    yield from further.problems("account", account)
    for number, refund in enumerate(account.get("past_refunds", [])):
        try:
            parse_instant(refund["at"] or "")
        except ValueError:
            yield ("past_refunds", number, "at"), f"{show(refund['at'])} is not a day and time"
        for path, message in further.problems("past_refund", refund):
            yield ("past_refunds", number, *path), message


def repeated_problems(data: dict[str, Any]) -> Problems:
    """The same order id or account id twice in one file; upper and lower case are the same."""
    for group in ("accounts", "orders"):
        seen: dict[str, int] = {}
        for number, element in enumerate(data.get(group, [])):
            key = element["id"].upper() if group == "orders" else element["id"]
            if key in seen:
                first = f"{group[:-1]} number {seen[key] + 1} of this file"
                yield (group, number, "id"), f"{show(element['id'])} is already used by {first}"
            seen.setdefault(key, number)


def conflict_problems(data: dict[str, Any]) -> Problems:
    """Orders that state different facts about the same resource or bundle of one account."""
    for field in ("resource", "bundle"):
        known: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
        for number, order in enumerate(data["orders"]):
            stated = order.get(field)
            if not stated:
                continue
            facts = known[order["account"], stated["id"]]
            for name, value in stated.items():
                if value is None:
                    continue
                if facts.setdefault(name, value) != value:
                    message = (
                        f"{show(value)} contradicts an earlier order on the same {field}, "
                        f"which says {show(facts[name])}"
                    )
                    yield ("orders", number, field, name), message
