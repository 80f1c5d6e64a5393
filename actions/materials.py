"""需要什么材料: which documents a refund needs, from the policy data and the review plan alone."""

import re

from actions import rules, wording
from actions.ask import Ask
from actions.reply import Reply
from actions.view import View
from refund_core import explain
from refund_core.wording import cite_sections
from refundbot.applications.plans import default_plans

_ASKS = re.compile(
    r"材料|资料|证明|证件|身份证|执照|凭证|证据|截图|盖章|公章|文件|(?:准备|提供|上传|提交)(?:些|点)?(?:什么|啥|哪些)"
)
_NAMES = re.compile(r"截图|说明|证明|材料|日志")

_NONE_NAMED = (
    "退订规则没有列出要提交的材料，自助退订时核对金额并确认就行；页面另有要求的，以页面为准。"
)
_AUTOMATIC = "系统会自动退款，您不需要提交材料。"
_REVIEWED = "退订规则没有列出要提交的材料；这个订单要人工确认，需要补充什么由审核人员告诉您。"


def asked(text: str) -> bool:
    """Whether somebody asks for documents."""
    return _ASKS.search(text) is not None


def about(view: View, ask: Ask) -> Reply:
    """The documents for this order; for one that cannot be returned, why."""
    decision = view.decision
    if decision.outcome == "not_refundable":
        return wording.full_answer(view)
    lines = [*(_named(ask, official=True) or [_unnamed(view)]), *_elsewhere(ask)]
    lines.append(explain.order_line(view.order.case))
    if not view.automatic:
        lines += explain.process_lines(decision)
    if decision.outcome == "needs_review":
        lines.append(_refused_for_lack(ask))
    return wording.about(view, [*lines, explain.basis_line(decision)])


def in_general(ask: Ask) -> Reply:
    """The documents without an order."""
    general = rules.general(ask, "process")
    first = [*(_named(ask, official=True) or [_NONE_NAMED]), *_elsewhere(ask)]
    return Reply("\n".join([*first, general.text]), general.buttons, general.kind)


def _unnamed(view: View) -> str:
    if view.decision.outcome == "needs_review":
        return _REVIEWED
    return _AUTOMATIC if view.automatic else _NONE_NAMED


def _elsewhere(ask: Ask) -> list[str]:
    """What others than the vendor say, said to be no more than that."""
    return [f"另供参考，不是官方规则：{text}" for text in _named(ask, official=False)]


def _named(ask: Ask, *, official: bool) -> list[str]:
    """What the vendor's rules in force list, or other sources on them, each with its source."""
    return [
        f"{rule.text}依据：{cite_sections(policy.clauses[key] for key in rule.clauses)}"
        for policy in rules.all_in_force(ask)
        if (policy.doc.authority == "official") is official
        for rule in policy.doc.rules
        if rule.topic == "process" and _NAMES.search(rule.text)
    ]


def _refused_for_lack(ask: Ask) -> str:
    """Why reviews fail most often and what helps, with who says so."""
    plans = default_plans()
    reason = plans.rejections["materials_incomplete"]
    source = plans.choose(ask.vendor, "manual").source
    if source is None:
        return ""
    lack = f"审核不通过常见的原因：{reason.text}{reason.remedy}"
    return f"{lack}来源：{source.title}，{source.updated}。"
