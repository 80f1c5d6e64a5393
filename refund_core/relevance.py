"""Which rules of a policy can hold at all for a kind of case; remembered for speed.

Many conditions read one plain fact, such as the category. For each combination of those facts the
rules that plainly cannot hold are left out once and for all; the rest is tested in full.
"""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from refund_core.case import RefundCase
from refund_core.conditions import Condition

Key = tuple[str | bool, ...]

_FACTS: dict[str, Callable[[RefundCase], str]] = {
    "category": lambda case: case.order.product.category,
    "billing_mode": lambda case: case.order.billing_mode,
    "order_kind": lambda case: case.order.kind,
    "order_status": lambda case: case.order.status,
    "resource_status": lambda case: case.resource.status,
    "scope": lambda case: case.request.scope,
    "site": lambda case: case.site,
    "product": lambda case: case.order.product.code,
}
_NAMES = tuple(_FACTS)
_GETTERS = tuple(_FACTS.values())
# These hold for an order with a campaign only.
_PROMOTION = ("promotion_kind", "promotion_says")


class Rule(Protocol):
    """Anything with a condition: an exclusion or a route."""

    @property
    def when(self) -> Condition:
        """The condition."""


R = TypeVar("R", bound=Rule)


def key_of(case: RefundCase) -> Key:
    """The plain facts of a case."""
    promoted = case.order.promotion is not None or any(
        order.promotion is not None for order in case.related_orders
    )
    return (promoted, *(getter(case) for getter in _GETTERS))


def relevant(rules: Iterable[R], key: Key) -> tuple[R, ...]:
    """The rules that can hold for cases with these plain facts."""
    promoted, *values = key
    facts = dict(zip(_NAMES, values, strict=True))
    return tuple(rule for rule in rules if _can_hold(rule.when, facts, bool(promoted)))


def _can_hold(when: Condition, facts: dict[str, str | bool], promoted: bool) -> bool:
    for atom in when.atoms:
        if atom.name in facts and atom.values is not None:
            if (facts[atom.name] in atom.values) == atom.negated:
                return False
        elif atom.name in _PROMOTION and not atom.negated and not promoted:
            return False
    return True
