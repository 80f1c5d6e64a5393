"""How a late answer reaches a customer who no longer waits for a response."""

from typing import Any, Protocol

from refundbot.desk.bell import Bell


class Delivery(Protocol):
    """One channel's way to its customers, told after the answer is stored.

    What fails is logged, not repeated: a channel that can fail keeps an outbox of its own and
    takes the answer into it here.
    """

    async def deliver(
        self, conversation: str, message_id: str, replies: list[dict[str, Any]]
    ) -> None:
        """Bring stored replies, as `refundbot.gateway.store` gives them, to the customer."""


class ConsoleDelivery:
    """The widget follows its conversation and reads the store: it only has to hear the bell."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell

    async def deliver(
        self, conversation: str, message_id: str, replies: list[dict[str, Any]]
    ) -> None:
        """Ring."""
        self._bell.ring(conversation)
