"""When another source says something else than the official rules: both sides, in Chinese.

A customer who read the other source is told openly what it says, that it is not official, and
what the official rules give. Nothing is worked out here: every amount is a decision's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from refund_core import explain
from refund_core.case import RefundCase
from refund_core.decision import Conflict, ConflictSide, Decision
from refund_core.wording import cite_sections, money

# A customer weighs one or two contradictions, not a catalogue of them.
MOST = 2


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What another source says of an order that the official rules return.

    Attributes:
        source: the decision under that source.
        conflicts: what contradicts itself or the official rules, each side with its amount, in
            the order of the policy; at least one, at most `MOST`.
    """

    source: Decision
    conflicts: tuple[Conflict, ...]


def disagreement(official: Decision, others: Sequence[Decision]) -> Disagreement | None:
    """The first third-party source that speaks about this order and contradicts.

    None when the official answer is anything but "refundable": then it stands alone.
    """
    if official.outcome != "refundable" or official.amount is None:
        return None
    for other in others:
        if other.policy is None or other.policy.authority != "third_party":
            continue
        conflicts = _conflicts(official, other)
        if conflicts:
            return Disagreement(other, conflicts[:MOST])
    return None


def _conflicts(official: Decision, other: Decision) -> tuple[Conflict, ...]:
    if other.outcome == "refundable":
        return () if other.amount == official.amount else (_against(official, other),)
    # A source that has another reason for doubt, such as "not covered", says nothing to the point.
    told = {conflict.code for conflict in other.conflicts} | {"missing_fact"}
    if any(reason.code not in told for reason in other.reasons):
        return ()
    return tuple(
        conflict
        for conflict in other.conflicts
        if conflict.sides and all(side.amount is not None for side in conflict.sides)
    )


def _against(official: Decision, other: Decision) -> Conflict:
    sides = tuple(
        ConflictSide(
            f"{who}：{decision.route_label or explain.headline(decision)}",
            decision.amount,
            next(iter(decision.basis), None),
        )
        for who, decision in (("第三方文章", other), ("官方规则", official))
    )
    return Conflict("against_official", "第三方文章和官方规则的结果", sides)


def render_disagreement(found: Disagreement, official: Decision, case: RefundCase) -> str:
    """Both sides with their amounts, what kind of source it is, then the official answer."""
    several = len(found.conflicts) > 1 or any(len(item.sides) > 2 for item in found.conflicts)
    lines = [
        f"需要人工确认，{'几' if several else '两'}种说法对不上：",
        explain.order_line(case),
        *_side_lines(found),
        _origin_line(found),
        _official_line(official),
        explain.sum_line(official),
        explain.split_line(official),
        explain.voucher_line(official) + explain.destination_line(official),
        official.quota.text if official.quota is not None else "",
        explain.basis_line(official) + explain.assumption_line(official),
        explain.deadline_line(official),
        explain.warnings_line(official),
    ]
    return "\n".join(line for line in lines if line)


def _side_lines(found: Disagreement) -> list[str]:
    currency = found.source.currency
    lines = []
    for conflict in found.conflicts:
        if len(found.conflicts) > 1:
            lines.append(f"{conflict.text}：")
        for side in conflict.sides:
            amount = "" if side.amount is None else f" → 退 {money(side.amount, currency)}"
            lines.append(f"· {side.text}{amount}")
    return lines


def _origin_line(found: Disagreement) -> str:
    source = found.source.policy
    clauses = [
        side.clause
        for conflict in found.conflicts
        for side in conflict.sides
        if side.clause is not None
    ]
    text = "这份资料是第三方文章，不是官方规则。"
    if clauses:
        return f"{text}出处：{cite_sections(clauses)}"
    return text if source is None else f"{text}出处：{source.title}"


def _official_line(official: Decision) -> str:
    label = f"（{official.route_label}）" if official.route_label else ""
    return f"官方规则{label}：{explain.headline(official)}"
