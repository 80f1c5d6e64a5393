"""What was decided, on which facts, by which rules: kept for good, and able to be replayed."""

from refundbot.audit.writer import numbers_told, remember

__all__ = ["numbers_told", "remember"]
