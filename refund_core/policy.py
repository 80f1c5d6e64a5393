"""A policy ready to be evaluated: its document with clauses quoted and conditions compiled."""

from dataclasses import dataclass, field
from datetime import datetime

from refund_core.case import Order, RefundCase
from refund_core.conditions import Condition
from refund_core.decision import ClauseRef, NextAction, Notice, PolicyRef
from refund_core.method_doc import FactorDoc, MethodDoc
from refund_core.policy_doc import (
    ConflictDoc,
    ConflictSideDoc,
    DestinationDoc,
    ExclusionDoc,
    PaymentKind,
    PolicyDoc,
    RouteDoc,
)
from refund_core.relevance import Key, key_of, relevant
from refund_core.verdict import MissingFactError

# Combinations of plain facts a policy remembers; product codes make them many.
_REMEMBERED = 4096


class PolicyError(ValueError):
    """A policy cannot be used: names the policy, the key, and what to do."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason for "no" with its compiled condition."""

    doc: ExclusionDoc
    when: Condition
    clause: ClauseRef | None


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor on the consumed part with its compiled condition."""

    doc: FactorDoc
    when: Condition
    clause: ClauseRef | None


@dataclass(frozen=True, slots=True)
class Method:
    """A way of computing with its compiled conditions."""

    id: str
    doc: MethodDoc
    clause: ClauseRef | None
    paid_clause: ClauseRef | None
    time_clause: ClauseRef | None
    factors: tuple[Factor, ...]
    fee_waived: Condition | None
    fee_clause: ClauseRef | None


@dataclass(frozen=True, slots=True)
class DestinationRule:
    """A destination with its compiled condition."""

    doc: DestinationDoc
    when: Condition
    clause: ClauseRef | None


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """Statements that cannot all hold, with the compiled condition."""

    doc: ConflictDoc
    when: Condition | None
    sides: tuple[tuple[ConflictSideDoc, Method | None, ClauseRef | None], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a refund with its compiled condition and what it refers to."""

    doc: RouteDoc
    when: Condition
    method: Method
    destinations: tuple[DestinationRule, ...]
    action: NextAction
    clauses: tuple[ClauseRef, ...]
    methods_by_kind: dict[str, Method]
    methods_by_term: dict[str, Method]
    limit_clause: ClauseRef | None
    warnings: tuple[Notice, ...]

    def method_for(self, order: Order) -> Method:
        """How an order of this kind and term is priced.

        Raises:
            MissingFactError: it depends on the term, which is unknown.
        """
        if order.kind in self.methods_by_kind or not self.methods_by_term:
            return self.methods_by_kind.get(order.kind, self.method)
        if order.term is None:
            raise MissingFactError("order.term")
        return self.methods_by_term.get(order.term.unit, self.method)

    def kinds_for(self, order: Order, now: datetime) -> tuple[PaymentKind, ...]:
        """The kinds of payment that are returned of an order."""
        unstarted = order.starts_at is not None and order.starts_at > now
        return (self.doc.returns_unstarted if unstarted else ()) or self.doc.returns


@dataclass(frozen=True, slots=True, repr=False)
class Policy:
    """One version of one vendor's rules."""

    doc: PolicyDoc
    ref: PolicyRef
    clauses: dict[str, ClauseRef]
    actions: dict[str, NextAction]
    exclusions: tuple[Exclusion, ...]
    routes: tuple[Route, ...]
    conflicts: tuple[ConflictRule, ...]
    zero_refund: Exclusion | None
    start: datetime
    end: datetime | None
    _relevant: dict[Key, tuple[tuple[Exclusion, ...], tuple[Route, ...]]] = field(
        default_factory=dict, compare=False
    )

    def relevant(self, case: RefundCase) -> tuple[tuple[Exclusion, ...], tuple[Route, ...]]:
        """The exclusions and routes that can hold for a case like this one."""
        key = key_of(case)
        found = self._relevant.get(key)
        if found is None:
            if len(self._relevant) > _REMEMBERED:
                self._relevant.clear()
            found = (relevant(self.exclusions, key), relevant(self.routes, key))
            self._relevant[key] = found
        return found

    def __repr__(self) -> str:
        return f"<Policy {self.key}>"

    @property
    def key(self) -> str:
        """Policy id and version, like baidu-unsubscribe@2025-08-21."""
        return f"{self.doc.id}@{self.doc.version}"

    def selecting_instant(self, order: Order, now: datetime) -> datetime:
        """The instant that decides whether this version holds."""
        return order.purchased_at if self.doc.effective.selected_by == "purchase" else now

    def applies_to(self, case: RefundCase, now: datetime) -> bool:
        """Whether this version holds for the case at this instant."""
        doc = self.doc
        if doc.vendor != case.vendor or case.site not in doc.sites:
            return False
        if doc.products and case.order.product.code not in doc.products:
            return False
        instant = self.selecting_instant(case.order, now)
        return self.start <= instant and (self.end is None or instant < self.end)
