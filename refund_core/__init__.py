"""The shared refund rule core: facts in, decision out."""

from refund_core.case import CaseError, RefundCase
from refund_core.decision import Decision
from refund_core.engine import compare, decide, evaluate
from refund_core.library import PolicySet, default_policies, load_policies
from refund_core.policy import Policy, PolicyError
from refund_core.timelines import Timeline, timeline

__all__ = [
    "CaseError",
    "Decision",
    "Policy",
    "PolicyError",
    "PolicySet",
    "RefundCase",
    "Timeline",
    "compare",
    "decide",
    "default_policies",
    "evaluate",
    "load_policies",
    "timeline",
]
