"""Without the demo: the vendor's own console signs customers in to the application pages."""

import dataclasses
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from refundbot.gateway.app import create_app
from refundbot.identity import mint_console_token, mint_visitor_token, verify_caller
from refundbot.settings import Settings
from tests.gateway.fake_orders import FakeOrders
from tests.gateway.fakes import CONSOLE_SECRET, INTERNAL_SECRET, FakeRasa

NOW = "2026-11-23T10:00:00+08:00"
VENDOR_SIGN_IN = "https://console.example.com/sign-in"


@pytest.fixture
def live(settings: Settings) -> Settings:
    return dataclasses.replace(settings, demo=False, login_url=VENDOR_SIGN_IN)


@pytest.fixture
def orders() -> FakeOrders:
    return FakeOrders()


@pytest.fixture
def browser(
    live: Settings, rasa: FakeRasa, orders: FakeOrders, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    monkeypatch.setenv("REFUNDBOT_NOW", NOW)
    app = create_app(live, transport=rasa, orders=orders)
    with TestClient(app, headers={"accept": "text/html"}, follow_redirects=False) as made:
        yield made


def token_for(account: str, **changes: Any) -> str:
    return mint_console_token(account, "baidu", changes.pop("secret", CONSOLE_SECRET), **changes)


def enter(browser: TestClient, token: str, **more: Any) -> httpx.Response:
    form = {"token": token, "next": more.pop("next", "/refund/BD1")}
    return browser.post("/session", data=form, **more)


def test_the_demo_has_no_door_here(browser: TestClient) -> None:
    for path in ("/demo/token", "/demo/login"):
        assert browser.post(path, json={"account": "A1001"}).status_code == 404


def test_a_link_from_a_chat_leads_through_the_vendors_sign_in_and_back(
    browser: TestClient,
) -> None:
    first = browser.get("/refund/BD1?link=x.y")
    assert first.headers["location"] == "/login?next=%2Frefund%2FBD1%3Flink%3Dx.y"
    away = browser.get(first.headers["location"])
    assert away.headers["location"] == f"{VENDOR_SIGN_IN}?next=%2Frefund%2FBD1%3Flink%3Dx.y"
    back = enter(browser, token_for("A1001"), headers={"origin": "https://console.example.com"})
    assert (back.status_code, back.headers["location"]) == (303, "/refund/BD1")
    page = browser.get("/refund/BD1")
    assert page.status_code == 200
    assert "186.67" in page.text
    assert "演示" not in page.text


def test_a_customer_without_an_order_service_entry_still_gets_their_page(
    browser: TestClient,
) -> None:
    enter(browser, token_for("new-customer"))
    page = browser.get("/")
    assert page.status_code == 200
    assert "这个账号还没有订单" in page.text


def test_somebody_elses_order_stays_closed(browser: TestClient) -> None:
    enter(browser, token_for("A1002"))
    answer = browser.get("/refund/BD1")
    assert answer.status_code == 404
    assert "186.67" not in answer.text


def test_another_vendors_account_of_the_same_number_is_nobody(browser: TestClient) -> None:
    enter(browser, mint_console_token("A1001", "aliyun", CONSOLE_SECRET))
    assert browser.get("/refund/BD1").status_code == 303


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        token_for("A1001", secret="x" * 40),
        token_for("A1001", at=time.time() - 3600),
        mint_visitor_token("v1", "baidu", INTERNAL_SECRET),
    ],
    ids=["none", "garbage", "forged", "stale", "a visitor's"],
)
def test_whoever_the_console_does_not_vouch_for_stays_outside(
    browser: TestClient, token: str
) -> None:
    answer = enter(browser, token)
    assert answer.status_code == 401
    assert "登录凭证无效" in answer.text
    assert browser.get("/refund/BD1").status_code == 303


def test_only_the_console_and_this_site_may_sign_somebody_in(browser: TestClient) -> None:
    answer = enter(browser, token_for("A1001"), headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert browser.get("/refund/BD1").status_code == 303


def test_after_sign_in_one_stays_on_this_site(browser: TestClient) -> None:
    answer = enter(browser, token_for("A1001"), next="https://evil.example/x")
    assert answer.headers["location"] == "/"


def test_the_pages_own_widget_gets_a_token_for_the_customer(browser: TestClient) -> None:
    assert browser.post("/session/token").status_code == 401
    enter(browser, token_for("A1001"))
    granted = browser.post("/session/token").json()
    caller = verify_caller(
        granted["token"], console_secret=CONSOLE_SECRET, internal_secret=INTERNAL_SECRET
    )
    assert caller.account == "A1001"
    browser.post("/session/end")
    assert browser.post("/session/token").status_code == 401


def test_a_deployment_that_names_no_sign_in_says_so_instead_of_going_in_circles(
    live: Settings, rasa: FakeRasa, orders: FakeOrders
) -> None:
    nowhere = dataclasses.replace(live, login_url=f"{live.public_url}/login")
    app = create_app(nowhere, transport=rasa, orders=orders)
    with TestClient(app, headers={"accept": "text/html"}) as browser:
        answer = browser.get("/refund/BD1")
    assert answer.status_code == 401
    assert "请先登录云控制台" in answer.text


def test_the_desk_opens_only_where_agents_have_a_code(
    live: Settings, rasa: FakeRasa, orders: FakeOrders, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TestClient(create_app(live, transport=rasa, orders=orders)) as client:
        assert client.get("/desk").status_code == 404
    monkeypatch.setenv("REFUNDBOT_DESK_CODE", "open-sesame-1")
    monkeypatch.setenv("REFUNDBOT_DESK_NAMES", "王芳，李雷")
    with TestClient(create_app(live, transport=rasa, orders=orders)) as client:
        page = client.get("/desk").text
        assert "王芳" in page
        assert "陈晨" not in page
        wrong = client.post("/desk/login", data={"agent": "王芳", "code": "guess"})
        assert wrong.status_code == 403
        right = {"agent": "李雷", "code": "open-sesame-1"}
        assert client.post("/desk/login", data=right, follow_redirects=False).status_code == 303
        assert client.get("/desk/list").status_code == 200
