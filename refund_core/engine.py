"""Facts in, decision out: pure, deterministic, and never a guess."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from refund_core.case import RefundCase
from refund_core.codec import SHANGHAI
from refund_core.conflicts import conflicts_of
from refund_core.consistency import contradictions
from refund_core.context import Context
from refund_core.decision import (
    ClauseRef,
    Deadline,
    Decision,
    Destination,
    NextAction,
    Notice,
    Reason,
    Step,
    Timing,
)
from refund_core.horizon import zero_instant
from refund_core.library import PolicySet, default_policies
from refund_core.matching import Gap, Matched, gap_reasons, match, reasons_of
from refund_core.policy import Policy, Route
from refund_core.policy_doc import DeadlineDoc
from refund_core.quotas import quota_state
from refund_core.sums import Total, add_up
from refund_core.texts import day_text
from refund_core.verdict import MissingFactError, Unknown
from refund_core.working import after_working_days


def evaluate(case: RefundCase, as_of: datetime, policies: PolicySet | None = None) -> Decision:
    """Decide a case at an instant.

    Args:
        case: the facts.
        as_of: the instant of the question; aware.
        policies: the rules to use; those that come with the package when left out.

    Raises:
        ValueError: `as_of` has no time zone.
        PolicyError: the policy is at fault: two routes match and neither goes first, or no
            route and no exclusion matches.
    """
    if as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of.isoformat()} has no time zone; pass an aware instant")
    as_of = as_of.astimezone(SHANGHAI)
    library = policies if policies is not None else default_policies()
    policy = library.select(case, as_of)
    if policy is None:
        return _without_policy(case, as_of)
    return decide(case, as_of, policy)


def compare(
    case: RefundCase, as_of: datetime, policies: PolicySet | None = None
) -> tuple[Decision, ...]:
    """The answer under every policy that holds for the case, the most authoritative first.

    Raises:
        ValueError: `as_of` has no time zone.
        PolicyError: see `evaluate`.
    """
    if as_of.tzinfo is None:
        raise ValueError(f"as_of {as_of.isoformat()} has no time zone; pass an aware instant")
    as_of = as_of.astimezone(SHANGHAI)
    library = policies if policies is not None else default_policies()
    return tuple(decide(case, as_of, policy) for policy in library.all_for(case, as_of))


def decide(case: RefundCase, as_of: datetime, policy: Policy) -> Decision:
    """Decide a case under one given policy, whether or not it holds for the case.

    Raises:
        PolicyError: the policy is at fault, see `evaluate`.
    """
    ctx = Context(case, _clock(case, as_of, policy), policy)
    base: dict[str, Any] = {
        "order_id": case.order.id,
        "as_of": as_of,
        "currency": case.currency,
        "policy": policy.ref,
    }
    conflict = tuple(contradictions(case, ctx.now))
    if conflict:
        reasons = tuple(Reason("contradictory_facts", text) for text in conflict)
        return _review(ctx, base, reasons, ())
    matched = match(ctx)
    if matched.refusals:
        return _refuse(ctx, base, matched)
    conflicts = conflicts_of(ctx)
    if conflicts:
        told = tuple(Reason(item.code, item.text) for item in conflicts)
        reasons = (*reasons_of(ctx, matched.reviews), *told)
        review = replace(_review(ctx, base, reasons, matched.gaps), conflicts=conflicts)
        if matched.route is None:
            return review
        return replace(review, route=matched.route.doc.id, route_label=matched.route.doc.label)
    if matched.gaps or matched.route is None:
        return _review(ctx, base, reasons_of(ctx, matched.reviews), matched.gaps)
    try:
        total = add_up(ctx, matched.route)
    except MissingFactError as error:
        gaps = [Gap(fact, matched.route.method.clause) for fact in error.facts]
        return _review(ctx, base, reasons_of(ctx, matched.reviews), gaps)
    if total.refund == 0 and policy.zero_refund is not None:
        matched.refusals.append(policy.zero_refund)
        return replace(_refuse(ctx, base, matched), **_sum_fields(total))
    above = _above_limit(matched.route, total)
    if matched.reviews or above:
        return _review(ctx, base, (*reasons_of(ctx, matched.reviews), *above), ())
    return _grant(ctx, base, matched.route, total)


def _above_limit(route: Route, total: Total) -> tuple[Reason, ...]:
    limit = route.doc.limit
    if limit is None or total.refund <= limit.above:
        return ()
    return (Reason(limit.code, limit.text, route.limit_clause),)


def _clock(case: RefundCase, as_of: datetime, policy: Policy) -> datetime:
    request = case.request
    if policy.doc.clock.instant == "approval":
        return request.approved_at or as_of
    return request.requested_at or as_of


def _without_policy(case: RefundCase, as_of: datetime) -> Decision:
    text = "没有找到适用于这个订单的退订规则，需要人工确认。"
    return Decision(
        outcome="needs_review",
        order_id=case.order.id,
        as_of=as_of,
        currency=case.currency,
        reasons=(Reason("no_policy", text),),
        next_action=NextAction("human", "请联系人工客服确认。"),
    )


def _refuse(ctx: Context, base: dict[str, Any], matched: Matched) -> Decision:
    policy = ctx.policy
    exclusions = list(matched.refusals)
    zero = policy.zero_refund
    if zero is not None and zero not in exclusions and zero.when.test(ctx) is True:
        exclusions.append(zero)
    reasons = reasons_of(ctx, exclusions)
    actions = [item.doc.action for item in exclusions if item.doc.action is not None]
    steps = tuple(
        Step(f"exclusion.{reason.code}", "不能退的原因", reason.text, clause=reason.clause)
        for reason in reasons
    )
    return Decision(
        **base,
        outcome="not_refundable",
        reasons=reasons,
        steps=steps,
        basis=_unique([reason.clause for reason in reasons]),
        next_action=policy.actions[actions[0] if actions else policy.doc.refusal_action],
    )


def _review(
    ctx: Context, base: dict[str, Any], reasons: tuple[Reason, ...], gaps: Sequence[Gap]
) -> Decision:
    gap_texts, missing = gap_reasons(gaps)
    everything = (*reasons, *gap_texts)
    steps = tuple(
        Step(f"review.{reason.code}", "需要人工确认", reason.text, clause=reason.clause)
        for reason in everything
    )
    return Decision(
        **base,
        outcome="needs_review",
        reasons=everything,
        steps=steps,
        missing=missing,
        basis=_unique([reason.clause for reason in everything]),
        next_action=ctx.policy.actions[ctx.policy.doc.review_action],
    )


def _sum_fields(total: Total) -> dict[str, Any]:
    return {
        "amount": total.refund,
        "paid": total.paid,
        "consumed": total.consumed,
        "fee": total.fee,
        "payments": total.payments,
        "allocation": total.allocation,
        "voucher_lost": total.voucher_lost,
        "lines": total.lines,
        "steps": total.steps,
    }


def _grant(ctx: Context, base: dict[str, Any], route: Route, total: Total) -> Decision:
    policy, doc = ctx.policy, route.doc
    keys = [*doc.assumptions]
    for method in (priced.method.doc for priced in total.priced):
        if method.assumption is not None and method.kind != "none":
            keys.append(method.assumption)
    assumptions = [(key, policy.doc.assumptions[key]) for key in dict.fromkeys(keys)]
    return Decision(
        **base,
        **_sum_fields(total),
        outcome="refundable",
        route=doc.id,
        route_label=doc.label,
        deadlines=_deadlines(ctx, route, total),
        daily_decrease=total.daily_decrease,
        destination=_destination(ctx, route),
        timing=_timing(ctx, doc.timing),
        next_action=route.action,
        basis=route.clauses,
        warnings=route.warnings,
        assumptions=tuple(Notice(key, item.text) for key, item in assumptions if item.customer),
        quota=quota_state(ctx, doc.quota) if doc.quota is not None else None,
    )


def _deadlines(ctx: Context, route: Route, total: Total) -> tuple[Deadline, ...]:
    found = []
    for doc in route.doc.deadlines:
        at = _deadline_instant(ctx, doc, total)
        if at is not None and at > ctx.now:
            found.append(Deadline(doc.code, at, doc.effect))
    return tuple(sorted(found, key=lambda deadline: deadline.at))


def _deadline_instant(ctx: Context, doc: DeadlineDoc, total: Total) -> datetime | None:
    if doc.at == "window":
        return ctx.window_end(ctx.policy.doc.windows[doc.window or ""])
    if doc.at == "resource_end":
        return ctx.resource_end()
    if doc.at == "order_start":
        return ctx.case.order.starts_at
    if doc.at == "renewal_start":
        starts = [order.starts_at for order in ctx.unstarted_renewals()]
        return min((start for start in starts if start is not None), default=None)
    instants = [zero_instant(ctx, priced) for priced in total.priced if priced.paid > 0]
    if not instants or None in instants:
        return None
    return max(instant for instant in instants if instant is not None)


def _destination(ctx: Context, route: Route) -> Destination | None:
    for rule in route.destinations:
        verdict = rule.when.test(ctx)
        if not isinstance(verdict, Unknown) and verdict:
            return Destination(rule.doc.kind, rule.doc.text, rule.clause)
    return None


def _timing(ctx: Context, key: str | None) -> Timing | None:
    if key is None:
        return None
    doc = ctx.policy.doc.timings[key]
    text, latest = doc.text, None
    if doc.working_days is not None:
        latest, known = after_working_days(ctx.now, doc.working_days)
        text += f"预计最晚 {day_text(latest)}"
        text += "。" if known else "（按周一到周五推算，节假日安排还没有公布）。"
    return Timing(text, ctx.policy.clauses.get(doc.clause or ""), latest=latest)


def _unique(clauses: Sequence[ClauseRef | None]) -> tuple[ClauseRef, ...]:
    return tuple({clause.id: clause for clause in clauses if clause is not None}.values())
