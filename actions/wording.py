"""Replies about one order, put together from its decision. No sum and no rule is written here."""

from collections.abc import Sequence
from dataclasses import replace

from actions import texts
from actions.reply import Button, Reply, distinct, say
from actions.view import View, renewal_ahead
from refund_core import explain
from refund_core.disagreement import Disagreement, render_disagreement
from refund_core.wording import cite_sections, money
from refundbot.applications.links import refund_link
from refundbot.audit import numbers

OTHERS = say("其它可退订单", "list_orders", only="refundable")
STEPS = say("看每一步怎么算的", "ask_calculation")
LATER = say("晚几天退会怎样", "ask_timeline")


def ways_on(view: View) -> tuple[Button, ...]:
    """What a customer can do after an answer about this order."""
    if view.decision.outcome != "refundable":
        return (OTHERS, texts.HANDOFF_BUTTON)
    if view.automatic:
        return (STEPS, texts.HANDOFF_BUTTON)
    return distinct([go_to_refund(view), STEPS, LATER, texts.HANDOFF_BUTTON])


def go_to_refund(view: View, title: str = "去退订") -> Button:
    """The refund application page with this order filled in."""
    link = refund_link(view.order.id, account=view.order.account_id, said=view.decision)
    return Button(title, url=link)


def about(view: View, lines: Sequence[str], buttons: Sequence[Button] | None = None) -> Reply:
    """A reply of these lines, empty ones left out, with the decision for cards."""
    text = "\n".join(line for line in lines if line)
    shown = ways_on(view) if buttons is None else tuple(buttons)
    return Reply(text, shown, decision=view.to_json())


def full_answer(view: View) -> Reply:
    """Answer, order, sum, clause, what to mind, ways on; both sides where sources disagree."""
    if view.disagreement is not None:
        return sources_disagree(view, view.disagreement)
    return official_answer(view)


def official_answer(view: View) -> Reply:
    """The same without what another source says; with what else of the resource can go back."""
    text = explain.render_text(view.decision, view.order.case)
    other = otherwise(view)
    if other is None or view.otherwise is None:
        return about(view, [text])
    line, button = other
    buttons = distinct([*ways_on(view)[:1], button, *ways_on(view)[1:]])
    reply = about(view, [text, line], buttons)
    return replace(reply, decisions=(view.otherwise.to_json(),))


def otherwise(view: View) -> tuple[str, Button] | None:
    """The other thing that can be returned, in one line, and a button that asks about it."""
    if view.otherwise is None:
        return None
    told = explain.headline(view.otherwise)
    mind = next((item.text for item in view.otherwise.warnings), "")
    if view.order.case.request.scope == "renewal":
        line, title = f"整个资源一起退的话：{told}{mind}", "整个资源一起退"
        bought = [other.id for other in view.order.case.related_orders if other.kind == "new"]
        order_id = next(iter(bought), "")
    else:
        renewal = renewal_ahead(view.order, view.decision.as_of)
        line, title = f"只退还没开始的续费也可以：{told}{mind}", "只退续费"
        order_id = renewal.id if renewal is not None else ""
    return (line, say(title, "ask_refund_amount", order_id=order_id)) if order_id else None


def sources_disagree(view: View, found: Disagreement) -> Reply:
    """What another source says, that it is not official, and the official answer."""
    text = render_disagreement(found, view.decision, view.order.case)
    buttons = (go_to_refund(view, "按官方规则去申请"), STEPS, texts.HANDOFF_BUTTON)
    decisions = (found.source.to_json(),)
    return Reply(text, buttons, "disagreement", view.to_json(), decisions)


def headline(view: View) -> str:
    """The answer in one sentence: with the sum, or with the first reason."""
    decision = view.decision
    if decision.outcome == "refundable" or not decision.reasons:
        return explain.headline(decision)
    sentence = "不能退" if decision.outcome == "not_refundable" else "需要人工确认"
    return f"{sentence}：{decision.reasons[0].text}"


def amount_brief(view: View) -> str:
    """The answer in one sentence, and where the other source's can be read."""
    if view.disagreement is None:
        return headline(view)
    return f"{headline(view)}另有第三方文章说法不同，单独问「能退多少」可以看到两边的说法。"


def calculation(view: View) -> Reply:
    """Every step of the sum; for an order without one, the whole answer."""
    if view.decision.outcome != "refundable":
        return about(view, [explain.render_text(view.decision, view.order.case), number_line(view)])
    lines = [
        explain.headline(view.decision),
        explain.order_line(view.order.case),
        *explain.step_lines(view.decision),
        explain.assumption_line(view.decision),
        number_line(view),
    ]
    return about(view, lines, [b for b in ways_on(view) if b is not STEPS])


def number_line(view: View) -> str:
    """The decision's number, for somebody who wants it looked at again; empty without one."""
    return f"决定编号 {numbers.shown(view.number)}，可供复核。" if view.number else ""


def process(view: View) -> Reply:
    """How to return this order; for one that cannot be returned, why."""
    if view.decision.outcome != "refundable":
        return full_answer(view)
    lines = [
        explain.headline(view.decision),
        explain.order_line(view.order.case),
        *explain.process_lines(view.decision),
        explain.warnings_line(view.decision),
        explain.basis_line(view.decision),
    ]
    return about(view, lines)


def process_brief(view: View) -> str:
    """The way in one sentence."""
    if view.decision.outcome != "refundable":
        return headline(view)
    return explain.way_on_line(view.decision)


