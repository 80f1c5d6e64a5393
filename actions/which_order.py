"""Which of the account's orders a message means: by id, product, date, price or place in a list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from actions.mentions import Mentions
from refundbot.nlu.entities.products import canonical
from refundbot.orders.source import OrderRecord

How = Literal["named", "described", "context", "only", "all"]


@dataclass(frozen=True)
class Found:
    """The orders meant.

    Attributes:
        orders: one order, or several when the customer asked for all of them.
        how: what pointed at them.
    """

    orders: tuple[OrderRecord, ...]
    how: How


@dataclass(frozen=True)
class Choose:
    """Several orders fit; the customer must say which."""

    orders: tuple[OrderRecord, ...]


@dataclass(frozen=True)
class NotYours:
    """Order numbers that are not this account's; whether anybody has them is not said."""

    order_ids: tuple[str, ...]


@dataclass(frozen=True)
class NothingFits:
    """No order fits the description, or the account has none worth asking about.

    Attributes:
        described: the customer described an order, and none fits.
    """

    described: bool


Meant = Found | Choose | NotYours | NothingFits

_BY_RANK: dict[str, Callable[[Sequence[OrderRecord]], OrderRecord]] = {
    "cheapest": lambda orders: min(orders, key=lambda order: order.paid),
    "most_expensive": lambda orders: max(orders, key=lambda order: order.paid),
    "newest": lambda orders: max(orders, key=lambda order: order.purchased_at),
    "oldest": lambda orders: min(orders, key=lambda order: order.purchased_at),
}


def which_order(
    orders: Sequence[OrderRecord],
    mentions: Mentions,
    *,
    current: str | None,
    listed: Sequence[str],
    page: Sequence[str] = (),
    waiting: bool = False,
    facet: Callable[[OrderRecord], bool] | None = None,
    worth_asking: Callable[[OrderRecord], bool],
) -> Meant:
    """Find the orders a message means.

    Args:
        orders: all orders of the account, newest first.
        mentions: what the message says.
        current: id of the order the conversation is about, if any.
        listed: ids of the list shown last, in the order numbered.
        page: ids of the part of it that is on the screen; the whole list when empty.
        waiting: that list asked which order is meant, and the answer is still open.
        facet: what is special about the orders meant, such as their contract.
        worth_asking: whether an order could be refunded at all (or needs a person); used to
            narrow a description that fits several orders, and when nothing is described.
    """
    by_id = {order.id: order for order in orders}
    if mentions.order_ids:
        missing = tuple(i for i in mentions.order_ids if i not in by_id)
        if missing:
            return NotYours(missing)
        return Found(tuple(by_id[i] for i in mentions.order_ids), "named")

    known = [by_id[i] for i in listed if i in by_id]
    if mentions.ordinal in ("above", "below"):
        return _neighbour(known, mentions.ordinal, current)
    if mentions.category is not None:  # 那台 narrows; it points back only at another machine
        orders = [order for order in orders if order.category == mentions.category] or orders
        current = current if any(order.id == current for order in orders) else None
    if mentions.products or mentions.bought or mentions.price is not None:
        fitting = _described(orders, mentions)
        if not fitting:
            return NothingFits(described=True)
        if facet is not None:  # 数据库的那个续费
            fitting = [order for order in fitting if facet(order)] or fitting
        return _narrow(fitting, mentions, current, worth_asking)
    special = [order for order in orders if facet is not None and facet(order)]
    if waiting and known:  # asked which of these: the answer is one of them, if it can be
        special = [order for order in special if order in known] or special
    if special and current in by_id:  # of several renewals the one of the resource talked about
        resource = by_id[current].resource_id
        special = [order for order in special if order.resource_id == resource] or special
    if special and mentions.ordinal is None:
        return _one_or_choose(special, "described")
    if mentions.ordinal == "previous" and current in by_id:
        return Found((by_id[current],), "context")
    if mentions.ordinal is not None and mentions.ordinal != "previous":
        pool = known or dearest_first(o for o in orders if worth_asking(o)) or list(orders)
        if mentions.ordinal == "other":
            return _other(pool, orders, current, worth_asking)
        if isinstance(mentions.ordinal, int) and not known and len(pool) > 1:
            return Choose(tuple(pool))  # 第二个 of a list that nobody has seen
        if mentions.ordinal == -1 and page:  # 最后一个 is the last one that can be seen
            pool = [order for order in pool if order.id in page] or pool
        return _by_place(pool, mentions.ordinal)
    if current in by_id:
        return Found((by_id[current],), "context")
    if waiting and known:
        return Choose(tuple(known))
    return _one_or_choose([order for order in orders if worth_asking(order)], "only")


