"""The shared refund rule core: facts in, decision out."""

from refund_core.case import CaseError, RefundCase
from refund_core.decision import Decision

__all__ = ["CaseError", "Decision", "RefundCase"]
