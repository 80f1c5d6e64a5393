"""Takes out of a text whatever names a person, an account or an order, and keeps its shape.

Digits become 0 and the rest of an id stays, so that a masked sentence still trains the same
features: ``BD20261114001`` becomes ``BD00000000000``. What looks like an amount, a date or a
number of days is no id and stays.
"""

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
# Eleven digits of a mobile number, also with the blanks and dashes people put in; +86 as well.
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_MASKED_PHONE = "13000000000"
_DATE = r"(?:19|20)\d{2}(-?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])"
# A word with letters and at least three digits, or with dashes between: order, account, resource.
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9_-]*[A-Za-z])(?=(?:[A-Za-z_-]*\d){3})[A-Za-z0-9][A-Za-z0-9_-]*"
)
_RESOURCE = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,10})-([A-Za-z0-9-]{4,})")
# A long number is a card, an identity card or an order, unless it is a date or an amount.
_LONG = re.compile(
    rf"(?<![\d.-])(?!{_DATE}(?![\d-])|{_MASKED_PHONE}(?!\d))"
    r"\d(?:[ -]?\d){6,}[Xx]?(?![\d.]|\s*[元块￥¥])"
)
# Full-width letters, digits and @ as phones type them; other punctuation stays as it was written.
_NARROW = {
    wide: wide - 0xFEE0
    for wide in (*range(0xFF10, 0xFF1A), *range(0xFF20, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0D)
}
_ADDRESS = re.compile(r"https?://\S+")


def _zeros(match: "re.Match[str]") -> str:
    return re.sub(r"\d", "0", match.group(0))


def mask(text: str, account: str | None = None) -> str:
    """The text without anything that names somebody.

    Args:
        text: what a customer or the bot said.
        account: the account that said it; taken out wherever it stands, whatever it looks like.
    """
    masked = text.translate(_NARROW)
    if account:
        masked = re.sub(re.escape(account), "ACCOUNT", masked, flags=re.IGNORECASE)
    masked = _ADDRESS.sub("https://example.com", masked)
    masked = _EMAIL.sub("user@example.com", masked)
    masked = _PHONE.sub(_MASKED_PHONE, masked)
    masked = _RESOURCE.sub(lambda m: f"{m[1]}-" + re.sub(r"[A-Za-z0-9]", "0", m[2]), masked)
    masked = _CODE.sub(_zeros, masked)
    return _LONG.sub(_zeros, masked)
