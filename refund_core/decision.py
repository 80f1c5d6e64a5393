# ruff: noqa: RUF009  -- `about` only describes a field, it is `dataclasses.field` with a text
"""What the rule core answers: outcome, every reason, the sum and how it came about.

All texts are Chinese sentences for the customer, taken from the policy. Amounts are `Decimal` in
the case's currency with two decimals; instants are aware, Asia/Shanghai. `to_json` loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from refund_core import codec
from refund_core.case import ZERO, Currency, OrderKind
from refund_core.codec import about

Outcome = Literal["refundable", "not_refundable", "needs_review"]
Authority = Literal["official", "mirror", "third_party"]
ActionKind = Literal["self_service", "automatic", "ticket", "release", "human", "none"]


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a rule is published."""

    title: str = about("title of the page")
    url: str = about("its address", "")
    updated: str | None = about("date the page gives for itself, YYYY-MM-DD", None)


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """A clause of the policy, quoted."""

    id: str = about("stable id inside the policy")
    section: str = about("heading it stands under")
    text: str = about("the words of the source")
    source: SourceRef = about("where it is published")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for "no", or for "a person must decide"."""

    code: str = about("stable code")
    text: str = about("sentence for the customer")
    clause: ClauseRef | None = about("what it rests on", None)
    order_id: str | None = about("order it concerns, when not the one asked about", None)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the trace: what was read, what came out, and on which ground."""

    rule: str = about("rule id")
    label: str = about("what the value is, in Chinese")
    value: str = about("the value")
    unit: str = about("unit of the value: 元, 天, 小时 or nothing", "")
    formula: str = about("the calculation with its numbers, in Chinese", "")
    inputs: Mapping[str, str] = about("inputs read, by name", {})
    clause: ClauseRef | None = about("what it rests on", None)
    order_id: str | None = about("order it concerns", None)


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant from which the answer is another one; the window is half-open."""

    code: str = about("stable code")
    at: datetime = about("first instant at which the answer has changed")
    effect: str = about("what changes, for the customer")


@dataclass(frozen=True, slots=True)
class Allocation:
    """An amount split by kind of payment; the kinds add up exactly."""

    cash: Decimal = about("cash", ZERO)
    gift: Decimal = about("gift balance", ZERO)
    stored_value: Decimal = about("stored-value card", ZERO)
    cash_coupon: Decimal = about("cash coupon", ZERO)
    voucher: Decimal = about("voucher", ZERO)

    @property
    def total(self) -> Decimal:
        """Sum of all kinds."""
        return self.cash + self.gift + self.stored_value + self.cash_coupon + self.voucher


@dataclass(frozen=True, slots=True)
class OrderLine:
    """The sum of one order: paid - consumed - fee - already refunded = refund."""

    order_id: str = about("order number")
    kind: OrderKind = about("what the order did")
    product: str = about("product name")
    paid: Decimal = about("returnable payment: without what is never returned")
    consumed: Decimal = about("consumed, after rounding")
    refund: Decimal = about("refund of this order")
    allocation: Allocation = about("the refund by kind of payment")
    fee: Decimal = about("handling fee", ZERO)
    already_refunded: Decimal = about("returned before", ZERO)
    used: str | None = about("used units, like 10", None)
    total: str | None = about("units in the whole period, like 30", None)
    unit: str = about("unit of used and total, in Chinese", "")
    count_note: str = about("how the units are counted, in Chinese", "")
    factor: str | None = about("factor on the consumed part, when not 1", None)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the money goes."""

    kind: str = about("balance, original_channel, cash_account or by_share")
    text: str = about("for the customer")
    clause: ClauseRef | None = about("what it rests on", None)


@dataclass(frozen=True, slots=True)
class Timing:
    """When the money is there."""

    text: str = about("for the customer")
    clause: ClauseRef | None = about("what it rests on", None)
    earliest: datetime | None = about("earliest expected instant", None)
    latest: datetime | None = about("latest promised instant", None)


