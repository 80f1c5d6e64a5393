"""Links from a chat: for one account and one order, for a day, and never a source of sums."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refund_core import Decision, evaluate
from refundbot.applications.links import (
    Expired,
    ForeignLink,
    Forged,
    OpenedLink,
    open_link,
    refund_link,
)
from refundbot.applications.said import Said
from refundbot.applications.signed import Signer
from refundbot.settings import get_settings
from tests.applications.world import NOW, SECRET, Orders


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REFUNDBOT_PUBLIC_URL", "https://console.example.com")
    monkeypatch.setenv("REFUNDBOT_LINK_SECRET", SECRET)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def said() -> Decision:
    return evaluate(Orders().all["BD1"].case, NOW)


def token_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["link"][0]


def opened(token: str, *, account: str = "A1001", order: str = "BD1", hours: int = 0) -> OpenedLink:
    at = NOW + timedelta(hours=hours)
    return open_link(token, account=account, order_id=order, at=at, secret=SECRET)


def test_a_link_leads_to_the_page_and_carries_what_was_said(said: Decision) -> None:
    address = refund_link("BD1", account="A1001", said=said)
    assert address.startswith("https://console.example.com/refund/BD1?link=")
    link = opened(token_of(address), hours=23)
    assert link.said == Said.of(said)
    assert link.said.amount == Decimal("186.67")


def test_a_link_without_an_account_is_the_plain_page(said: Decision) -> None:
    assert refund_link("BD1") == "https://console.example.com/refund/BD1"
    for half in ({"account": "A1001"}, {"said": said}):
        with pytest.raises(ValueError, match="both"):
            refund_link("BD1", **half)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="BD1"):
        refund_link("BD2", account="A1001", said=said)


def test_a_deployments_own_address_keeps_its_own_parameters(
    said: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUNDBOT_REFUND_URL", "https://c.example.com/r?order={order_id}&tab=#x")
    get_settings.cache_clear()
    parts = urlsplit(refund_link("BD1", account="A1001", said=said))
    query = parse_qs(parts.query, keep_blank_values=True)
    assert (query["order"], query["tab"], parts.fragment) == (["BD1"], [""], "x")
    assert opened(query["link"][0]).said.amount == said.amount


def test_it_opens_for_nobody_else_and_no_other_order(said: Decision) -> None:
    token = token_of(refund_link("BD1", account="A1001", said=said))
    with pytest.raises(ForeignLink):
        opened(token, account="A1002")
    with pytest.raises(ForeignLink):
        opened(token, order="BD2")
    with pytest.raises(ForeignLink):  # who is not meant is not told that it is old
        opened(token, account="A1002", hours=48)


def test_it_ends_after_a_day(said: Decision) -> None:
    token = token_of(refund_link("BD1", account="A1001", said=said))
    assert opened(token, hours=23)
    with pytest.raises(Expired):
        opened(token, hours=24)


@settings(deadline=None)
@given(st.data())
def test_no_changed_link_opens(data: st.DataObject) -> None:
    said = evaluate(Orders().all["BD1"].case, NOW)
    token = token_of(refund_link("BD1", account="A1001", said=said))
    index = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_."))
    changed = token[:index] + letter + token[index + 1 :]
    if changed == token:
        return
    # The last character of a signature may hold unused bits; everything else must be exact.
    if index == len(token) - 1:
        return
    with pytest.raises(Forged):
        opened(changed)


@pytest.mark.parametrize("token", ["", "x", "a.b", "链接", "." * 50])
def test_made_up_links_do_not_open(token: str) -> None:
    with pytest.raises(Forged):
        opened(token)


def test_what_we_signed_for_something_else_does_not_open(said: Decision) -> None:
    payload = {"a": "A1001", "o": "BD1", **Said.of(said).to_json()}
    until = NOW + timedelta(days=1)
    for purpose in ("refund-confirm", "button"):
        with pytest.raises(Forged):
            opened(Signer(SECRET, purpose).sign(payload, until))
    with pytest.raises(Forged):
        opened(Signer("other" * 10, "refund-link").sign(payload, until))
    with pytest.raises(Forged):
        opened(Signer(SECRET, "refund-link").sign({"a": "A1001", "o": "BD1"}, until))


def test_what_was_said_survives_the_way(said: Decision) -> None:
    assert Said.from_json(Said.of(said).to_json()) == Said.of(said)
    review = evaluate(Orders().all["BD2"].case, NOW)
    assert Said.from_json(Said.of(review).to_json()) == Said.of(review)
