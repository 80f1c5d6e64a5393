"""A decision in Chinese plain text, sentence by sentence, from the decision alone.

Every function returns a finished line, or an empty string when there is nothing to say, so that a
reply can be put together from them. Nothing is worked out here: each amount, date and sentence is
read from the decision (and the order label from the case).
"""

from dataclasses import replace

from refund_core.case import ZERO, RefundCase
from refund_core.decision import Allocation, Decision, OrderLine, Step
from refund_core.policy import Policy
from refund_core.texts import instant_text, kind_text
from refund_core.wording import KIND_NAMES, cite, cite_sections, kinds, money, order_label


def headline(decision: Decision) -> str:
    """The answer in one sentence."""
    if decision.outcome == "not_refundable":
        count = len(decision.reasons)
        return "这个订单不能退。" if count == 1 else f"这个订单不能退，有 {count} 个原因："
    if decision.outcome == "needs_review" or decision.amount is None:
        return "需要人工确认，说法对不上。" if decision.conflicts else "需要人工确认。"
    amount = money(decision.amount, decision.currency)
    if decision.next_action is not None and decision.next_action.kind == "automatic":
        return f"系统会自动退 {amount}，不需要您操作。"
    if decision.amount == 0:
        return f"可以退订，但退款金额为 {amount}。"
    if is_full(decision):
        return f"可以全额退 {amount}。"
    if decision.assumptions:
        return f"可以退，预计退 {amount}。"
    return f"可以退 {amount}。"


def is_full(decision: Decision) -> bool:
    """Whether everything that is returnable comes back."""
    return decision.amount is not None and decision.amount == decision.paid


def order_line(case: RefundCase) -> str:
    """Which order this is about."""
    return order_label(case.order)


def sum_line(decision: Decision) -> str:
    """The sum: paid - consumed = refund, with the units counted."""
    if not decision.lines:
        return ""
    if len(decision.lines) == 1:
        line = decision.lines[0]
        paid_by = ""
        if decision.payments is not None:
            returned = _returned_kinds(decision, decision.payments)
            paid_by = f"（{returned}）" if returned else ""
        return _line_text(line, decision.currency, paid_by)
    texts = [
        f"{kind_text(line.kind)}订单 {line.order_id}：{_line_text(line, decision.currency, '')}"
        for line in decision.lines
    ]
    if decision.amount is not None:
        texts.append(f"合计 {money(decision.amount, decision.currency)}")
    return "\n".join(texts)


def _returned_kinds(decision: Decision, payments: Allocation) -> str:
    """Kinds of payment the sum starts from; with amounts when there are several."""
    gone = lost(decision)
    kept = {kind: ZERO for kind in KIND_NAMES if getattr(gone, kind)}
    return kinds(replace(payments, **kept), decision.currency, amounts=False)


def lost(decision: Decision) -> Allocation:
    """What was paid in kinds that are never returned: vouchers, and cash coupons at some."""
    vouchers = Allocation(voucher=decision.voucher_lost)
    paid, back = decision.payments, decision.allocation
    if paid is None or back is None:
        return vouchers
    # Nothing comes back of a kind that is not returned; the rest is what the sum starts from.
    unreturned = {
        kind: getattr(paid, kind)
        for kind in KIND_NAMES
        if kind != "voucher" and getattr(back, kind) == 0
    }
    found = replace(vouchers, **unreturned)
    return found if paid.total - found.total == decision.paid else vouchers


def _line_text(line: OrderLine, currency: str, paid_by: str) -> str:
    text = f"实付 {money(line.paid, currency)}{paid_by}"
    if line.used is None and line.refund == line.paid:
        return f"{text}，全额退 {money(line.refund, currency)}"
    if line.consumed or line.used is not None:
        text += f" − 已消费 {money(line.consumed, currency)}{_units(line)}"
    if line.fee:
        text += f" − 手续费 {money(line.fee, currency)}"
    if line.already_refunded:
        text += f" − 已退 {money(line.already_refunded, currency)}"
    # A full-width bracket brings its own space.
    return f"{text} ＝ {money(line.refund, currency)}".replace("） ", "）")


def _units(line: OrderLine) -> str:
    if line.used is None or line.total is None:
        return ""
    if line.used == "0":
        return "（尚未开始）"
    text = f"{line.used}/{line.total} {line.unit}"
    if line.factor is not None:
        text += f"，系数 {line.factor}"
    if line.count_note:
        text += f"，{line.count_note}"
    return f"（{text}）"


def split_line(decision: Decision) -> str:
    """How the refund splits over kinds of payment; empty when there is only one kind."""
    parts = decision.allocation
    if parts is None or decision.amount in (None, parts.cash):
        return ""
    return f"其中{kinds(parts, decision.currency, amounts=True)}。"


def voucher_line(decision: Decision) -> str:
    """What becomes of the voucher, and of whatever else does not come back."""
    gone = lost(decision)
    if not gone.total:
        return ""
    return f"{kinds(gone, decision.currency, amounts=True)} 不退回。"


def destination_line(decision: Decision) -> str:
    """Where the money goes."""
    return decision.destination.text if decision.destination is not None else ""


