"""The agents' desk: who gets in, what they see, and that only their own page can act."""

import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from refundbot.console import desk as desk_console
from refundbot.db import make_engine, session_factory
from refundbot.desk.interface import Line, Opening
from refundbot.desk.tickets import Tickets
from refundbot.gateway.app import create_app
from refundbot.settings import Settings
from tests.desk.conftest import AT, later
from tests.gateway.fake_orders import FakeOrders
from tests.gateway.fakes import FakeRasa, make_settings

PAGE = {"Accept": "text/html"}
EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFUNDBOT_NOW", later(12).isoformat())


@pytest.fixture
def client(settings: Settings, rasa: FakeRasa) -> Iterator[TestClient]:
    with TestClient(create_app(settings, transport=rasa, orders=FakeOrders())) as made:
        yield made


def open_for(tickets: Tickets, account: str | None, said: str = "转人工") -> int:
    return tickets.open(
        Opening(
            conversation=f"console:baidu:{account}:c1",
            account=account,
            vendor="baidu",
            channel="console",
            message_id="m1",
            transcript=(Line(0, "in-m1", "customer", "客户", said, "m1", AT),),
            orders=({"id": "BD1", "product": EVIL},),
            decisions=({"order_id": "BD7", "outcome": "nonsense"},),
            at=AT,
        )
    ).number


def sign_in(client: TestClient, agent: str = "陈晨", code: str = "") -> httpx.Response:
    return client.post(
        "/desk/login", data={"agent": agent, "code": code}, follow_redirects=False, headers=PAGE
    )


def csrf(client: TestClient) -> dict[str, str]:
    found = re.search(r'data-csrf="([0-9a-f]{64})"', client.get("/desk").text)
    assert found is not None
    return {"X-CSRF-Token": found.group(1)}


def test_nobody_sees_or_does_anything_without_signing_in(
    client: TestClient, tickets: Tickets
) -> None:
    number = open_for(tickets, "A1001", "保密的话")
    assert "保密的话" not in client.get("/desk").text
    page = client.get(f"/desk/tickets/{number}", follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, "/desk")
    for path in ("/desk/list", f"/desk/stream?ticket={number}", f"/desk/tickets/{number}/head"):
        assert client.get(path).status_code == 401
    for step in ("take", "reply", "hand-back", "close"):
        assert client.post(f"/desk/tickets/{number}/{step}", json={}).status_code == 401
    ticket = tickets.get(number)
    assert ticket is not None
    assert ticket.status == "waiting"


def test_a_customers_sign_in_does_not_open_the_desk(client: TestClient) -> None:
    client.post("/demo/login", data={"account": "A1001"})
    assert client.get("/desk/list").status_code == 401
    client.cookies.set("refundbot_desk", client.cookies["refundbot_console"], path="/desk")
    assert client.get("/desk/list").status_code == 401


def test_an_agent_reads_takes_replies_and_closes(client: TestClient, tickets: Tickets) -> None:
    number = open_for(tickets, "A1001", f"在吗{EVIL}")
    assert sign_in(client).status_code == 303
    listed = client.get("/desk").text
    assert "已等 12 分钟" in listed
    page = client.get(f"/desk/tickets/{number}").text
    assert "在吗&lt;img" in page
    assert EVIL not in page
    token = csrf(client)
    base = f"/desk/tickets/{number}"
    reply = {"key": "0123456789abcdef", "text": "您好"}
    early = client.post(f"{base}/reply", json=reply, headers=token)
    assert (early.status_code, early.json()["code"]) == (409, "not_taken")
    assert client.post(f"{base}/take", json={}, headers=token).json()["status"] == "open"
    ids = {client.post(f"{base}/reply", json=reply, headers=token).json()["id"] for _ in "12"}
    assert len(ids) == 1
    assert "陈晨 处理中" in client.get(f"{base}/head").text
    assert client.post(f"{base}/close", json={}, headers=token).json()["status"] == "closed"
    assert client.post(f"{base}/close", json={}, headers=token).status_code == 409
    assert "已处理" in client.get("/desk/list").text


