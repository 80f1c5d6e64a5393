"""Why the sum on the page is not the one said before: time, rules, or the order itself."""

from decimal import Decimal

from refund_core import Decision, PolicySet, RefundCase, evaluate
from refund_core.wording import money
from refundbot.applications.said import Said

_OUTCOMES = {"refundable": "可以退", "not_refundable": "不能退", "needs_review": "需要人工确认"}


def explain_difference(
    said: Said,
    now: Decision,
    case: RefundCase,
    *,
    where: str = "聊天里",
    policies: PolicySet | None = None,
) -> list[str]:
    """Chinese sentences: what was said, what it is now, and each cause; empty when the same.

    The causes are found with the rule core: the order's present facts are decided as of the
    earlier instant. Where that already differs from what was said, facts or rules changed; where
    it differs from the present answer, time made the difference.

    Args:
        said: what the customer was told.
        now: the present decision.
        case: the present facts.
        where: where it was said.
        policies: rules to decide by; the installed ones when None.
    """
    if said.same_answer(now):
        return []
    then = evaluate(case, said.as_of, policies)
    causes = [*_policy(said, now), *_facts(said, then), *_time(said, then, now)]
    if not causes:
        causes = ["订单或规则在这之后有变化，以这一页重新计算的结果为准。"]
    return [_headline(said, now, where), *causes]


def _headline(said: Said, now: Decision, where: str) -> str:
    before = _answer(said.outcome, said.amount, now.currency)
    after = _answer(now.outcome, now.amount, now.currency)
    line = f"{where}（{said.as_of:%Y-%m-%d %H:%M}）说的是{before}，现在重新计算是{after}"
    if said.amount is None or now.amount is None:
        return f"{line}。"
    gap = now.amount - said.amount
    word = "多" if gap > 0 else "少"
    return f"{line}，{word} {money(abs(gap), now.currency)}。"


def _answer(outcome: str, amount: Decimal | None, currency: str) -> str:
    if outcome == "refundable" and amount is not None:
        return f"可退 {money(amount, currency)}"
    return _OUTCOMES.get(outcome, "暂不能判断")


def _policy(said: Said, now: Decision) -> list[str]:
    policy = (now.policy.id, now.policy.version) if now.policy else ("", "")
    if policy == (said.policy, said.version):
        return []
    before = f"{said.policy} {said.version}".strip() or "无"
    after = " ".join(policy).strip() or "无"
    return [f"退订规则换了版本：从 {before} 换成 {after}。"]


def _facts(said: Said, then: Decision) -> list[str]:
    policy = (then.policy.id, then.policy.version) if then.policy else ("", "")
    if said.same_answer(then) or policy != (said.policy, said.version):
        return []
    if said.paid is not None and then.paid is not None and said.paid != then.paid:
        before, after = money(said.paid, then.currency), money(then.paid, then.currency)
        return [f"订单的可退实付金额从 {before} 变成 {after}。"]
    if then.reasons and then.outcome != said.outcome:
        return [f"订单或资源的情况有变化：{then.reasons[0].text}"]
    return ["订单或资源的情况在这之后有变化。"]


def _time(said: Said, then: Decision, now: Decision) -> list[str]:
    if (then.outcome, then.amount) == (now.outcome, now.amount):
        return []
    days = (now.as_of.date() - said.as_of.date()).days
    passed = f"过了 {days} 天" if days else "过了一段时间"
    lines = [
        f"{deadline.at:%Y-%m-%d %H:%M} 起：{deadline.effect}"
        for deadline in then.deadlines
        if said.as_of < deadline.at <= now.as_of
    ]
    if then.consumed is not None and now.consumed is not None and then.consumed != now.consumed:
        before, after = money(then.consumed, now.currency), money(now.consumed, now.currency)
        lines.append(f"又{passed}，已消费从 {before} 变成 {after}。")
    return lines or [f"又{passed}，按规则结果变了。"]
