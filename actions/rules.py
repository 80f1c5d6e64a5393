"""General rules, for questions about no particular order, from the policy in force now."""

import re

from actions import texts
from actions.ask import Ask
from actions.reply import Reply, say
from actions.view import View
from actions.wording import about
from refund_core import explain
from refund_core.policy import Policy
from refund_core.wording import cite_sections
from refundbot.orders import get_source
from refundbot.policies import live_policies

# What a topic is called where the policy says nothing of it.
_TOPICS = {
    "abnormal": "什么算异常退款",
    "downgrade": "降配怎么退",
    "promotion": "参加活动的订单怎么退",
    "destination": "退款退到哪里",
    "invoice": "开过发票的订单怎么退",
    "process": "怎么办理退订",
    "seven_days": "七天无理由退订",
    "timing": "多久到账",
    "voucher": "代金券退不退",
}


# What a question about the rules may be about in particular.
_WORDS = (
    (re.compile(r"[七7]\s*[天日]"), "seven_days"),
    (re.compile(r"异常|恶意"), "abnormal"),
    (re.compile(r"活动|促销|抽奖|礼包"), "promotion"),
    (re.compile(r"降配|降级"), "downgrade"),
)


def policy_in_force(ask: Ask) -> Policy | None:
    """The policy of the vendor's site the customer is on as of this turn, or None.

    Raises:
        OrdersUnavailable: the account cannot be read.
    """
    account = None if ask.account is None else get_source().get_account(ask.account)
    site = "cn" if account is None else account.site
    return live_policies().in_force(ask.vendor, site, ask.as_of)


def all_in_force(ask: Ask) -> list[Policy]:
    """Every live policy of the vendor as of this turn, third-party sources included."""
    return [
        policy
        for policy in live_policies()
        if policy.doc.vendor == ask.vendor
        and policy.start <= ask.as_of
        and (policy.end is None or ask.as_of < policy.end)
    ]


def citation(ask: Ask, topic: str) -> str:
    """What the rules on a topic rest on, as a line; empty when the policy has none."""
    policy = policy_in_force(ask)
    if policy is None:
        return ""
    keys = [key for rule in policy.doc.rules if rule.topic == topic for key in rule.clauses]
    return f"依据：{cite_sections(policy.clauses[key] for key in keys)}" if keys else ""


# What a customer who asks for the rules in general is told first.
_MAIN = ("scope", "amount", "not_refundable", "seven_days")


def general(ask: Ask, *topics: str) -> Reply:
    """The rules on these topics; the main ones without any, all of them on request."""
    policy = policy_in_force(ask)
    if policy is None:
        text = "目前没有适用的退订规则资料，请转人工。"
        return Reply(text, (texts.HANDOFF_BUTTON,), kind="notice")
    buttons = (
        (texts.sign_in().buttons[0], texts.HANDOFF_BUTTON)
        if ask.account is None
        else (say("我能退多少", "ask_refund_amount"), texts.LIST_BUTTON, texts.HANDOFF_BUTTON)
    )
    if topics or ask.mentions.only == "everything":
        return Reply(explain.render_rules(policy, topics) or _silent(policy, topics), buttons)
    everything = say("看全部规则", "ask_policy", only="everything")
    title = f"{policy.doc.title}（{policy.ref.updated or policy.doc.version}）："
    return Reply(f"{title}\n{explain.render_rules(policy, _MAIN)}", (everything, *buttons))


def _silent(policy: Policy, topics: tuple[str, ...]) -> str:
    """The source's silence is said, not filled."""
    asked = "、".join(_TOPICS.get(topic, "这一点") for topic in topics)
    return f"{policy.doc.title}没有写{asked}，请以退订页面显示为准，或转人工确认。"


def before_sign_in(ask: Ask, *topics: str) -> Reply | None:
    """A visitor's question about an order nobody can look up: that, and the rules on it."""
    policy = policy_in_force(ask)
    if policy is None:
        return None
    wanted = topics_named(ask) or topics
    told = explain.render_rules(policy, wanted) or _silent(policy, wanted)
    text = f"查订单需要先登录控制台。一般的退订规则是：\n{told}"
    return Reply(text, (*texts.sign_in().buttons, texts.HANDOFF_BUTTON), kind="notice")


def topics_named(ask: Ask) -> tuple[str, ...]:
    """Somebody who says 七天 is answered about the seven days, not about everything."""
    return tuple(topic for words, topic in _WORDS if words.search(ask.text))


def rules_for(view: View, ask: Ask, *topics: str) -> Reply:
    """The rules on these topics, and where this order stands under them."""
    policy = policy_in_force(ask)
    wanted = topics or _MAIN
    told = "" if policy is None else explain.render_rules(policy, wanted)
    lines = [told or ("" if policy is None else _silent(policy, wanted))]
    lines.append(f"您这笔（{view.order.id}，{view.order.product_name}）：")
    lines += explain.reason_lines(view.decision) or [explain.headline(view.decision)]
    return about(view, lines)
