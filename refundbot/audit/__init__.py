"""What was decided, on which facts, by which rules: kept for good, and able to be replayed."""

from refundbot.audit.writer import remember

__all__ = ["remember"]
