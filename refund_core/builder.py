"""Compiling a policy document: clauses quoted, conditions compiled, references resolved."""

from datetime import datetime
from typing import Any

from refund_core.codec import SHANGHAI, ShapeError
from refund_core.conditions import Condition, Names, compile_when
from refund_core.decision import ClauseRef, NextAction, Notice, PolicyRef, SourceRef
from refund_core.method_doc import MethodDoc
from refund_core.policy import (
    ConflictRule,
    DestinationRule,
    Exclusion,
    Factor,
    Method,
    Policy,
    Route,
)
from refund_core.policy_doc import (
    ConflictDoc,
    DestinationDoc,
    ExclusionDoc,
    PolicyDoc,
    RouteDoc,
)


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

    def conflict(self, doc: ConflictDoc, path: str) -> ConflictRule:
        """A compiled conflict."""
        return ConflictRule(
            doc,
            None if doc.when is None else self.when(doc.when, f"{path}.when"),
            tuple(
                (
                    side,
                    self.method(side.method, f"{path}.sides[{index}].method")
                    if side.method
                    else None,
                    self.clause(side.clause, f"{path}.sides[{index}].clause"),
                )
                for index, side in enumerate(doc.sides)
            ),
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
                for index, key in enumerate(dict.fromkeys(doc.clauses))
            ),
            warnings=tuple(Notice(key, self.doc.warnings[key]) for key in doc.warnings),
            methods_by_kind={
                kind: self.method(key, f"{path}.methods_by_kind.{kind}")
                for kind, key in doc.methods_by_kind.items()
            },
            methods_by_term={
                unit: self.method(key, f"{path}.methods_by_term.{unit}")
                for unit, key in doc.methods_by_term.items()
            },
            limit_clause=self.clause(doc.limit.clause, f"{path}.limit.clause")
            if doc.limit
            else None,
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
            conflicts=tuple(
                self.conflict(item, f"conflicts[{index}]")
                for index, item in enumerate(doc.conflicts)
            ),
            zero_refund=self.exclusion(doc.zero_refund, "zero_refund") if doc.zero_refund else None,
            start=_midnight(doc.effective.since),
            end=_midnight(doc.effective.until) if doc.effective.until else None,
        )


def _midnight(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
