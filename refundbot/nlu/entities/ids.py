"""Ids of orders, refunds and resources.

``order_id`` and ``refund_id``: upper case without blanks and dashes (``bd 2026-1114-001`` is
``BD20261114001``), except the dashes of ``ORD-20261101-0001``; a refund's id starts with RF.
``resource_id``: as typed, lower case.
"""

import re

from refundbot.nlu.entities.spans import Span

REFUND_PREFIX = "RF"
# Letters glued to digits that are names, not ids: iPhone13, covid19; and units after numbers.
MIN_LETTERED_DIGITS = 6
MIN_BARE_DIGITS = 10
MAX_DIGITS = 24

_EDGE = r"(?<![A-Za-z0-9])"
_LETTERED = re.compile(
    _EDGE + r"([A-Za-z]{2,5})[ \-_:#]{0,2}(\d(?:[ \-_]?[A-Za-z]?\d){5,31})(?![A-Za-z0-9])"
)
_BARE = re.compile(_EDGE + r"\d{10,32}(?![A-Za-z0-9.])")
_NAMED = re.compile(
    r"订单(?:编?号|id)?(?:是|为|[:#])?\s*" + r"([A-Za-z]{0,5}[-_]?\d{5,32})(?!\d)", re.I
)
# Short names of kinds of resources, as consoles put them before a dash: i-8f3k2m1x, vol-4d5e6f.
_KINDS = (
    "i|v|m|vol|disk|eip|ip|lb|blb|rds|scs|redis|cdn|bos|cfs|vpc|vpn|nat|sg|dns|ssl|cert|sms|waf|"
    "snap|snapshot|image|ins|instance|bcc|bbc|gpu|cds|cce|pkg|pack|mkt"
)
_RESOURCE = re.compile(
    _EDGE + rf"(?:{_KINDS})-(?=[a-z0-9\-]{{4}})[a-z0-9]+(?:-[a-z0-9]+){{0,3}}(?![a-z0-9\-])",
    re.IGNORECASE,
)
_PHONE = re.compile(r"1[3-9]\d{9}")


def _compact(text: str) -> str:
    """Upper case without separators, unless the dashes are the id's own (ORD-20261101-0001)."""
    if _DASHED.fullmatch(text):
        return text.upper()
    return re.sub(r"[\s\-_:#]", "", text).upper()


_DASHED = re.compile(r"[A-Za-z]{2,5}-\d{8}-\d{3,6}")


def _first_whole_id(digits: str) -> str:
    """Cut what was read too far: an id of eleven digits or more ends at its first break."""
    head = re.match(r"[A-Za-z0-9]+", digits)
    if head and len(head.group(0)) >= 11:
        return head.group(0)
    return digits


def _lettered(text: str) -> list[Span]:
    found = []
    for match in _LETTERED.finditer(text):
        digits = _first_whole_id(match.group(2))
        end = match.start(2) + len(digits)
        canonical = _compact(text[match.start() : end])
        count = sum(char.isdigit() for char in canonical)
        if not MIN_LETTERED_DIGITS <= count <= MAX_DIGITS:
            continue
        kind = "refund_id" if canonical.startswith(REFUND_PREFIX) else "order_id"
        found.append(Span(kind, match.start(), end, canonical))
    return found


def _resources(text: str) -> list[Span]:
    return [
        Span("resource_id", match.start(), match.end(), match.group(0).lower())
        for match in _RESOURCE.finditer(text)
    ]


def find(text: str) -> list[Span]:
    """Ids in a normalised text; a phone number is none unless it is called an order."""
    found = _resources(text) + _lettered(text)
    for match in _NAMED.finditer(text):
        canonical = _compact(match.group(1))
        kind = "refund_id" if canonical.startswith(REFUND_PREFIX) else "order_id"
        found.append(Span(kind, match.start(1), match.end(1), canonical))
    for match in _BARE.finditer(text):
        if not _PHONE.fullmatch(match.group(0)):
            found.append(Span("order_id", match.start(), match.end(), match.group(0)))
    return found
