"""Addresses that a reply may send a customer to. Every one is absolute, for any channel.

They are the reference console's unless the deployment names its own console's pages.
"""

from urllib.parse import quote

from refundbot.settings import get_settings


def refund_link(order_id: str) -> str:
    """The refund application page with the order filled in; it checks ownership itself."""
    return get_settings().refund_url.replace("{order_id}", quote(order_id, safe=""))


def orders_link() -> str:
    """The signed-in customer's own orders."""
    return get_settings().orders_url


def login_link() -> str:
    """Where a visitor signs in to the console."""
    return get_settings().login_url


def support_link() -> str:
    """Where a customer reaches a person."""
    return get_settings().support_url
