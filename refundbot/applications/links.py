"""Addresses that a reply may send a customer to. Every one is absolute, for any channel.

They are the reference console's unless the deployment names its own console's pages.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from refund_core import Decision
from refundbot.applications.said import Said
from refundbot.applications.signed import Expired, Forged, Signer
from refundbot.settings import get_settings

LINK_LIFE = timedelta(hours=24)
PARAMETER = "link"
_PURPOSE = "refund-link"


def refund_link(order_id: str, *, account: str | None = None, said: Decision | None = None) -> str:
    """The refund application page with the order filled in.

    With ``account`` and ``said`` the address is signed: it is for that account alone, ends 24
    hours after the decision, and lets the page say why its sum differs from the one in chat. The
    sum in it is a reference only; the page computes anew. The page checks sign-in and ownership
    either way.

    Raises:
        ValueError: one of ``account`` and ``said`` without the other, or another order's decision.
    """
    address = get_settings().refund_url.replace("{order_id}", quote(order_id, safe=""))
    if account is None and said is None:
        return address
    if account is None or said is None:
        raise ValueError("a signed link needs both the account and what was said")
    if said.order_id != order_id:
        raise ValueError(f"the decision is about {said.order_id}, the link about {order_id}")
    payload = {"a": account, "o": order_id, **Said.of(said).to_json()}
    token = Signer(get_settings().link_secret, _PURPOSE).sign(payload, said.as_of + LINK_LIFE)
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), (PARAMETER, token)])
    return urlunsplit(parts._replace(query=query))


class ForeignLink(Exception):  # noqa: N818 -- says what happened
    """The link was made for another account or another order."""


@dataclass(frozen=True)
class OpenedLink:
    """A good link: what the customer was told when it was made."""

    said: Said


def open_link(token: str, *, account: str, order_id: str, at: datetime, secret: str) -> OpenedLink:
    """Check a link's token on the page it leads to.

    Args:
        token: the address's ``link`` parameter.
        account: who is signed in.
        order_id: the order of the page.
        at: now.
        secret: settings.link_secret.

    Raises:
        Forged: not signed by us, or not a link.
        ForeignLink: for another account or order, expired or not.
        Expired: too old.
    """
    expired: Expired | None = None
    try:
        payload = Signer(secret, _PURPOSE).read(token, at)
    except Expired as error:
        payload, expired = error.payload, error
    if (payload.get("a"), payload.get("o")) != (account, order_id):
        raise ForeignLink
    if expired is not None:
        raise expired
    return OpenedLink(Said.from_json(payload))


def application_link(order_id: str) -> str:
    """Where the customer sees the application for an order: the same page, unsigned."""
    return refund_link(order_id)


def orders_link() -> str:
    """The signed-in customer's own orders."""
    return get_settings().orders_url


def login_link() -> str:
    """Where a visitor signs in to the console."""
    return get_settings().login_url


def support_link() -> str:
    """Where a customer reaches a person."""
    return get_settings().support_url


__all__ = [
    "LINK_LIFE",
    "PARAMETER",
    "Expired",
    "ForeignLink",
    "Forged",
    "OpenedLink",
    "application_link",
    "login_link",
    "open_link",
    "orders_link",
    "refund_link",
    "support_link",
]
