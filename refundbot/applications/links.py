"""Addresses that a reply may send a customer to. Every one is absolute, for any channel."""

from urllib.parse import quote

from refundbot.settings import get_settings


def _page(path: str) -> str:
    return get_settings().public_url + path


def refund_link(order_id: str) -> str:
    """The refund application page with the order filled in; it checks ownership itself."""
    return _page(f"/refund/{quote(order_id, safe='')}")


def orders_link() -> str:
    """The signed-in customer's own orders."""
    return _page("/#orders")


def login_link() -> str:
    """Where a visitor signs in to the console."""
    return _page("/login")


def support_link() -> str:
    """Where a customer reaches a person."""
    return _page("/support")
