"""投诉、举报、12315: what a person does about it, and the routes the vendor's rules name.

No telephone number and no route is ever said that the policy data does not hold.
"""

import re

from actions import rules
from actions.ask import Ask
from refund_core.wording import cite_sections

_COMPLAINS = re.compile(
    r"投诉|举报|12315|12300|12345|工信部|消协|消费者协会|曝光|起诉|律师|法院|通管局|通信管理局"
)
_WANTS_NUMBER = re.compile(r"电话|热线|号码|座机|400")

_PERSON = "客服会核对您的订单、给过的结论和规则依据，有误会更正，并把处理结果告诉您。"
_NO_ROUTE = "现行退订规则没有写明投诉渠道，具体渠道请向客服确认。"
_NO_NUMBER = "我没有可以核实的客服电话，不过可以直接在这里接人工。"


def complains(text: str) -> bool:
    """Whether somebody wants to complain, here or to an authority."""
    return _COMPLAINS.search(text) is not None


def lines(ask: Ask) -> list[str]:
    """What to say besides connecting a person; empty for a plain wish for one."""
    said = [_NO_NUMBER] if _WANTS_NUMBER.search(ask.text) and not complains(ask.text) else []
    return [*said, _PERSON, *(_routes(ask) or [_NO_ROUTE])] if complains(ask.text) else said


def _routes(ask: Ask) -> list[str]:
    """Complaint routes by the vendor's live policies, each with its source."""
    told = {}
    for policy in rules.all_in_force(ask):
        for rule in policy.doc.rules:
            if rule.topic == "dispute":
                clauses = cite_sections(policy.clauses[key] for key in rule.clauses)
                told[rule.text] = f"{rule.text}依据：{clauses}"
    return list(told.values())
