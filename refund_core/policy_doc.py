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
from refund_core.duration import Count, Unit
from refund_core.money import Rounding

ID = r"^[a-z][a-z0-9_.-]*$"
OrderInstant = Literal["purchased_at", "effective_at", "starts_at"]
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
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class CountDoc:
    """How a duration is counted."""

    unit: Unit = about("unit")
    how: Count = about("rounding and which ends count")


@dataclass(frozen=True, slots=True)
class FactorDoc:
    """A factor on the consumed part, under conditions."""

    value: Decimal = about("factor, like 1.5", pattern=DECIMAL_PATTERN)
    when: tuple[Any, ...] = about("all must hold; none: always", ())
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class FeeRowDoc:
    """A row of a handling-fee table: terms, and the rate for each year of use."""

    from_months: int = about("shortest term of the row, in months")
    to_months: int = about("longest term of the row, in months")
    rates: tuple[Decimal, ...] = about(
        "rate for the first, second, … year of use", pattern=DECIMAL_PATTERN
    )


@dataclass(frozen=True, slots=True)
class FeeDoc:
    """A handling fee on the amount paid."""

    rows: tuple[FeeRowDoc, ...] = about("the table")
    waived_when: tuple[Any, ...] = about("all must hold; none: never waived", ())
    clause: str | None = about("where the source says so", None)
    assumption: str | None = about("key of `assumptions`", None)


@dataclass(frozen=True, slots=True)
class MethodDoc:
    """How the consumed amount is computed."""

    kind: Literal["none", "share", "ratio", "units", "payg"] = about(
        "nothing; a fixed share of the payment; used over whole; a price for each unit; full "
        "months at the month's price and the rest by the hour"
    )
    measure: Literal["time", "quantity"] = about(
        "what is counted: time, or what a pack holds", "time"
    )
    basis: Literal["paid", "list_price", "month_price", "term_months"] = about(
        "what the ratio is taken of: the payment, the order's list price, a month's list price "
        "(for `total_fixed` units), or a month's list price for each month of the term",
        "paid",
    )
    rate: Decimal | None = about(
        "share: what is kept of the payment", None, pattern=DECIMAL_PATTERN
    )
    used: CountDoc | None = about("how used time is counted", None)
    total: CountDoc | None = about("how the whole period is counted", None)
    total_fixed: int | None = about("units of the whole period when fixed, like 30", None)
    period_start: tuple[OrderInstant, ...] = about(
        "begin of use; the first one known", ("starts_at",)
    )
    stops_at_upgrade: bool = about("use is counted up to the first upgrade only", False)
    discount: Literal["none", "order", "used"] = about("discount on a list price", "none")
    downgrade: Literal["none", "price_difference", "return_then_buy"] = about(
        "what a downgrade returns of the rest: the share the price falls by, or all of it less the "
        "new price of the remaining time",
        "none",
    )
    factors: tuple[FactorDoc, ...] = about("factors; the first that holds applies", ())
    fee: FeeDoc | None = about("handling fee", None)
    rounding: Rounding = about("of the refund of each order, to the fen", "half_up")
    note: str = about("how time is counted, for the customer", "")
    paid_clause: str | None = about("which payments count", None)
    time_clause: str | None = about("how time is counted", None)
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
    notes: tuple[NoteDoc, ...] = about("contradictions resolved", ())
