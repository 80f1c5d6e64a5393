"""不是服务器，是数据库: what a customer says it is not, when the same message says what it is."""

import re
from collections.abc import Sequence

from refundbot.nlu.entities.spans import Span

_DENIAL = re.compile(r"(?:(?<!是)不是|并非|而非|不要|不选)(?:说|指|问|要|那个|这个|那台|这台)?\s?$")
# An order number is never dropped: whoever types one wants something of it.
_KINDS = frozenset({"ordinal", "product", "purchase_time", "money"})


def without_denied(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans without those said not to be meant, where one of the same kind is left."""
    denied = [
        span for span in spans if span.entity in _KINDS and _DENIAL.search(text[: span.start])
    ]
    meant = {span.entity for span in spans if span not in denied}
    return [span for span in spans if span not in denied or span.entity not in meant]
