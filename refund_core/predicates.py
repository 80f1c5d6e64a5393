"""The conditions a policy can name. Each says yes, no, or which fact is missing.

A predicate reads facts only; every number and every choice comes from the policy as its
parameter. `CATALOGUE` is what `docs/policies.md` lists and what the loader checks names against.
"""

import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from refund_core import case as facts
from refund_core.case import ZERO, Order
from refund_core.context import Context, returnable
from refund_core.verdict import MissingFactError, Unknown, Verdict, any_of, known

Test = Callable[[Context, Any], Verdict]
ParameterKind = Literal["none", "choices", "window", "quota", "number", "codes"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A named condition: what it tests and what parameter it takes."""

    name: str
    test: Test
    parameter: ParameterKind
    doc: str
    choices: tuple[str, ...] = ()


CATALOGUE: dict[str, Predicate] = {}


def predicate(parameter: ParameterKind = "none", choices: Any = None) -> Callable[[Test], Test]:
    """Register a test under its own name."""

    def register(test: Test) -> Test:
        name = test.__name__
        allowed = typing.get_args(choices) if choices is not None else ()
        doc = (test.__doc__ or "").strip()
        CATALOGUE[name] = Predicate(name, test, parameter, doc, allowed)
        return test

    return register


def _each(ctx: Context, test: Callable[[Order], Verdict]) -> Verdict:
    orders = ctx.orders
    if len(orders) == 1:  # the common case
        return test(orders[0])
    return any_of([test(order) for order in orders])


@predicate("choices", facts.OrderKind)
def order_kind(ctx: Context, values: frozenset[str]) -> Verdict:
    """The order asked about is of one of these kinds."""
    return ctx.case.order.kind in values


@predicate("choices", facts.OrderStatus)
def order_status(ctx: Context, values: frozenset[str]) -> Verdict:
    """The order asked about stands in one of these states."""
    return ctx.case.order.status in values


@predicate("choices", facts.Category)
def category(ctx: Context, values: frozenset[str]) -> Verdict:
    """The product is of one of these categories."""
    return ctx.case.order.product.category in values


@predicate("codes")
def product(ctx: Context, values: frozenset[str]) -> Verdict:
    """The product has one of these codes."""
    return ctx.case.order.product.code in values


@predicate("choices", facts.BillingMode)
def billing_mode(ctx: Context, values: frozenset[str]) -> Verdict:
    """The order is charged in one of these ways."""
    return ctx.case.order.billing_mode in values


@predicate("choices", facts.TermUnit)
def term_unit(ctx: Context, values: frozenset[str]) -> Verdict:
    """The order was bought by days, months or years."""
    term = ctx.case.order.term
    return Unknown(("order.term",)) if term is None else term.unit in values


@predicate("choices", facts.Scope)
def scope(ctx: Context, values: frozenset[str]) -> Verdict:
    """The customer asks for the whole resource, or only for renewal periods."""
    return ctx.case.request.scope in values


@predicate("choices", facts.Site)
def site(ctx: Context, values: frozenset[str]) -> Verdict:
    """The order was placed on one of these sites."""
    return ctx.case.site in values


@predicate("choices", facts.ResourceStatus)
def resource_status(ctx: Context, values: frozenset[str]) -> Verdict:
    """The resource stands in one of these states."""
    return ctx.case.resource.status in values


@predicate("choices", facts.PaymentChannel)
def payment_channel(ctx: Context, values: frozenset[str]) -> Verdict:
    """The cash came through one of these channels."""
    channel = ctx.case.order.payment_channel
    return Unknown(("order.payment_channel",)) if channel is None else channel in values


@predicate()
def expired(ctx: Context, _: None) -> Verdict:
    """The last period paid for is over, or the resource is marked as expired."""
    if ctx.case.resource.status == "expired":
        return True
    end = ctx.resource_end()
    return end is not None and ctx.now >= end


@predicate("window")
def window_open(ctx: Context, key: str) -> Verdict:
    """The window is still open: now < its end."""
    return ctx.window_open(key)


@predicate("window")
def window_closed(ctx: Context, key: str) -> Verdict:
    """The window is over: now >= its end."""
    verdict = ctx.window_open(key)
    return verdict if isinstance(verdict, Unknown) else not verdict


@predicate("quota")
def quota_left(ctx: Context, key: str) -> Verdict:
    """The quota allows this return."""
    try:
        state = ctx.quota(key)
    except MissingFactError as error:
        return Unknown(error.facts)
    return state.left > 0


@predicate()
def not_started(ctx: Context, _: None) -> Verdict:
    """The period of the order asked about has not begun."""
    start = ctx.case.order.starts_at
    return start is not None and start > ctx.now


@predicate()
def has_unstarted_renewal(ctx: Context, _: None) -> Verdict:
    """A renewal period that has not begun is there."""
    if ctx.unstarted_renewals():
        return True
    undated = any(
        order.kind == "renewal" and order.starts_at is None and order.status != "refunded"
        for order in ctx.live
    )
    return Unknown(("order.starts_at",)) if undated else False


@predicate()
def unfinished_order(ctx: Context, _: None) -> Verdict:
    """Another order on the resource is still being processed."""
    return bool(ctx.case.resource.unfinished_orders) or any(
        order.status == "creating" for order in ctx.case.related_orders
    )


@predicate()
def police_frozen(ctx: Context, _: None) -> Verdict:
    """The account or the resource is frozen by the public security organs."""
    if ctx.case.account.frozen:
        return True
    return known(ctx.case.resource.police_frozen, "resource.police_frozen")


@predicate()
def in_transaction(ctx: Context, _: None) -> Verdict:
    """Another transaction is running on the resource."""
    return known(ctx.case.resource.in_transaction, "resource.in_transaction")


@predicate()
def used(ctx: Context, _: None) -> Verdict:
    """The pack has been used."""
    resource = ctx.case.resource
    if resource.usage is not None and resource.usage.used > 0:
        return True
    return known(resource.used, "resource.used")


@predicate()
def effective(ctx: Context, _: None) -> Verdict:
    """The storage pack has become effective."""
    at = ctx.case.order.effective_at
    if ctx.case.resource.effective is None and at is not None:
        return at <= ctx.now
    return known(ctx.case.resource.effective, "resource.effective")


@predicate()
def support_benefits_used(ctx: Context, _: None) -> Verdict:
    """Benefits of the support plan were used."""
    return known(ctx.case.resource.support_benefits_used, "resource.support_benefits_used")


@predicate()
def spec_changed_after_renewal(ctx: Context, _: None) -> Verdict:
    """The resource was scaled after its last renewal."""
    return known(
        ctx.case.resource.spec_changed_after_renewal, "resource.spec_changed_after_renewal"
    )


@predicate()
def risk_flagged(ctx: Context, _: None) -> Verdict:
    """A suspected abnormal or malicious return was flagged."""
    return ctx.case.account.risk_flagged


@predicate("choices", facts.PromotionKind)
def promotion_kind(ctx: Context, values: frozenset[str]) -> Verdict:
    """An order took part in a campaign of one of these kinds."""
    return _each(ctx, lambda order: order.promotion is not None and order.promotion.kind in values)


@predicate("choices", facts.RefundClause)
def promotion_says(ctx: Context, values: frozenset[str]) -> Verdict:
    """The rules of a campaign an order took part in say one of these (`unknown`: nothing known)."""

    def says(order: Order) -> Verdict:
        if order.promotion is None:
            return False
        if order.promotion.refund_clause == "unknown" and "unknown" not in values:
            return Unknown(("order.promotion.refund_clause",))
        return order.promotion.refund_clause in values

    return _each(ctx, says)


@predicate()
def contract_linked(ctx: Context, _: None) -> Verdict:
    """An order is linked to a sales contract."""
    return _each(ctx, lambda order: order.contract is not None)


@predicate()
def invoice_issued(ctx: Context, _: None) -> Verdict:
    """An invoice has been issued for an order."""
    return _each(
        ctx,
        lambda order: (
            Unknown(("order.invoice.issued",)) if order.invoice is None else order.invoice.issued
        ),
    )


@predicate()
def bundle_inseparable(ctx: Context, _: None) -> Verdict:
    """An order is part of a combined purchase whose parts cannot be returned alone."""

    def inseparable(order: Order) -> Verdict:
        if order.bundle is None:
            return False
        if order.bundle.separable is None:
            return Unknown(("order.bundle.separable",))
        return not order.bundle.separable

    return _each(ctx, inseparable)


@predicate("codes")
def nothing_paid_with(ctx: Context, kinds: frozenset[str]) -> Verdict:
    """Nothing returnable was paid: the named kinds of payment, less what was returned, are zero."""
    return all(returnable(order, tuple(kinds)) - order.refunded <= ZERO for order in ctx.orders)


@predicate("number")
def used_units_below(ctx: Context, limit: int) -> Verdict:
    """Fewer units of time than this were used (for factors)."""
    return ctx.measures["used"] < limit


@predicate()
def wholly_used(ctx: Context, _: None) -> Verdict:
    """The whole period was used (for factors)."""
    return ctx.measures["used"] >= ctx.measures["total"]
