"""Notes to the gateway that travel with a reply and that the customer never sees."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.reply import Reply


@dataclass(frozen=True)
class NotedReply(Reply):
    """A reply with notes.

    Attributes:
        notes: ``handoff`` (a person is wanted: the orders looked at), ``review`` (the message
            was not understood: the guesses) or ``later`` (the part that is down, ``orders``: the
            question can be asked again). The gateway takes them out before it answers.
    """

    notes: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Rasa's `custom` payload, with the notes beside the answer."""
        return {**super().to_json(), **self.notes}
