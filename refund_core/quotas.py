"""How often a route may be used: counting past returns in their period."""

from refund_core.case import PastRefund
from refund_core.codec import SHANGHAI
from refund_core.context import Context
from refund_core.decision import Quota
from refund_core.policy_doc import QuotaDoc
from refund_core.verdict import MissingFactError


def quota_state(ctx: Context, key: str) -> Quota:
    """The quota's limit and what is gone of it.

    Raises:
        MissingFactError: the earlier returns, or the entity they are counted for, are unknown.
    """
    doc = ctx.policy.doc.quotas[key]
    history = ctx.case.history
    entity_unknown = doc.scope == "entity" and ctx.case.account.entity_id is None
    if history is None:
        raise MissingFactError("account.entity_id" if entity_unknown else "history")
    gone = sum(
        _weight(doc, past.product_code, past.count)
        for past in history.refunds
        if _counts(ctx, doc, past)
    )
    left = max(0, doc.limit - gone)
    if entity_unknown and left:
        # Returns that are known can use the quota up; that some is left cannot be known.
        raise MissingFactError("account.entity_id")
    return Quota(
        id=key, limit=doc.limit, used=gone, text=doc.text.format(left=left, limit=doc.limit)
    )


def covers(ctx: Context, key: str) -> bool:
    """Whether the quota has room for every resource of the order asked about.

    Raises:
        MissingFactError: the earlier returns, or the entity they are counted for, are unknown.
    """
    order = ctx.case.order
    needed = _weight(ctx.policy.doc.quotas[key], order.product.code, order.quantity)
    return quota_state(ctx, key).left >= needed


def _weight(doc: QuotaDoc, product_code: str, resources: int) -> int:
    """What a return of so many resources counts."""
    return 1 if doc.counts == "order" or product_code in doc.whole_orders else resources


def _counts(ctx: Context, doc: QuotaDoc, past: PastRefund) -> bool:
    if past.route not in doc.routes or past.at > ctx.now:
        return False
    if doc.scope == "account" and past.account_id not in (None, ctx.case.account.id):
        return False
    code = ctx.case.order.product.code
    if doc.per == "product" and past.product_code != code:
        shared = code in doc.shared and past.product_code in doc.shared
        if not shared:
            return False
    if doc.period == "lifetime":
        return True
    now, at = ctx.now.astimezone(SHANGHAI), past.at.astimezone(SHANGHAI)
    if doc.period == "natural_year":
        return at.year == now.year
    return (at.year, at.month) == (now.year, now.month)