def _described(orders: Sequence[OrderRecord], mentions: Mentions) -> list[OrderRecord]:
    fitting = [
        order
        for order in orders
        if (not mentions.products or canonical(order.product_code) in mentions.products)
        and (mentions.bought is None or mentions.bought.holds(order.purchased_at))
    ]
    if mentions.price is None:
        return fitting
    priced = [order for order in fitting if mentions.price in (order.amount, order.paid)]
    # 我花了三百 may be a rounded memory: with other descriptions that fit, the price only narrows.
    return priced or (fitting if mentions.products or mentions.bought else [])


def _narrow(
    fitting: list[OrderRecord],
    mentions: Mentions,
    current: str | None,
    worth_asking: Callable[[OrderRecord], bool],
) -> Meant:
    if len(fitting) > 1:
        fitting = [order for order in fitting if worth_asking(order)] or fitting
    if mentions.ordinal == "other":  # 另一台云服务器: among those that fit
        return _one_or_choose([order for order in fitting if order.id != current], "described")
    if mentions.ordinal is not None and mentions.ordinal != "previous" and fitting:
        return _by_place(fitting, mentions.ordinal)
    return _one_or_choose(fitting, "described")


def _other(
    pool: Sequence[OrderRecord],
    orders: Sequence[OrderRecord],
    current: str | None,
    worth_asking: Callable[[OrderRecord], bool],
) -> Meant:
    """Not the one just spoken of: the others of the list, else the others worth asking about."""
    others = [order for order in pool if order.id != current]
    others = others or [o for o in orders if o.id != current and worth_asking(o)]
    if not others:
        return NothingFits(described=True)
    return Found((others[0],), "described") if len(others) == 1 else Choose(tuple(others))


def _neighbour(listed: Sequence[OrderRecord], side: object, current: str | None) -> Meant:
    """The one above or below the one just spoken of; the whole list when there is none."""
    if not listed:
        return NothingFits(described=True)
    places = [place for place, order in enumerate(listed) if order.id == current]
    place = places[0] + (1 if side == "below" else -1) if places else -1
    if 0 <= place < len(listed):
        return Found((listed[place],), "described")
    return Choose(tuple(listed))


def _by_place(pool: Sequence[OrderRecord], ordinal: int | str) -> Meant:
    if not pool:
        return NothingFits(described=False)
    if ordinal == "all":
        return Found(tuple(pool), "all")
    if isinstance(ordinal, str):
        pick = _BY_RANK.get(ordinal)
        return Found((pick(pool),), "described") if pick else Choose(tuple(pool))
    place = ordinal - 1 if ordinal > 0 else len(pool) + ordinal
    if 0 <= place < len(pool):
        return Found((pool[place],), "described")
    return Choose(tuple(pool))


def _one_or_choose(orders: list[OrderRecord], how: How) -> Meant:
    if not orders:
        return NothingFits(described=False)
    if len(orders) == 1:
        return Found((orders[0],), how)
    return Choose(tuple(dearest_first(orders)))


def dearest_first(orders: Iterable[OrderRecord]) -> list[OrderRecord]:
    """The order with the most money at stake first: it is the likeliest to be asked about."""
    return sorted(orders, key=lambda order: -order.paid)