@dataclass(frozen=True, slots=True)
class NextAction:
    """The way on."""

    kind: ActionKind = about("who has to do something")
    text: str = about("for the customer")
    path: tuple[str, ...] = about("menu path in the vendor's console", ())
    steps: tuple[str, ...] = about("what to do, in order", ())
    url: str | None = about("address of the vendor's page", None)


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning, an assumption or a note, with a stable code."""

    code: str = about("stable code")
    text: str = about("for the customer")


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact some rule needs and the case does not hold."""

    fact: str = about("path in the case, like resource.used")
    text: str = about("what it is, in Chinese")


@dataclass(frozen=True, slots=True)
class ConflictSide:
    """One of several statements that contradict each other."""

    text: str = about("what this side says")
    amount: Decimal | None = about("refund it would give", None)
    clause: ClauseRef | None = about("where it says so", None)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements of the sources that cannot all hold for this case."""

    code: str = about("stable code")
    text: str = about("what they are about")
    sides: tuple[ConflictSide, ...] = about("the statements", ())


@dataclass(frozen=True, slots=True)
class Quota:
    """How often a route may be used."""

    id: str = about("quota id")
    limit: int = about("how many")
    used: int = about("how many are gone")
    text: str = about("for the customer")

    @property
    def left(self) -> int:
        """How many are left, never below zero."""
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Which rules were applied."""

    id: str = about("policy id")
    version: str = about("policy version")
    title: str = about("title of the page")
    authority: Authority = about("who says so")
    updated: str | None = about("date of the page, YYYY-MM-DD", None)
    url: str = about("address of the page", "")


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer on one case at one instant under one policy version."""

    outcome: Outcome = about("yes, no, or a person must decide")
    order_id: str = about("order asked about")
    as_of: datetime = about("instant of the decision")
    currency: Currency = about("currency of every amount", "CNY")
    policy: PolicyRef | None = about("rules applied; null: none fits the case", None)
    reasons: tuple[Reason, ...] = about("all reasons for no / for a review", ())
    route: str | None = about("route of the policy", None)
    route_label: str | None = about("its name for the customer", None)
    amount: Decimal | None = about("refund; null when no sum can be stated", None)
    paid: Decimal | None = about("returnable payment", None)
    consumed: Decimal | None = about("consumed, after rounding", None)
    fee: Decimal | None = about("handling fee", None)
    payments: Allocation | None = about("what was paid, by kind, voucher included", None)
    allocation: Allocation | None = about("the refund by kind of payment", None)
    voucher_lost: Decimal = about("vouchers that are not returned", ZERO)
    lines: tuple[OrderLine, ...] = about("the sum order by order", ())
    steps: tuple[Step, ...] = about("the trace", ())
    deadlines: tuple[Deadline, ...] = about("when the answer changes, soonest first", ())
    daily_decrease: Decimal | None = about("less refund for each further day", None)
    destination: Destination | None = about("where the money goes", None)
    timing: Timing | None = about("when the money is there", None)
    next_action: NextAction | None = about("the way on", None)
    basis: tuple[ClauseRef, ...] = about("clauses the answer rests on", ())
    warnings: tuple[Notice, ...] = about("what to mind before returning", ())
    assumptions: tuple[Notice, ...] = about("where the source is silent", ())
    missing: tuple[MissingFact, ...] = about("facts that are needed", ())
    conflicts: tuple[Conflict, ...] = about("contradictory statements", ())
    quota: Quota | None = about("quota of the route", None)

    @classmethod
    def from_json(cls, data: Any) -> "Decision":
        """Read a decision back.

        Raises:
            ShapeError: a field is unknown, missing, or holds what is not allowed.
        """
        return codec.read(cls, data)

    def to_json(self) -> dict[str, Any]:
        """The JSON form; `from_json` gives an equal decision back."""
        result: dict[str, Any] = codec.write(self)
        return result
