"""Which exclusions and which route hold for a case; unknown facts are kept, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass

from refund_core.context import Context
from refund_core.decision import ClauseRef, MissingFact, Reason
from refund_core.facts import fact_name
from refund_core.policy import Exclusion, PolicyError, Route
from refund_core.texts import fill
from refund_core.verdict import Unknown


@dataclass(slots=True)
class Gap:
    """A missing fact and the clause that needs it."""

    fact: str
    clause: ClauseRef | None


@dataclass(slots=True)
class Matched:
    """What holds: the route if it is certain, the reasons, the facts that are missing."""

    route: Route | None
    refusals: list[Exclusion]
    reviews: list[Exclusion]
    gaps: list[Gap]


def match(ctx: Context) -> Matched:
    """Try every exclusion and every route of the policy.

    Raises:
        PolicyError: two routes match and neither goes first, or nothing matches at all.
    """
    exclusions, routes = ctx.policy.relevant(ctx.case)
    route, gaps = choose_route(ctx, routes)
    exempt = route.doc.exempt if route is not None else ()
    refusals: list[Exclusion] = []
    reviews: list[Exclusion] = []
    for exclusion in exclusions:
        if exclusion.doc.code in exempt:
            continue
        verdict = exclusion.when.test(ctx)
        if isinstance(verdict, Unknown):
            gaps.extend(Gap(fact, exclusion.clause) for fact in verdict.facts)
        elif verdict:
            kind = refusals if exclusion.doc.outcome == "not_refundable" else reviews
            kind.append(exclusion)
    if route is None and not (refusals or reviews or gaps):
        order = ctx.case.order
        raise PolicyError(
            f"{ctx.policy.key}: no route and no exclusion matches order {order.id} (kind "
            f"{order.kind}, category {order.product.category}, {order.billing_mode}, scope "
            f"{ctx.case.request.scope}); add a route or an exclusion for it"
        )
    return Matched(route, refusals, reviews, gaps)


def choose_route(ctx: Context, routes: Sequence[Route]) -> tuple[Route | None, list[Gap]]:
    """The one route that holds; or none, with the facts that would decide.

    Raises:
        PolicyError: two routes match and neither goes first.
    """
    matched: list[Route] = []
    unsure: list[tuple[Route, Unknown]] = []
    for route in routes:
        verdict = route.when.test(ctx)
        if isinstance(verdict, Unknown):
            unsure.append((route, verdict))
        elif verdict:
            matched.append(route)
    best = _first(ctx, matched)
    gaps = [
        Gap(fact, route.clauses[0] if route.clauses else None)
        for route, verdict in unsure
        if best is None or route.doc.id not in best.doc.over
        for fact in verdict.facts
    ]
    return (None if gaps else best), gaps


def _first(ctx: Context, matched: Sequence[Route]) -> Route | None:
    if len(matched) <= 1:
        return matched[0] if matched else None
    ahead = [
        route
        for route in matched
        if all(other.doc.id in route.doc.over for other in matched if other is not route)
    ]
    if len(ahead) != 1:
        names = ", ".join(route.doc.id for route in matched)
        raise PolicyError(
            f"{ctx.policy.key}: routes {names} all match order {ctx.case.order.id}; "
            "say with `over` which goes first"
        )
    return ahead[0]


def reasons_of(ctx: Context, exclusions: Sequence[Exclusion]) -> tuple[Reason, ...]:
    """The sentences for the customer; one that another already implies is left out."""
    codes = {exclusion.doc.code for exclusion in exclusions}
    return tuple(
        Reason(exclusion.doc.code, fill(exclusion.doc.text, ctx), exclusion.clause)
        for exclusion in exclusions
        if codes.isdisjoint(exclusion.doc.implied_by)
    )


def gap_reasons(gaps: Sequence[Gap]) -> tuple[tuple[Reason, ...], tuple[MissingFact, ...]]:
    """A reason and a missing fact for each gap, each fact once."""
    first = {gap.fact: gap for gap in reversed(gaps)}
    facts = list(dict.fromkeys(gap.fact for gap in gaps))
    reasons = tuple(
        Reason("missing_fact", f"还缺少一项信息：{fact_name(fact)}。", first[fact].clause)
        for fact in facts
    )
    return reasons, tuple(MissingFact(fact, fact_name(fact)) for fact in facts)
