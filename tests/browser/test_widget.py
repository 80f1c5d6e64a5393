"""The help widget in a real browser: the same sum as everywhere else, and nothing of others'."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import refund_core
from refund_core.wording import money
from refundbot.clock import parse_instant
from refundbot.db import make_engine, session_factory
from refundbot.orders.sql import SqlOrderSource
from tests.browser.conftest import NEEDS
from tests.stack import NOW, Stack

pytestmark = NEEDS
BCC = "BD20261114001"
# A first turn may wait for Rasa on a busy machine.
PATIENCE = 20_000


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", base_url=stack.url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == []


def sign_in(page: Page, account: str) -> None:
    page.goto("/login")
    page.get_by_role("button").filter(has_text=account).click()
    page.wait_for_url("**/")


def ask(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="您的问题")
    box.fill(text)
    box.press("Enter")


def test_a_customer_signs_in_asks_and_reads_the_rule_cores_sum(page: Page, stack: Stack) -> None:
    sign_in(page, "A1001")
    expect(page.get_by_role("main")).to_contain_text(BCC)
    page.get_by_role("button", name="退款助手").click()
    ask(page, "我14号买的云服务器还能退吗")

    factory = session_factory(make_engine(f"sqlite:///{stack.env['REFUNDBOT_VAR']}/refundbot.db"))
    order = SqlOrderSource(factory).get_order("A1001", BCC)
    assert order is not None
    decided = refund_core.evaluate(order.case, parse_instant(NOW))
    assert decided.amount is not None

    log = page.get_by_role("log")
    expect(log).to_contain_text(f"可以退，预计退 {money(decided.amount)}", timeout=PATIENCE)
    expect(log).to_contain_text("退款金额＝订单金额－已消费金额")
    log.get_by_role("link", name="去退订").click()
    page.wait_for_url(f"**/refund/{BCC}*")
    expect(page.get_by_role("main")).to_contain_text(money(decided.amount))


def test_a_button_of_a_reply_goes_on_with_the_same_order(page: Page) -> None:
    sign_in(page, "A1001")
    page.get_by_role("button", name="退款助手").click()
    ask(page, "能退多少钱")
    log = page.get_by_role("log")
    log.get_by_role("button", name="2", exact=True).click()
    expect(log).to_contain_text("可以全额退 ¥99.00", timeout=PATIENCE)


def test_the_conversation_is_still_there_after_a_reload(page: Page) -> None:
    sign_in(page, "A1002")
    page.get_by_role("button", name="退款助手").click()
    ask(page, "能退多少钱")
    expect(page.get_by_role("log")).to_contain_text("订单 BD20261103201", timeout=PATIENCE)
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("订单 BD20261103201", timeout=PATIENCE)


def test_what_a_customer_types_is_shown_as_text(page: Page) -> None:
    sign_in(page, "A1001")
    page.get_by_role("button", name="退款助手").click()
    ask(page, '<img src=x onerror="document.title=1">能退多少')
    log = page.get_by_role("log")
    expect(log).to_contain_text("<img src=x", timeout=PATIENCE)
    expect(log.locator("img")).to_have_count(0)
    assert page.title() != "1"


def test_a_visitor_gets_rules_and_no_order(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="退款助手").click()
    ask(page, f"{BCC} 能退吗")
    log = page.get_by_role("log")
    expect(log).to_contain_text("查订单需要先登录控制台", timeout=PATIENCE)
    expect(log).not_to_contain_text("186.67")


def test_another_accounts_refund_page_is_not_found(page: Page) -> None:
    sign_in(page, "A1002")
    answer = page.goto(f"/refund/{BCC}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("main")).to_contain_text(f"在您名下没有找到订单 {BCC}")
    expect(page.get_by_role("main")).not_to_contain_text("186.67")


def test_later_days_come_with_a_picture_that_a_screen_reader_can_tell(page: Page) -> None:
    sign_in(page, "A1001")
    page.get_by_role("button", name="退款助手").click()
    ask(page, "我14号买的云服务器晚几天退会怎样")
    picture = page.get_by_role("log").get_by_role("img", name="退款金额走势")
    expect(picture).to_be_visible(timeout=PATIENCE)
    expect(picture).to_have_attribute(
        "aria-label", "退款金额走势：11-23 可退 ¥186.67，01-02 不可退"
    )
