"""A customer and an agent, each in a browser of their own, while the bot is silent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NEEDS
from tests.stack import Stack

pytestmark = NEEDS
PATIENCE = 20_000


def someone(browser: Browser, stack: Stack, problems: list[str]) -> Page:
    context = browser.new_context(
        locale="zh-CN", base_url=stack.url, viewport={"width": 1280, "height": 800}
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    return page


@pytest.fixture
def pages(browser: Browser, stack: Stack) -> Iterator[tuple[Page, Page]]:
    """The customer's page and the agent's."""
    expect.set_options(timeout=PATIENCE)
    problems: list[str] = []
    customer, agent = (someone(browser, stack, problems) for _ in range(2))
    yield customer, agent
    for page in (customer, agent):
        page.context.close()
    assert problems == []


def start_chat(customer: Page, account: str) -> None:
    customer.goto("/login")
    customer.get_by_role("button").filter(has_text=account).click()
    customer.wait_for_url("**/")
    customer.get_by_role("button", name="退款助手").click()
    customer.get_by_role("button", name="新对话").click()


def ask(customer: Page, text: str) -> None:
    box = customer.get_by_role("textbox", name="您的问题")
    box.fill(text)
    box.press("Enter")


def sign_in(agent: Page, name: str = "陈晨") -> None:
    agent.goto("/desk")
    agent.get_by_role("button", name=name).click()
    agent.wait_for_url("**/desk")


def test_a_customer_and_an_agent_talk_and_the_bot_comes_back(pages: tuple[Page, Page]) -> None:
    customer, agent = pages
    start_chat(customer, "A1001")
    log = customer.get_by_role("log")
    ask(customer, "我14号买的云服务器还能退吗")
    expect(log).to_contain_text("可以退，预计退")
    ask(customer, "转人工")
    expect(log).to_contain_text("预计等待约")
    leave = customer.locator(".desk").get_by_role("button", name="退出排队")
    expect(leave).to_be_visible()

    sign_in(agent)
    agent.get_by_role("link").filter(has_text="A1001").first.click()
    talk, facts = agent.get_by_role("log"), agent.get_by_role("complementary")
    expect(talk).to_contain_text("我14号买的云服务器还能退吗")
    expect(facts).to_contain_text("BD20261114001")
    expect(facts).to_contain_text("可以退，预计退")
    expect(agent.get_by_role("button", name="发送")).to_be_disabled()
    agent.get_by_role("button", name="接入").click()
    expect(log).to_contain_text("客服 陈晨 已接入")
    expect(customer.locator(".desk")).to_contain_text("客服 陈晨 为您服务")

    words = agent.get_by_role("textbox", name="回复客户")
    words.fill("您好，我来帮您核对")
    words.press("Enter")
    expect(log).to_contain_text("您好，我来帮您核对")
    ask(customer, "能退多少钱")
    expect(talk).to_contain_text("能退多少钱")
    expect(customer.locator(".typing")).to_have_count(0)
    expect(log.locator(".bubble", has_text="¥186.67")).to_have_count(1)

    customer.reload()
    expect(log).to_contain_text("您好，我来帮您核对")
    agent.get_by_role("button", name="交还助手").click()
    expect(log).to_contain_text("已把对话交还给退款助手")
    expect(customer.locator(".desk")).to_be_hidden()
    ask(customer, "能退多少钱")
    expect(log.locator(".bubble", has_text="¥186.67")).to_have_count(2)


def test_a_customer_leaves_the_queue_and_the_agent_sees_it(pages: tuple[Page, Page]) -> None:
    customer, agent = pages
    start_chat(customer, "A1002")
    log = customer.get_by_role("log")
    ask(customer, "转人工")
    expect(log).to_contain_text("预计等待约")
    sign_in(agent, "周宁")
    agent.get_by_role("link").filter(has_text="A1002").first.click()
    customer.locator(".desk").get_by_role("button", name="退出排队").click()
    expect(log).to_contain_text("已退出排队")
    expect(customer.locator(".desk")).to_be_hidden()
    expect(agent.get_by_role("log")).to_contain_text("客户已退出")
    expect(agent.get_by_role("main")).to_contain_text("客户退出")
    expect(agent.get_by_role("button", name="接入")).to_have_count(0)


def test_what_a_customer_writes_is_text_on_the_agents_page(pages: tuple[Page, Page]) -> None:
    customer, agent = pages
    start_chat(customer, "A1003")
    log = customer.get_by_role("log")
    ask(customer, "转人工")
    expect(log).to_contain_text("预计等待约")
    sign_in(agent, "赵敏")
    agent.get_by_role("link").filter(has_text="A1003").first.click()
    ask(customer, '<img src=x onerror="document.title=1">')
    talk = agent.get_by_role("log")
    expect(talk).to_contain_text("<img src=x")
    expect(talk.locator("img")).to_have_count(0)
    assert agent.title() != "1"


def test_a_thumb_down_and_its_reason_are_kept(pages: tuple[Page, Page]) -> None:
    customer, _ = pages
    start_chat(customer, "A1001")
    log = customer.get_by_role("log")
    ask(customer, "我14号买的云服务器还能退吗")
    expect(log).to_contain_text("可以退，预计退")
    down = log.get_by_role("button", name="没帮助")
    down.click()
    log.get_by_role("button", name="金额看不明白").click()
    expect(log).to_contain_text("谢谢，已记下")
    customer.reload()
    expect(log.get_by_role("button", name="没帮助")).to_have_attribute("aria-pressed", "true")
