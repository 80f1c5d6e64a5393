"""Which way an application takes, read from the decision the customer confirmed."""

from refund_core import Decision
from refundbot.applications.machine import Path


def path_of(decision: Decision) -> Path:
    """Automatic when the rules say yes and the customer can do it alone; else people review it."""
    if decision.outcome != "refundable":
        return "manual"
    action = decision.next_action
    return "automatic" if action is None or action.kind == "self_service" else "manual"


def why_manual(decision: Decision) -> str:
    """Why a person has to look, in the decision's own words."""
    texts = [
        *(reason.text for reason in decision.reasons),
        *(f"缺少事实：{fact.text}" for fact in decision.missing),
        *(conflict.text for conflict in decision.conflicts),
    ]
    return f"转人工：{texts[0]}" if texts else "转人工审核"
