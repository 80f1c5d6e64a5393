"""The demo console: who sees which orders, and what the application page says about one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from refund_core import RefundCase
from refundbot.applications import links
from refundbot.gateway.app import create_app
from refundbot.identity import verify_caller
from refundbot.settings import Settings, get_settings
from tests.gateway.fake_orders import FakeOrders
from tests.gateway.fakes import CONSOLE_SECRET, INTERNAL_SECRET, FakeRasa, headers, message

NOW = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def orders() -> FakeOrders:
    return FakeOrders()


@pytest.fixture
def browser(
    settings: Settings, rasa: FakeRasa, orders: FakeOrders, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    monkeypatch.setenv("REFUNDBOT_NOW", NOW)
    app = create_app(settings, transport=rasa, orders=orders)
    with TestClient(app, headers={"accept": "text/html"}) as made:
        yield made


def sign_in(browser: TestClient, account: str = "A1001", **form: str) -> Any:
    return browser.post("/demo/login", data={"account": account, **form}, follow_redirects=False)


def test_a_visitor_is_offered_the_demo_accounts_and_no_other(browser: TestClient) -> None:
    page = browser.get("/").text
    assert "林晓雨" in page
    assert "R9" not in page
    assert "BD1" not in page
    assert "&lt;b&gt;陈" in page
    assert "<b>陈" not in page
    assert '<refundbot-widget api="/api/chat" login-url' in page


def test_a_signed_in_customer_sees_their_own_orders_and_what_can_be_returned(
    browser: TestClient,
) -> None:
    assert sign_in(browser).headers["location"] == "/"
    page = browser.get("/").text
    assert "BD1" in page
    assert "BD2" not in page
    assert "可退 ¥186.67" in page
    assert "不可退" in page
    assert "&lt;img src=x&gt;" in page
    assert '<refundbot-widget api="/api/chat" token-url="/session/token"' in page


def test_signing_out_ends_it(browser: TestClient) -> None:
    sign_in(browser)
    browser.post("/session/end")
    assert "BD1" not in browser.get("/").text


@pytest.mark.parametrize("account", ["A9", "R9", "", "A1001' OR 1=1", "<script>"])
def test_only_demo_accounts_can_be_entered(browser: TestClient, account: str) -> None:
    answer = sign_in(browser, account)
    assert answer.status_code == 404
    assert "没有演示账号" in answer.text
    assert "<script>" not in answer.text
    assert browser.post("/demo/token", json={"account": account}).status_code == 404
    assert browser.post("/session/token").status_code == 401


def test_a_forged_or_stale_session_is_nobody(browser: TestClient, orders: FakeOrders) -> None:
    sign_in(browser)
    orders.accounts = orders.accounts[1:]
    assert "BD1" not in browser.get("/").text
    browser.cookies.set("refundbot_console", "eyJhY2NvdW50IjogIkExMDAyIn0=.x.y")
    assert "BD2" not in browser.get("/").text


def test_the_session_cookie_is_for_this_site_and_no_script(browser: TestClient) -> None:
    cookie = sign_in(browser).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize("path", ["/demo/login", "/demo/token", "/session/end", "/session/token"])
def test_another_sites_form_is_refused(browser: TestClient, path: str) -> None:
    sign_in(browser)
    answer = browser.post(
        path, data={"account": "A1002"}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "BD1" in browser.get("/").text
    own = browser.post("/session/token", headers={"origin": "http://testserver"})
    assert own.status_code == 200


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/refund/BD1", "/refund/BD1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_after_sign_in_one_stays_on_this_site(browser: TestClient, target: str, goes: str) -> None:
    assert sign_in(browser, next=target).headers["location"] == goes


def test_the_widgets_token_is_for_the_signed_in_account_only(browser: TestClient) -> None:
    sign_in(browser)
    granted = browser.post("/session/token").json()
    caller = verify_caller(
        granted["token"], console_secret=CONSOLE_SECRET, internal_secret=INTERNAL_SECRET
    )
    assert (caller.account, granted["account"]) == ("A1001", "A1001")
    assert granted["expires_in"] <= 600


def test_the_token_of_the_command_line_opens_the_chat(browser: TestClient, rasa: FakeRasa) -> None:
    token = browser.post("/demo/token", json={"account": "A1002"}).json()["token"]
    answer = browser.post(
        "/api/chat/messages",
        json=message(text="能退吗"),
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200
    assert rasa.turns[0][0].account == "A1002"


@pytest.mark.parametrize("body", [[], {}, "x", {"account": 5}, {"account": "A1001", "x": 1}])
def test_a_token_request_that_makes_no_sense_is_refused(browser: TestClient, body: Any) -> None:
    answer = browser.post("/demo/token", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_the_application_page_shows_the_decision_and_every_step(browser: TestClient) -> None:
    sign_in(browser)
    answer = browser.get("/refund/BD1")
    assert answer.status_code == 200
    for part in (
        "可以退，预计退 ¥186.67",
        "BD1",
        "云服务器 BCC",
        "¥280.00",
        "− ¥93.33",
        "每一步怎么算的",
        "退订综述",
        "控制台 › 财务管理 › 退订管理",
        "不会替您提交任何退订",
    ):
        assert part in answer.text, part


def test_the_application_page_says_why_not(browser: TestClient) -> None:
    sign_in(browser)
    page = browser.get("/refund/BD3").text
    assert "这个订单不能退" in page
    assert "到期" in page
    assert "不能退的原因" in page
    assert "预计退款" not in page
    assert "自助退订在云厂商" not in page


def test_when_the_rule_core_fails_the_page_says_so_and_others_still_show(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from refundbot.console import decisions

    evaluate = decisions.evaluate

    def fail(case: RefundCase, at: datetime) -> Any:
        if case.order.id == "BD1":
            raise RuntimeError("secret detail")
        return evaluate(case, at)

    monkeypatch.setattr(decisions, "evaluate", fail)
    sign_in(browser)
    page = browser.get("/refund/BD1")
    assert page.status_code == 200
    assert "暂时算不出结果，请转人工确认" in page.text
    assert "secret" not in page.text
    assert "不可退" in browser.get("/").text


@pytest.mark.parametrize("order", ["BD2", "NOPE", "<script>", "x" * 500])
def test_another_accounts_order_is_as_unknown_as_no_order(browser: TestClient, order: str) -> None:
    sign_in(browser)
    answer = browser.get(f"/refund/{order}")
    assert answer.status_code == 404
    assert "在您名下没有找到订单" in answer.text
    assert "<script>alert" not in answer.text
    assert "280" not in answer.text


def test_the_application_page_asks_to_sign_in_first_and_comes_back(browser: TestClient) -> None:
    answer = browser.get("/refund/BD1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Frefund%2FBD1")
    assert 'name="next" value="/refund/BD1"' in browser.get(answer.headers["location"]).text


def test_when_the_orders_cannot_be_read_the_customer_is_told(
    browser: TestClient, orders: FakeOrders
) -> None:
    sign_in(browser)
    orders.broken = True
    for path in ("/", "/refund/BD1"):
        answer = browser.get(path)
        assert answer.status_code == 503
        assert "订单系统暂时查不到" in answer.text
        assert "secret" not in answer.text


def test_pages_hold_no_inline_script_or_style_that_the_policy_would_block(
    browser: TestClient,
) -> None:
    sign_in(browser)
    for path in ("/", "/refund/BD1", "/login", "/support", "/refund/NOPE", "/nope"):
        page = browser.get(path).text
        assert "style=" not in page
        assert "<style" not in page
        assert "onclick" not in page
        assert page.count("<script") == page.count('<script type="module" src="/')


def test_a_browser_gets_a_page_and_a_program_gets_json_for_the_same_error(
    browser: TestClient,
) -> None:
    assert browser.get("/nope").headers["content-type"].startswith("text/html")
    program = browser.get("/nope", headers={"accept": "*/*"})
    assert program.json()["code"] == "not_found"
    bad = browser.post("/api/chat/messages", json=message(text=""), headers=headers("A/1"))
    assert bad.json()["code"] == "unauthorized"


def test_every_link_of_a_reply_opens_a_page_of_the_console(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUNDBOT_PUBLIC_URL", "http://testserver")
    get_settings.cache_clear()
    try:
        sign_in(browser)
        assert links.refund_link("BD1") == "http://testserver/refund/BD1"
        assert links.refund_link("a/../b?c") == "http://testserver/refund/a%2F..%2Fb%3Fc"
        addresses = (
            links.refund_link("BD1"),
            links.orders_link(),
            links.login_link(),
            links.support_link(),
        )
        assert [browser.get(address).status_code for address in addresses] == [200] * 4
    finally:
        get_settings.cache_clear()
