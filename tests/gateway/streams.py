"""Reading server-sent events."""

import json
from typing import Any


def events_of(text: str) -> list[dict[str, Any]]:
    """The events of a stream that has ended; comments are left out, data is parsed."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        pairs = [line.partition(": ") for line in block.split("\n") if not line.startswith(":")]
        fields = {name: value for name, _, value in pairs if name}
        if fields:
            found.append({**fields, "data": json.loads(fields["data"])})
    return found
