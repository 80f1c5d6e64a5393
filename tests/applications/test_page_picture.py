"""The picture of what waiting costs: of one's own order, and of nobody else's."""

from tests.applications.browser import Browser


def test_the_owner_sees_how_the_sum_falls(browser: Browser) -> None:
    browser.sign_in()
    assert "/refund/BD1/later.svg" in browser.get("/refund/BD1")
    picture = browser.get("/refund/BD1/later.svg")
    assert browser.status == 200
    assert picture.startswith("<svg")
    assert "¥186.67" in picture


def test_nobody_else_sees_it(browser: Browser) -> None:
    assert "<svg" not in browser.get("/refund/BD1/later.svg")
    assert browser.status == 404
    browser.sign_in("A1002")
    assert "<svg" not in browser.get("/refund/BD1/later.svg")
    assert browser.status == 404
