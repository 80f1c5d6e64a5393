"""Statements of the sources that cannot all hold for a case, with the refund each would give."""

from decimal import Decimal

from refund_core.context import Context
from refund_core.decision import Conflict, ConflictSide
from refund_core.policy import ConflictRule, Method
from refund_core.priced import settle
from refund_core.pricing import price
from refund_core.texts import fill
from refund_core.verdict import MissingFactError

_RETURNABLE = ("cash", "gift", "stored_value", "cash_coupon")


def conflicts_of(ctx: Context) -> tuple[Conflict, ...]:
    """The conflicts of the policy that concern the case."""
    return tuple(
        _conflict(ctx, rule)
        for rule in ctx.policy.conflicts
        if rule.when is not None and rule.when.test(ctx) is True
    )


def _conflict(ctx: Context, rule: ConflictRule) -> Conflict:
    return Conflict(
        code=rule.doc.code,
        text=fill(rule.doc.text, ctx),
        sides=tuple(
            ConflictSide(fill(side.text, ctx), _amount(ctx, method), clause)
            for side, method, clause in rule.sides
        ),
    )


def _amount(ctx: Context, method: Method | None) -> Decimal | None:
    if method is None:
        return None
    try:
        return settle(price(ctx, method, ctx.case.order, _RETURNABLE)).refund
    except MissingFactError:
        return None
