"""Which rules of a policy can hold at all for a kind of case; remembered for speed.

Many conditions read one plain fact, such as the category. For each combination of those facts the
rules that plainly cannot hold are left out once and for all; the rest is tested in full.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import Protocol, TypeVar

from refund_core.case import RefundCase
from refund_core.conditions import Condition

Key = tuple[str | bool, ...]

# Conditions that read one plain fact, and where in a case it stands.
_FACTS = {
    "category": "order.product.category",
    "billing_mode": "order.billing_mode",
    "order_kind": "order.kind",
    "order_status": "order.status",
    "resource_status": "resource.status",
    "scope": "request.scope",
    "site": "site",
    "product": "order.product.code",
}
_facts_of = attrgetter(*_FACTS.values())
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
    return (promoted, *_facts_of(case))


def relevant(rules: Iterable[R], key: Key) -> tuple[R, ...]:
    """The rules that can hold for cases with these plain facts."""
    promoted, *values = key
    facts = dict(zip(_FACTS, values, strict=True))
    return tuple(rule for rule in rules if _can_hold(rule.when, facts, bool(promoted)))


def _can_hold(when: Condition, facts: dict[str, str | bool], promoted: bool) -> bool:
    for atom in when.atoms:
        if atom.name in facts and atom.values is not None:
            if (facts[atom.name] in atom.values) == atom.negated:
                return False
        elif atom.name in _PROMOTION and not atom.negated and not promoted:
            return False
    return True