def apply(view: View) -> Reply:
    """The sum, and where the customer confirms; nothing is submitted from chat."""
    if view.decision.outcome != "refundable" or view.automatic:
        return full_answer(view)
    lines = [
        f"{explain.headline(view.decision)}需要您在退订页面确认后才会提交。",
        explain.order_line(view.order.case),
        explain.sum_line(view.decision),
        explain.voucher_line(view.decision) + explain.destination_line(view.decision),
        explain.warnings_line(view.decision),
        explain.basis_line(view.decision) + explain.assumption_line(view.decision),
    ]
    return about(view, lines, _to_confirm(view))


def apply_brief(view: View) -> str:
    """The sum, and that the customer must confirm."""
    if view.decision.outcome != "refundable" or view.automatic:
        return headline(view)
    return f"{explain.headline(view.decision)}需要您在退订页面确认后才会提交。"


def voucher_brief(view: View) -> str:
    """What becomes of this order's vouchers."""
    lost = explain.voucher_line(view.decision)
    if lost:
        return lost
    if view.order.voucher:
        used = f"这个订单用了代金券 {money(view.order.voucher)}"
        return f"{used}；{headline(view)}"
    return "这个订单没有使用代金券。"


def voucher(view: View, citation: str) -> Reply:
    """Vouchers of this order with their clause, and the rest of the answer in one line."""
    lines = [
        voucher_brief(view),
        explain.order_line(view.order.case),
        f"其余部分：{headline(view)}" if view.decision.outcome == "refundable" else "",
        citation,
    ]
    return about(view, lines)


def destination_brief(view: View) -> str:
    """Where the money of this order goes."""
    if view.decision.outcome != "refundable":
        return headline(view)
    return explain.destination_line(view.decision)


def destination(view: View) -> Reply:
    """Where the money goes, with its clause."""
    where = view.decision.destination
    clause = where.clause if where is not None else None
    lines = [
        destination_brief(view),
        explain.split_line(view.decision),
        explain.order_line(view.order.case),
        f"依据：{cite_sections([clause])}" if clause is not None else "",
    ]
    return about(view, lines)


def timing_brief(view: View) -> str:
    """Where the money of this order goes, then when it is there."""
    if view.decision.outcome != "refundable":
        return headline(view)
    when = explain.timing_line(view.decision) or "规则没有写明到账时间，以退订页面显示为准。"
    return explain.destination_line(view.decision) + when


def timing(view: View) -> Reply:
    """When and where; the source's silence is said, not filled."""
    lines = [
        timing_brief(view),
        explain.order_line(view.order.case),
        explain.basis_line(view.decision),
    ]
    return about(view, lines)


def invoice_brief(view: View) -> str:
    """Whether an invoice stands in the way of this order."""
    state = view.order.case.order.invoice
    if state is None:
        issued = "没有查到这个订单的开票记录"
    else:
        issued = "这个订单已开发票" if state.issued else "这个订单没有开发票"
    return f"{issued}。{headline(view)}"


def rejection(view: View) -> Reply:
    """Every reason the rules give against this order; when there is none, that is the answer."""
    if view.decision.outcome != "refundable":
        return full_answer(view)
    lines = [
        f"按规则这个订单是可以退的：{explain.headline(view.decision)}",
        explain.order_line(view.order.case),
        "如果退订页面提示失败，请把提示内容告诉人工客服核实。",
        explain.basis_line(view.decision),
    ]
    return about(view, lines)


def dispute(view: View) -> Reply:
    """For somebody who does not accept the answer: its grounds, and who can look again."""
    granted = view.decision.outcome == "refundable"
    if granted:
        first = f"结果是：{explain.headline(view.decision)}金额每一步怎么算的都可以看。"
    else:
        first = f"按现行规则，这个订单{headline(view)}"
    lines = [
        first,
        explain.order_line(view.order.case),
        explain.sum_line(view.decision) if granted else explain.way_on_line(view.decision),
        "情况特殊或仍不认可，请转人工说明，由财务支持人员复核。",
        explain.basis_line(view.decision),
        number_line(view),
    ]
    return about(view, lines)


def dispute_again(view: View) -> Reply:
    """For somebody who objects once more: the steps themselves, and a person first of all."""
    granted = view.decision.outcome == "refundable"
    steps = (explain.step_lines if granted else explain.reason_lines)(view.decision)
    lines = [
        "依据和每一步都列在这里；还不认可的话，转人工复核时报决定编号就行。",
        explain.order_line(view.order.case),
        *steps,
        "" if granted else explain.basis_line(view.decision),
        number_line(view),
    ]
    return about(view, lines, distinct([texts.HANDOFF_BUTTON, *ways_on(view)]))


def several_questions(
    view: View, answers: Sequence[tuple[str, str]], *, applying: bool = False
) -> Reply:
    """One reply to several questions about one order; ``applying`` when one of them is 帮我退."""
    applying = applying and view.decision.outcome == "refundable" and not view.automatic
    opening = (
        f"好的，先给您 {len(answers)} 个结果：" if applying else f"您问了 {len(answers)} 件事："
    )
    lines = [opening]
    lines += [f"{n}. {title}：{answer}" for n, (title, answer) in enumerate(answers, 1)]
    lines += [
        explain.order_line(view.order.case),
        explain.basis_line(view.decision) + explain.assumption_line(view.decision),
    ]
    return about(view, lines, _to_confirm(view) if applying else None)


def _to_confirm(view: View) -> tuple[Button, ...]:
    """For somebody who wants it returned: the page that asks for the confirmation, or not now."""
    buttons = (go_to_refund(view, "去确认退订"), say("先不退", "cancel_refund"), STEPS)
    return (*buttons, texts.HANDOFF_BUTTON)
