"""Refund applications as the rest of the house sees them: frozen, without a database."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from refund_core import Decision, RefundCase
from refundbot.applications.machine import OPEN, state_name

ActorKind = Literal["customer", "system", "operator"]


@dataclass(frozen=True)
class Actor:
    """Who did something: a customer (account id), an operator (name), or the system itself."""

    kind: ActorKind
    name: str


SYSTEM = Actor("system", "refundbot")


@dataclass(frozen=True)
class EventRecord:
    """One line of the history.

    Attributes:
        event: what was done: submit, advance, approve, reject, cancel, fail or nudge.
        from_state, to_state: equal for a 催一下.
        reason: why, in Chinese, where there is something to say.
        due: date promised for the state entered.
    """

    event: str
    from_state: str
    to_state: str
    actor: Actor
    at: datetime
    reason: str | None
    due: date | None


@dataclass(frozen=True)
class Rejection:
    """Why an application was refused, and what the customer can do."""

    code: str
    text: str
    remedy: str


@dataclass(frozen=True)
class ApplicationRecord:
    """One refund application of one account.

    Attributes:
        id: ``RF`` + day of submission + running number, like ``RF20261118002``.
        plan: id of its plan in `plans.yaml`.
        state: id of a state of `machine.ApplicationMachine`.
        state_since: when that state was entered.
        due: date promised for this state when it was entered; None when none was.
        amount: yuan confirmed by the customer, or stated by the operator who approved it;
            None while a person still has to decide.
        rejection: why it was refused or the payment failed.
        nudged_at: the last 催一下.
        version: counts changes; operators say which one they decided on.
    """

    id: str
    account_id: str
    order_id: str
    vendor: str
    product_name: str
    plan: str
    state: str
    state_since: datetime
    due: date | None
    submitted_at: datetime
    amount: Decimal | None
    currency: str
    rejection: Rejection | None
    nudged_at: datetime | None
    version: int
    events: tuple[EventRecord, ...]
    decision_json: str
    facts_json: str

    @property
    def state_name(self) -> str:
        """The state in Chinese."""
        return state_name(self.state)

    @property
    def open(self) -> bool:
        """Whether something is still to happen to it."""
        return self.state in OPEN

    @property
    def decision(self) -> Decision:
        """The decision the customer confirmed."""
        return Decision.from_json(json.loads(self.decision_json))

    @property
    def facts(self) -> RefundCase:
        """The facts that decision was made on."""
        return RefundCase.from_json(json.loads(self.facts_json))
