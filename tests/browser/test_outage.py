"""A customer whose question meets an outage sees the promise, and then the answer by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from refundbot.db import make_engine
from tests.browser.conftest import NEEDS
from tests.stack import Stack

pytestmark = NEEDS
PATIENCE = 40_000  # ms; a try may have to wait half a minute
QUESTION = "我14号买的云服务器还能退吗"


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    context = browser.new_context(
        locale="zh-CN", base_url=stack.url, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/login")
    page.get_by_role("button").filter(has_text="A1001").click()
    page.wait_for_url("**/")
    page.get_by_role("button", name="退款助手").click()
    page.get_by_role("button", name="新对话").click()
    yield page
    context.close()
    assert problems == []


@contextmanager
def orders_away(stack: Stack) -> Iterator[None]:
    """The orders cannot be read meanwhile; everything else of the database can."""
    engine = make_engine(f"sqlite:///{stack.env['REFUNDBOT_VAR']}/refundbot.db")

    def rename(name: str, to: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {name} RENAME TO {to}"))

    rename("orders", "orders_away")
    try:
        yield
    finally:
        rename("orders_away", "orders")
        engine.dispose()


def ask(page: Page, said: str) -> None:
    box = page.get_by_role("textbox", name="您的问题")
    box.fill(said)
    box.press("Enter")


def test_the_late_answer_appears_without_a_reload_and_stays_after_one(
    page: Page, stack: Stack, tmp_path: Path
) -> None:
    log = page.get_by_role("log")
    with orders_away(stack):
        ask(page, QUESTION)
        expect(log).to_contain_text("订单系统暂时查不到，您的问题我已经记下")
        expect(log.get_by_role("link", name="自己去退订页面看")).to_be_visible()
        page.screenshot(path=str(tmp_path / "promise.png"))
        expect(log).not_to_contain_text("¥186.67")
    expect(log).to_contain_text(f"订单系统恢复了。您 10:00 问的「{QUESTION}」：")
    expect(log.locator(".late .headline")).to_contain_text("¥186.67")
    expect(log.get_by_role("button", name="有帮助")).to_have_count(1)
    page.screenshot(path=str(tmp_path / "late.png"))
    log.get_by_role("button", name="看每一步怎么算的").click()
    expect(log).to_contain_text("实付")
    page.reload()
    expect(log.locator(".late")).to_have_count(1)
    expect(log.locator(".bubble", has_text="订单系统恢复了")).to_have_count(1)


def test_a_customer_who_went_on_finds_the_late_answer_where_the_talk_is(
    page: Page, stack: Stack
) -> None:
    log = page.get_by_role("log")
    with orders_away(stack):
        ask(page, QUESTION)
        expect(log).to_contain_text("您的问题我已经记下")
        ask(page, "你好")
        expect(log).to_contain_text("我是退款助手，可以查订单")
    turns = log.locator(".turn")
    expect(turns.last.locator(".late")).to_contain_text("¥186.67")
    page.reload()
    expect(turns.last.locator(".late")).to_contain_text("¥186.67")


def test_a_customer_who_comes_back_later_is_still_answered_live(page: Page, stack: Stack) -> None:
    log = page.get_by_role("log")
    with orders_away(stack):
        ask(page, QUESTION)
        expect(log).to_contain_text("您的问题我已经记下")
        page.goto("/support")  # any page of the console; the orders' own is down
        expect(log).to_contain_text("您的问题我已经记下")
        page.get_by_role("button", name="收起").click()
    launcher = page.locator("refundbot-widget .launcher")
    expect(launcher).to_have_class("launcher news")
    launcher.click()
    expect(log.locator(".late")).to_contain_text("¥186.67")
    expect(launcher).not_to_have_class("launcher news")
