"""What happens when a customer opens a link from a chat."""

from datetime import timedelta

from refundbot.applications.links import PARAMETER
from tests.applications.browser import Browser, link_for
from tests.applications.world import NOW


def test_a_link_of_the_chat_opens_the_page(browser: Browser) -> None:
    link = link_for("BD1", "A1001")
    browser.client.get("/")
    answer = browser.client.get(link, follow_redirects=False)
    assert answer.status_code == 303
    assert "link%3D" in answer.headers["location"]  # comes back with the link after sign-in
    browser.sign_in()
    page = browser.get(link)
    assert browser.status == 200
    assert "确认退订，退 ¥186.67" in page
    assert "聊天里（" not in page  # the same sum needs no words


def test_a_link_whose_sum_has_changed_says_why(browser: Browser) -> None:
    browser.sign_in()
    browser.at(NOW + timedelta(hours=20))
    page = browser.get(link_for("BD1", "A1001"))
    assert "聊天里（2026-11-23 10:00）说的是可退 ¥186.67，现在重新计算是可退 ¥177.33" in page
    assert "已消费从 ¥93.33 变成 ¥102.67" in page
    assert "确认退订，退 ¥177.33" in page


def test_expired_foreign_and_forged_links_say_so_and_show_no_order(browser: Browser) -> None:
    browser.sign_in()
    mine, theirs = link_for("BD1", "A1001"), link_for("BD1", "A1002")
    page = browser.get(theirs)
    assert (browser.status, "不是给当前登录的账号" in page, "A1002" in page) == (403, True, False)
    page = browser.get(mine[:-4])
    assert (browser.status, "不完整或被改动过" in page) == (400, True)
    page = browser.get(f"/refund/BD2?{PARAMETER}={mine.split('=', 1)[1]}")
    assert browser.status == 403
    browser.at(NOW + timedelta(hours=24))
    page = browser.get(mine)
    assert (browser.status, "已经过期" in page, 'href="/refund/BD1"' in page) == (410, True, True)
    assert "确认退订" not in page
    browser.sign_in("A1002")
    assert "在您名下没有找到订单" in browser.get(mine)
    assert browser.status == 404
