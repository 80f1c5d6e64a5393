"""Conditions on orders, windows, quotas and campaigns."""

from collections.abc import Callable

from refund_core import case as facts
from refund_core.case import ZERO, Order
from refund_core.catalogue import predicate
from refund_core.context import Context, returnable
from refund_core.duration import add_months, add_term
from refund_core.quotas import covers, quota_state
from refund_core.verdict import MissingFactError, Unknown, Verdict, any_of


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


@predicate("number")
def term_over_months(ctx: Context, months: int) -> Verdict:
    """The order was bought for longer than this many months."""
    order = ctx.case.order
    if order.term is None:
        return Unknown(("order.term",))
    bought = order.purchased_at
    return add_term(bought, order.term) > add_months(bought, months)


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
        state = quota_state(ctx, key)
    except MissingFactError as error:
        return Unknown(error.facts)
    return state.left > 0


@predicate("quota")
def quota_used_up(ctx: Context, key: str) -> Verdict:
    """Nothing of the quota is left; no while earlier returns are unknown.

    For limits that only decide the way (by the customer or by ticket), not whether.
    """
    try:
        return quota_state(ctx, key).left == 0
    except MissingFactError:
        return False


@predicate("quota")
def quota_covers(ctx: Context, key: str) -> Verdict:
    """The quota has room for every resource of the order."""
    try:
        return covers(ctx, key)
    except MissingFactError as error:
        return Unknown(error.facts)


@predicate("choices", facts.OrderKind)
def has_order(ctx: Context, values: frozenset[str]) -> Verdict:
    """An order of one of these kinds runs on the resource."""
    return any(order.kind in values for order in ctx.live)


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
