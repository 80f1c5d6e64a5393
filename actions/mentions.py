"""What a message mentions, read from Rasa's entities into typed values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from refundbot.clock import parse_interval


@dataclass(frozen=True)
class Period:
    """A stretch of time a customer named.

    Attributes:
        start: first instant, aware.
        end: first instant after it, aware.
    """

    start: datetime
    end: datetime

    def holds(self, instant: datetime) -> bool:
        """Whether the instant lies in the period; its end does not."""
        return self.start <= instant < self.end


@dataclass(frozen=True)
class Mentions:
    """Everything in one message that can point at an order.

    Attributes:
        order_ids: order numbers, upper case, in the order typed.
        refund_ids: numbers of refund applications, upper case.
        products: canonical product codes, such as ``bcc``.
        bought: when the order was bought, if said.
        later: a time ahead that the customer asks about, if said.
        days: a stretch of time in whole days, such as 7 for 一周, if said.
        price: an amount of yuan, if said.
        ordinal: 1-based place in the list shown last (-1: last), or one of ``cheapest``,
            ``most_expensive``, ``newest``, ``oldest``, ``previous``, ``all``; ``other`` than the
            one just spoken of, or the one ``above`` or ``below`` it in that list.
        vendors: vendors whose orders are meant, such as ``aliyun``.
        category: kind of thing meant, such as ``instance`` (那台).
        page: page of the order list, from a button.
        only: what one of our own buttons asks for: ``refundable`` orders, ``everything`` of the
            rules, ``nudge`` an application, ``confirmed`` taking it back. Typed text cannot say it.
    """

    order_ids: tuple[str, ...] = ()
    refund_ids: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    bought: Period | None = None
    later: Period | None = None
    days: int | None = None
    price: Decimal | None = None
    ordinal: int | str | None = None
    vendors: tuple[str, ...] = ()
    category: str | None = None
    page: int = 1
    only: str | None = None

    @property
    def any(self) -> bool:
        """Whether the message points at an order at all."""
        return bool(
            self.order_ids or self.products or self.bought or self.price or self.ordinal is not None
        )


def read_mentions(entities: Iterable[Mapping[str, Any]]) -> Mentions:
    """Typed mentions of a message; an entity whose value makes no sense is left out."""
    found: dict[str, list[Any]] = {}
    for entity in entities:
        found.setdefault(str(entity.get("entity")), []).append(entity.get("value"))
    prices = [price for value in found.get("money", []) if (price := _price(value)) is not None]
    periods = [period for value in found.get("purchase_time", []) if (period := _period(value))]
    ordinals = [value for value in found.get("ordinal", []) if isinstance(value, (int, str))]
    pages = [int(value) for value in found.get("page", []) if str(value).isdigit()]
    return Mentions(
        order_ids=_distinct(str(value).upper() for value in found.get("order_id", [])),
        refund_ids=_distinct(str(value).upper() for value in found.get("refund_id", [])),
        products=_distinct(str(value) for value in found.get("product", [])),
        bought=periods[0] if periods else None,
        later=next((p for value in found.get("future_time", []) if (p := _period(value))), None),
        days=next((n for value in found.get("duration", []) if (n := _days(value))), None),
        price=prices[0] if prices else None,
        ordinal=_ordinal(ordinals[0]) if ordinals else None,
        vendors=_distinct(str(value) for value in found.get("vendor", [])),
        category=next((str(value) for value in found.get("category", [])), None),
        page=max(1, pages[0]) if pages else 1,
        only=next((str(value) for value in found.get("only", [])), None),
    )


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _ordinal(value: int | str) -> int | str:
    text = str(value)
    return int(text) if text.lstrip("-").isdigit() else text


def _days(value: Any) -> int | None:
    days = value.get("days") if isinstance(value, Mapping) else None
    return int(days) if isinstance(days, (int, float)) and days >= 1 else None


def _price(value: Any) -> Decimal | None:
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        return None
    return price if price.is_finite() else None


def _period(value: Any) -> Period | None:
    try:
        return Period(*parse_interval(str(value)))
    except ValueError:
        return None
