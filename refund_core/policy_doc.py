# ruff: noqa: RUF009  -- `about` only describes a field, it is `dataclasses.field` with a text
"""What a policy file says, field by field. `loader` reads it, `checks` checks it.

Every number in a policy rests on a `clause` (quoted from a source) or on an `assumption` (stated
in words). Conditions are names of predicates with parameters; see `predicates`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from refund_core.case import Site
from refund_core.codec import DECIMAL_PATTERN, about
from refund_core.decision import ActionKind, Authority
from refund_core.method_doc import ID, MethodDoc, OrderInstant

PaymentKind = Literal["cash", "gift", "stored_value", "cash_coupon", "voucher"]


@dataclass(frozen=True, slots=True)
class SourceDoc:
    """A page the rules come from."""

    title: str = about("title of the page", min_length=1)
    url: str = about("its address", min_length=1)
    updated: str | None = about("date the page gives for itself", None)
    note: str | None = about("state of the copy, like: cut off after …", None)


@dataclass(frozen=True, slots=True)
class ClauseDoc:
    """A short quotation of a source."""

    source: str = about("key of `sources`")
    section: str = about("heading it stands under")
    text: str = about("the words of the source", min_length=1)


@dataclass(frozen=True, slots=True)
class AssumptionDoc:
    """What is assumed where the sources are silent."""

    text: str = about("the assumption, in Chinese", min_length=1)
    customer: bool = about("the customer has to be told with the sum", False)


@dataclass(frozen=True, slots=True)
class NoteDoc:
    """How a contradiction or a gap of the sources was resolved, for the policy owner."""

    text: str = about("what the sources say and which one is followed", min_length=1)
    clauses: tuple[str, ...] = about("the clauses concerned", ())


@dataclass(frozen=True, slots=True)
class EffectiveDoc:
    """Which instants the version holds for: [since, until)."""

    since: date = about("first day")
    selected_by: Literal["request", "purchase"] = about("instant that selects the version")
    until: date | None = about("first day no longer; null: open", None)
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class ClockDoc:
    """The instant up to which use is charged."""

    instant: Literal["request", "approval"] = about("application or success")
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class WindowDoc:
    """A half-open window: [since, since + length)."""

    since: tuple[OrderInstant, ...] = about("instant it begins; the first one known")
    days: int = about("length in days of 24 hours", minimum=0)
    minutes: int = about("length in minutes, added to the days", 0)
    until_end_of_day: bool = about("runs on to the end of its last day", False)
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class QuotaDoc:
    """How often routes may be used."""

    limit: int = about("how many returns")
    per: Literal["product", "account"] = about("counted for each product, or for all together")
    period: Literal["natural_month", "natural_year", "lifetime"] = about("period of the count")
    routes: tuple[str, ...] = about("routes that use it up")
    text: str = about("sentence for the customer; may hold {left} and {limit}")
    scope: Literal["account", "entity"] = about("whose returns are counted", "account")
    counts: Literal["resource", "order"] = about("what one return counts", "resource")
    shared: tuple[str, ...] = about("product codes that share one count", ())
    whole_orders: tuple[str, ...] = about(
        "product codes whose orders are returned as a whole and count one", ()
    )
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class DestinationDoc:
    """Where the money goes."""

    kind: str = about("balance, original_channel, cash_account, by_share", pattern=ID)
    text: str = about("for the customer", min_length=1)
    when: tuple[Any, ...] = about("all must hold; none: always", ())
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class TimingDoc:
    """When the money is there."""

    text: str = about("for the customer", min_length=1)
    working_days: int | None = about("promised working days", None)
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class ActionDoc:
    """The way on."""

    kind: ActionKind = about("who has to do something")
    text: str = about("for the customer", min_length=1)
    path: tuple[str, ...] = about("menu path", ())
    steps: tuple[str, ...] = about("what to do, in order", ())
    url: str | None = about("address of the vendor's page", None)


@dataclass(frozen=True, slots=True)
class DeadlineDoc:
    """An instant at which the answer changes: the end of a window, of the term, or of the sum."""

    code: str = about("stable code", pattern=ID)
    at: Literal["window", "order_start", "renewal_start", "resource_end", "refund_zero"] = about(
        "which instant"
    )
    effect: str = about("what changes, for the customer", min_length=1)
    window: str | None = about("key of `windows`", None)


@dataclass(frozen=True, slots=True)
class ExclusionDoc:
    """One reason for "no", or for "a person must decide"."""

    code: str = about("stable reason code", pattern=ID)
    when: tuple[Any, ...] = about("all must hold")
    text: str = about("sentence for the customer; may hold {placeholders}", min_length=1)
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)
    outcome: Literal["not_refundable", "needs_review"] = about("what it leads to", "not_refundable")
    implied_by: tuple[str, ...] = about("not said again beside these codes", ())
    action: str | None = about("key of `actions`", None)


@dataclass(frozen=True, slots=True)
class LimitDoc:
    """An amount above which a person has to approve."""

    code: str = about("stable reason code", pattern=ID)
    above: Decimal = about("approval is needed above this amount, yuan", pattern=DECIMAL_PATTERN)
    text: str = about("sentence for the customer", min_length=1)
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class ConflictSideDoc:
    """One of several statements of the sources that contradict each other."""

    text: str = about("what this side says", min_length=1)
    method: str | None = about("key of `methods`: the refund it would give", None)
    clause: str | None = about("where it says so", None)


@dataclass(frozen=True, slots=True)
class ConflictDoc:
    """Statements that cannot all hold; a case they concern goes to a person."""

    code: str = about("stable reason code", pattern=ID)
    when: tuple[Any, ...] | None = about("all must hold; null: it concerns no single case")
    text: str = about("what the statements are about", min_length=1)
    sides: tuple[ConflictSideDoc, ...] = about("the statements, two at least")


@dataclass(frozen=True, slots=True)
class RouteDoc:
    """One way to a refund."""

    id: str = about("stable id", pattern=ID)
    label: str = about("name for the customer", min_length=1)
    when: tuple[Any, ...] = about("all must hold")
    method: str = about("key of `methods`")
    covers: Literal["resource", "order", "unstarted_renewals"] = about("orders in the sum")
    returns: tuple[PaymentKind, ...] = about("kinds of payment that are returned")
    destination: tuple[str, ...] = about("keys of `destinations`; the first that holds")
    action: str = about("key of `actions`")
    clauses: tuple[str, ...] = about("clauses it rests on")
    methods_by_kind: dict[str, str] = about("other methods for orders of some kinds", {})
    methods_by_term: dict[str, str] = about(
        "other methods for orders bought by day, month or year", {}
    )
    returns_unstarted: tuple[PaymentKind, ...] = about(
        "kinds returned of orders whose period has not begun; none: the same as `returns`", ()
    )
    limit: LimitDoc | None = about("amount above which a person has to approve", None)
    timing: str | None = about("key of `timings`", None)
    over: tuple[str, ...] = about("routes it goes before when both match", ())
    exempt: tuple[str, ...] = about("exclusion codes that do not stop it", ())
    quota: str | None = about("key of `quotas`", None)
    deadlines: tuple[DeadlineDoc, ...] = about("when the answer changes", ())
    warnings: tuple[str, ...] = about("keys of `warnings`", ())
    assumptions: tuple[str, ...] = about("keys of `assumptions`", ())


@dataclass(frozen=True, slots=True)
class RuleDoc:
    """One line of the general rules, for customers who ask about no order."""

    topic: str = about("topic, like scope, amount, not_refundable", pattern=ID)
    text: str = about("for the customer", min_length=1)
    clauses: tuple[str, ...] = about("clauses it rests on", ())


@dataclass(frozen=True, slots=True)
class PolicyDoc:
    """One version of one vendor's rules."""

    id: str = about("policy id, the same in all its versions", pattern=ID)
    version: str = about("version, usually the date of the page", min_length=1)
    vendor: str = about("vendor", pattern=ID)
    sites: tuple[Site, ...] = about("sites it holds for")
    title: str = about("title for the customer", min_length=1)
    authority: Authority = about("who says so")
    source: str = about("key of `sources`: the main page")
    effective: EffectiveDoc = about("when it holds")
    clock: ClockDoc = about("instant up to which use is charged")
    sources: dict[str, SourceDoc] = about("pages")
    clauses: dict[str, ClauseDoc] = about("quotations")
    methods: dict[str, MethodDoc] = about("ways of computing")
    destinations: dict[str, DestinationDoc] = about("where money goes")
    actions: dict[str, ActionDoc] = about("ways on")
    routes: tuple[RouteDoc, ...] = about("ways to a refund")
    exclusions: tuple[ExclusionDoc, ...] = about("reasons for no")
    review_action: str = about("key of `actions`: when a person must decide")
    refusal_action: str = about("key of `actions`: when the answer is no")
    rules: tuple[RuleDoc, ...] = about("general rules")
    products: tuple[str, ...] = about("product codes; none: all", ())
    zero_refund: ExclusionDoc | None = about("what a sum of zero means; null: allowed", None)
    windows: dict[str, WindowDoc] = about("windows", {})
    quotas: dict[str, QuotaDoc] = about("quotas", {})
    timings: dict[str, TimingDoc] = about("when money is there", {})
    warnings: dict[str, str] = about("warnings", {})
    assumptions: dict[str, AssumptionDoc] = about("assumptions", {})
    conflicts: tuple[ConflictDoc, ...] = about("contradictions a person has to resolve", ())
    notes: tuple[NoteDoc, ...] = about("contradictions resolved", ())
