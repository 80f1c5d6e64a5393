"""A policy ready to be evaluated: its document with clauses quoted and conditions compiled."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from refund_core.case import Order, RefundCase
from refund_core.codec import SHANGHAI, ShapeError
from refund_core.conditions import Condition, Names, compile_when
from refund_core.decision import ClauseRef, NextAction, PolicyRef, SourceRef
from refund_core.policy_doc import (
    DestinationDoc,
    ExclusionDoc,
    FactorDoc,
    MethodDoc,
    PolicyDoc,
    RouteDoc,
)
from refund_core.relevance import Key, key_of, relevant

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
class Route:
    """One way to a refund with its compiled condition and what it refers to."""

    doc: RouteDoc
    when: Condition
    method: Method
    destinations: tuple[DestinationRule, ...]
    action: NextAction
    clauses: tuple[ClauseRef, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Policy:
    """One version of one vendor's rules."""

    doc: PolicyDoc
    ref: PolicyRef
    clauses: dict[str, ClauseRef]
    actions: dict[str, NextAction]
    exclusions: tuple[Exclusion, ...]
    routes: tuple[Route, ...]
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


class Builder:
    """Compiles a policy document.

    Raises:
        ShapeError: a key does not refer to anything, or a condition is not known.
    """

    def __init__(self, doc: PolicyDoc) -> None:
        self.doc = doc
        self.names = Names(frozenset(doc.windows), frozenset(doc.quotas))
        self.sources = {
            key: SourceRef(title=item.title, url=item.url, updated=item.updated)
            for key, item in doc.sources.items()
        }
        self.clauses = {
            key: ClauseRef(
                id=key,
                section=item.section,
                text=item.text,
                source=self.find("sources", item.source, f"clauses.{key}.source"),
            )
            for key, item in doc.clauses.items()
        }
        self.actions = {
            key: NextAction(item.kind, item.text, item.path, item.steps, item.url)
            for key, item in doc.actions.items()
        }

    def find(self, table: str, key: str, path: str) -> Any:
        """The entry of one of the policy's tables."""
        entries = {
            "sources": getattr(self, "sources", {}),
            "clauses": getattr(self, "clauses", {}),
            "actions": getattr(self, "actions", {}),
        }.get(table) or getattr(self.doc, table)
        if key not in entries:
            known = ", ".join(sorted(entries)) or "none"
            raise ShapeError(path, key, f"a key of `{table}`: {known}")
        return entries[key]

    def clause(self, key: str | None, path: str) -> ClauseRef | None:
        """The quoted clause, or None when none is given."""
        if key is None:
            return None
        found: ClauseRef = self.find("clauses", key, path)
        return found

    def when(self, conditions: tuple[Any, ...], path: str) -> Condition:
        """A compiled `when` list."""
        return compile_when(conditions, path, self.names)

    def exclusion(self, doc: ExclusionDoc, path: str) -> Exclusion:
        """A compiled exclusion."""
        if doc.action is not None:
            self.find("actions", doc.action, f"{path}.action")
        return Exclusion(
            doc, self.when(doc.when, f"{path}.when"), self.clause(doc.clause, f"{path}.clause")
        )

    def method(self, key: str, path: str) -> Method:
        """A compiled method."""
        doc: MethodDoc = self.find("methods", key, path)
        at = f"methods.{key}"
        factors = tuple(
            Factor(
                item,
                self.when(item.when, f"{at}.factors[{index}].when"),
                self.clause(item.clause, f"{at}.factors[{index}].clause"),
            )
            for index, item in enumerate(doc.factors)
        )
        fee = doc.fee
        waived = self.when(fee.waived_when, f"{at}.fee.waived_when") if fee else None
        if fee is not None and not fee.waived_when:
            waived = None
        return Method(
            id=key,
            doc=doc,
            clause=self.clause(doc.clause, f"{at}.clause"),
            paid_clause=self.clause(doc.paid_clause, f"{at}.paid_clause"),
            time_clause=self.clause(doc.time_clause or doc.clause, f"{at}.time_clause"),
            factors=factors,
            fee_waived=waived,
            fee_clause=self.clause(fee.clause, f"{at}.fee.clause") if fee else None,
        )

    def destination(self, key: str, path: str) -> DestinationRule:
        """A compiled destination."""
        doc: DestinationDoc = self.find("destinations", key, path)
        at = f"destinations.{key}"
        return DestinationRule(
            doc, self.when(doc.when, f"{at}.when"), self.clause(doc.clause, f"{at}.clause")
        )

    def route(self, doc: RouteDoc, path: str) -> Route:
        """A compiled route."""
        for table, keys in (
            ("timings", (doc.timing,)),
            ("quotas", (doc.quota,)),
            ("warnings", doc.warnings),
            ("assumptions", doc.assumptions),
            ("windows", tuple(item.window for item in doc.deadlines)),
        ):
            for key in keys:
                if key is not None:
                    self.find(table, key, f"{path}.{table}")
        return Route(
            doc=doc,
            when=self.when(doc.when, f"{path}.when"),
            method=self.method(doc.method, f"{path}.method"),
            destinations=tuple(
                self.destination(key, f"{path}.destination[{index}]")
                for index, key in enumerate(doc.destination)
            ),
            action=self.find("actions", doc.action, f"{path}.action"),
            clauses=tuple(
                self.find("clauses", key, f"{path}.clauses[{index}]")
                for index, key in enumerate(doc.clauses)
            ),
        )

    def build(self) -> Policy:
        """The compiled policy."""
        doc = self.doc
        main: SourceRef = self.find("sources", doc.source, "source")
        self.find("actions", doc.review_action, "review_action")
        self.find("actions", doc.refusal_action, "refusal_action")
        return Policy(
            doc=doc,
            ref=PolicyRef(doc.id, doc.version, doc.title, doc.authority, main.updated, main.url),
            clauses=self.clauses,
            actions=self.actions,
            exclusions=tuple(
                self.exclusion(item, f"exclusions[{index}]")
                for index, item in enumerate(doc.exclusions)
            ),
            routes=tuple(
                self.route(item, f"routes[{index}]") for index, item in enumerate(doc.routes)
            ),
            zero_refund=self.exclusion(doc.zero_refund, "zero_refund") if doc.zero_refund else None,
            start=_midnight(doc.effective.since),
            end=_midnight(doc.effective.until) if doc.effective.until else None,
        )


def _midnight(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
