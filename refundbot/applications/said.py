"""What a customer was told about an order, small enough to travel in a signed link."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from refund_core import Decision
from refundbot.applications.signed import Forged
from refundbot.clock import parse_instant


@dataclass(frozen=True)
class Said:
    """The answer given at an instant; amounts in yuan, None where the answer had none."""

    outcome: str
    amount: Decimal | None
    consumed: Decimal | None
    paid: Decimal | None
    policy: str
    version: str
    as_of: datetime

    @classmethod
    def of(cls, decision: Decision) -> "Said":
        """What the decision tells the customer."""
        return cls(
            outcome=decision.outcome,
            amount=decision.amount,
            consumed=decision.consumed,
            paid=decision.paid,
            policy=decision.policy.id if decision.policy else "",
            version=decision.policy.version if decision.policy else "",
            as_of=decision.as_of,
        )

    def same_answer(self, decision: Decision) -> bool:
        """Whether a decision gives the customer the same answer and the same sum."""
        return (self.outcome, self.amount) == (decision.outcome, decision.amount)

    def to_json(self) -> dict[str, Any]:
        """Short keys: this becomes part of an address."""
        return {
            "u": self.outcome,
            "m": _text(self.amount),
            "c": _text(self.consumed),
            "d": _text(self.paid),
            "p": self.policy,
            "v": self.version,
            "t": self.as_of.isoformat(),
        }

    @classmethod
    def from_json(cls, payload: dict[str, Any]) -> "Said":
        """Read back what `to_json` wrote.

        Raises:
            Forged: it is not that.
        """
        try:
            return cls(
                outcome=str(payload["u"]),
                amount=_money(payload["m"]),
                consumed=_money(payload["c"]),
                paid=_money(payload["d"]),
                policy=str(payload["p"]),
                version=str(payload["v"]),
                as_of=parse_instant(payload["t"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
            raise Forged("not what we said") from None


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