def timing_line(decision: Decision) -> str:
    """When the money is there."""
    return decision.timing.text if decision.timing is not None else ""


def basis_line(decision: Decision) -> str:
    """What the answer rests on."""
    if not decision.basis:
        return ""
    if decision.outcome == "refundable":
        return f"依据：{cite(decision.basis[0])}。"
    return f"依据：{cite_sections(decision.basis)}"


def assumption_line(decision: Decision) -> str:
    """What is estimated rather than stated by the source."""
    return "".join(item.text for item in decision.assumptions)


def daily_line(decision: Decision) -> str:
    """How the amount falls with each day."""
    if not decision.daily_decrease:
        return ""
    return f"每多用一天约少退 {money(decision.daily_decrease, decision.currency)}。"


def deadline_line(decision: Decision) -> str:
    """The first instant at which the answer changes."""
    if not decision.deadlines:
        return ""
    first = decision.deadlines[0]
    return f"截止 {instant_text(first.at)}：{first.effect}"


def warnings_line(decision: Decision) -> str:
    """What to mind before returning."""
    return "".join(item.text for item in decision.warnings)


def reason_lines(decision: Decision) -> list[str]:
    """Every reason; numbered when there are several."""
    told = {conflict.code for conflict in decision.conflicts}  # these are shown with their sides
    texts = [reason.text for reason in decision.reasons if reason.code not in told]
    if len(texts) == 1:
        return texts
    return [f"{number}. {text}" for number, text in enumerate(texts, start=1)]


def authority_line(decision: Decision) -> str:
    """A warning when the rules are not the vendor's own."""
    if decision.policy is None or decision.policy.authority != "third_party":
        return ""
    return f"这份资料（{decision.policy.title}）是第三方文章，不是官方规则。"


def conflict_lines(decision: Decision) -> list[str]:
    """Statements of the sources that contradict each other."""
    lines = []
    for conflict in decision.conflicts:
        lines.append(f"{conflict.text}：")
        for side in conflict.sides:
            amount = "" if side.amount is None else f" → {money(side.amount, decision.currency)}"
            lines.append(f"· {side.text}{amount}")
    return lines


def way_on_line(decision: Decision) -> str:
    """What the customer can do now."""
    return decision.next_action.text if decision.next_action is not None else ""


def process_lines(decision: Decision) -> list[str]:
    """How to return it, step by step."""
    action = decision.next_action
    if action is None:
        return []
    steps = [f"{number}. {text}" for number, text in enumerate(action.steps, start=1)]
    return [action.text, *steps]


def step_lines(decision: Decision) -> list[str]:
    """The whole sum, step by step, each with its ground."""
    several = len(decision.lines) > 1
    return [
        f"{number}. {_step_text(step, several)}"
        for number, step in enumerate(decision.steps, start=1)
    ]


def _step_text(step: Step, several: bool) -> str:
    order = f"（订单 {step.order_id}）" if several and step.order_id is not None else ""
    if "＝" in step.formula:
        text = f"{step.label}{order}：{step.formula}"
    else:
        value = f"{step.value} {step.unit}".strip()
        text = f"{step.label}{order}：{value}" + (f"（{step.formula}）" if step.formula else "")
    if step.clause is not None:
        text += f"。依据：{step.clause.section}「{step.clause.text}」"
    return text


def render_steps(decision: Decision) -> str:
    """The whole sum as text."""
    return "\n".join([headline(decision), *step_lines(decision)])


def render_text(decision: Decision, case: RefundCase | None = None) -> str:
    """The whole answer as plain text: answer, why, sum, way on."""
    label = order_line(case) if case is not None else f"订单 {decision.order_id}"
    if decision.outcome == "refundable":
        lines = _granted(decision, label)
    else:
        lines = [
            headline(decision),
            label,
            *reason_lines(decision),
            sum_line(decision),
            *conflict_lines(decision),
            basis_line(decision),
            authority_line(decision),
            way_on_line(decision),
        ]
    return "\n".join(line for line in lines if line)


def _granted(decision: Decision, label: str) -> list[str]:
    return [
        headline(decision),
        label,
        sum_line(decision),
        split_line(decision),
        voucher_line(decision) + destination_line(decision),
        basis_line(decision) + assumption_line(decision),
        authority_line(decision),
        daily_line(decision) + deadline_line(decision),
        warnings_line(decision),
        way_on_line(decision) if not _automatic(decision) else "",
    ]


def _automatic(decision: Decision) -> bool:
    return decision.next_action is not None and decision.next_action.kind == "automatic"


def render_rules(policy: Policy, topics: tuple[str, ...] = ()) -> str:
    """A vendor's general rules, for questions about no order; all topics, or only some."""
    rules = [rule for rule in policy.doc.rules if not topics or rule.topic in topics]
    used = [policy.clauses[key] for rule in rules for key in rule.clauses]
    title = f"{policy.doc.title}（{policy.ref.updated or policy.doc.version}）："
    mark = "· " if len(rules) > 1 else ""
    lines = ["" if topics else title, *(f"{mark}{rule.text}" for rule in rules)]
    lines.append(f"依据：{cite_sections(used)}" if used else "")
    return "\n".join(line for line in lines if line)