def test_another_site_cannot_act_in_the_agents_name(client: TestClient, tickets: Tickets) -> None:
    number = open_for(tickets, "A1001")
    sign_in(client)
    token = csrf(client)
    take = f"/desk/tickets/{number}/take"
    for headers in ({}, {"X-CSRF-Token": "0" * 64}, {**token, "Origin": "https://evil.example"}):
        assert client.post(take, json={}, headers=headers).status_code == 403
    mine = token["X-CSRF-Token"]
    client.post("/desk/logout")
    sign_in(client, "周宁")  # an old page of another session
    assert client.post(take, json={}, headers={"X-CSRF-Token": mine}).status_code == 403
    ticket = tickets.get(number)
    assert ticket is not None
    assert ticket.status == "waiting"


def test_signing_out_ends_it(client: TestClient) -> None:
    sign_in(client)
    assert client.get("/desk/list").status_code == 200
    client.post("/desk/logout")
    assert client.get("/desk/list").status_code == 401


def test_without_a_code_the_desk_shows_demo_accounts_and_visitors_only(
    client: TestClient, tickets: Tickets
) -> None:
    real, demo, visitor = (open_for(tickets, name) for name in ("R9", "A1001", None))
    sign_in(client)
    listed = client.get("/desk").text
    assert f"/desk/tickets/{demo}" in listed
    assert f"/desk/tickets/{visitor}" in listed
    assert f"/desk/tickets/{real}" not in listed
    assert client.get(f"/desk/tickets/{real}").status_code == 404
    assert client.get(f"/desk/stream?ticket={real}").status_code == 404
    take = client.post(f"/desk/tickets/{real}/take", json={}, headers=csrf(client))
    assert take.status_code == 404


def test_with_a_code_only_who_knows_it_gets_in_and_sees_everybody(
    tmp_path: object, rasa: FakeRasa, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUNDBOT_DESK_CODE", "kraken-77")
    tickets = Tickets(session_factory(make_engine(settings.database_url)))
    number = open_for(tickets, "R9")
    with TestClient(create_app(settings, transport=rasa, orders=FakeOrders())) as client:
        assert "kraken" not in client.get("/desk").text
        assert sign_in(client, code="kraken-7").status_code == 403
        assert client.get("/desk/list").status_code == 401
        assert sign_in(client, code="kraken-77").status_code == 303
        assert client.get(f"/desk/tickets/{number}").status_code == 200
        tries = [sign_in(client, code=str(n)).status_code for n in range(12)]
    assert tries[-1] == 429


@pytest.mark.parametrize("agent", ["", "admin", "陈晨 "])
def test_only_the_demos_agents_sign_in(client: TestClient, agent: str) -> None:
    assert sign_in(client, agent).status_code == 403


@pytest.mark.parametrize(
    "body", [{}, [], "x", {"key": "short", "text": "好"}, {"key": "0123456789", "text": 5}]
)
def test_a_reply_in_the_wrong_shape_is_refused(
    client: TestClient, tickets: Tickets, body: object
) -> None:
    number = open_for(tickets, "A1001")
    sign_in(client)
    answer = client.post(f"/desk/tickets/{number}/reply", json=body, headers=csrf(client))
    assert answer.status_code == 422


def test_unknown_tickets_and_steps_are_not_found(client: TestClient, tickets: Tickets) -> None:
    number = open_for(tickets, "A1001")
    sign_in(client)
    token = csrf(client)
    assert client.get("/desk/tickets/999").status_code == 404
    assert client.post("/desk/tickets/999/take", json={}, headers=token).status_code == 404
    steal = client.post(f"/desk/tickets/{number}/steal", json={}, headers=token)
    assert steal.status_code == 404


def test_the_page_is_kept_up_to_date_by_a_stream(
    client: TestClient, tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_console, "STREAM_LIFE", 0.2)
    number = open_for(tickets, "A1001", f"在吗{EVIL}")
    sign_in(client)
    text = client.get(f"/desk/stream?ticket={number}&after=0").text
    assert "event: line" in text
    assert "event: queue" in text
    assert "在吗&lt;img" in text
    assert EVIL not in text


def test_there_is_no_desk_outside_the_demo(settings: Settings, rasa: FakeRasa) -> None:
    quiet = make_settings(settings.var_dir, demo=False)
    with TestClient(create_app(quiet, transport=rasa)) as client:
        assert client.get("/desk").status_code == 404
        assert client.post("/desk/login", data={"agent": "陈晨"}).status_code == 404
