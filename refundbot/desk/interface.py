"""What a desk is to the rest of the house, so that Chatwoot or another can stand in for ours.

Two directions. The gateway keeps every ticket itself (`refundbot.desk.tickets.Tickets`), so that
silence, queue and history do not depend on a desk being reachable, and **tells** the desk what
happens through `Desk`. What agents do comes back through the methods of `Tickets`: ``take``,
``reply``, ``hand_back``, ``close``. An adapter for another desk is a class with the three methods
of `Desk` and a web hook that calls those four.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

Role = Literal["customer", "bot", "agent", "notice"]
Status = Literal["waiting", "open", "closed"]
Outcome = Literal["left", "handed_back", "closed"]


class DeskError(Exception):
    """An agent's step does not fit the ticket as it is now.

    Attributes:
        code: stable word: missing, ended, not_taken, not_yours, empty, too_long.
        message: Chinese sentence for the agent.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Line:
    """One line of a ticket.

    Attributes:
        id: grows with every line; 0 for a line not stored yet.
        key: unique within the ticket; the same key again is the same line.
        role: who says it; ``notice`` is the desk itself.
        sender: name to show, such as ``客服 陈晨``.
        text: plain text.
        message_id: the customer's message, or the one this line follows.
        at: when, on the stack's clock.
    """

    id: int
    key: str
    role: Role
    sender: str
    text: str
    message_id: str | None
    at: datetime


@dataclass(frozen=True)
class Opening:
    """Everything a ticket starts with.

    Attributes:
        conversation: server-side conversation id, with the verified identity in it.
        account: verified account, or None for a visitor.
        vendor: vendor id.
        channel: where the customer writes, such as ``console``.
        message_id: the message that asked for a person.
        transcript: what was said so far, oldest first.
        orders: facts of the orders looked at, as the actions give them.
        decisions: `refund_core.Decision` as JSON, the latest of each order.
        at: when, on the stack's clock.
    """

    conversation: str
    account: str | None
    vendor: str
    channel: str
    message_id: str
    transcript: tuple[Line, ...]
    at: datetime
    orders: tuple[dict[str, Any], ...] = ()
    decisions: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Ticket:
    """A ticket as it is now; see `Opening` for what it started with.

    Attributes:
        number: ticket number.
        status: waiting for an agent, open with one, or closed.
        outcome: how it ended, once it has.
        agent: name of the agent who has it.
        last_line: how many lines it has.
    """

    number: int
    conversation: str
    account: str | None
    vendor: str
    channel: str
    status: Status
    outcome: Outcome | None
    agent: str | None
    opened_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None
    last_line: int
    orders: tuple[dict[str, Any], ...] = field(default=())
    decisions: tuple[dict[str, Any], ...] = field(default=())


class Desk(Protocol):
    """Where agents work. Told after the fact; told again after a crash, so repeats are harmless.

    A method that fails is logged and costs nobody their ticket: ours is stored already.
    """

    def opened(self, ticket: Ticket, opening: Opening) -> None:
        """A customer waits."""

    def message(self, ticket: Ticket, line: Line) -> None:
        """Somebody said something in a waiting or open ticket, the customer or an agent of ours."""

    def changed(self, ticket: Ticket) -> None:
        """The ticket was taken, handed back, closed, or the customer left the queue."""


class BuiltInDesk:
    """The desk in the reference console: its pages read the tickets, so nothing is forwarded."""

    def opened(self, ticket: Ticket, opening: Opening) -> None:
        """Nothing to forward."""

    def message(self, ticket: Ticket, line: Line) -> None:
        """Nothing to forward."""

    def changed(self, ticket: Ticket) -> None:
        """Nothing to forward."""
