"""The application page: only the signed-in owner, only with the page's own form, one sum."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.applications.browser import Browser, link_for
from tests.applications.world import NOW, with_facts


def test_confirming_submits_once_and_shows_the_way(browser: Browser) -> None:
    browser.sign_in()
    page = browser.get("/refund/BD1")
    assert "确认退订，退 ¥186.67" in page
    assert "没有您的确认，聊天里不会提交任何退订" in page
    form = browser.confirm("BD1")
    browser.post("/refund/BD1", form)
    assert (browser.status, browser.location) == (303, "/refund/BD1#application")
    browser.post("/refund/BD1", form)  # an impatient second press
    assert browser.status == 303
    (record,) = browser.world.back_office.list()
    assert (record.id, record.account_id) == ("RF20261123001", "A1001")
    page = browser.get("/refund/BD1")
    for part in ("RF20261123001", "退款中", "¥186.67", 'aria-current="step"', "不能再撤销"):
        assert part in page, part
    assert "确认退订，退" not in page
    assert "撤销申请" not in page
    # What matters before one confirms would only confuse afterwards.
    assert "您确认的结果" in page
    for part in ("每晚一天", "退订前请注意", "审核环节的来源"):
        assert part not in page, part


def test_days_later_the_page_shows_what_was_confirmed(browser: Browser) -> None:
    browser.sign_in()
    browser.post("/refund/BD1", browser.confirm("BD1"))
    browser.at(NOW + timedelta(days=3))
    page = browser.get("/refund/BD1")
    assert "按 2026-11-23 10:00（北京时间）您确认时" in page
    assert "¥186.67" in page
    assert "¥158.67" not in page


def test_an_unclear_order_can_be_handed_to_people_urged_and_taken_back(browser: Browser) -> None:
    browser.sign_in()
    assert "提交人工审核" in browser.get("/refund/BD2")
    browser.post("/refund/BD2", browser.confirm("BD2"))
    page = browser.get("/refund/BD2")
    assert "预计 11-26 前给出结果（1–3 个工作日）" in page
    nudge = browser.form("/refund/BD2", "/refund/BD2/nudge")
    cancel = browser.form("/refund/BD2", "/refund/BD2/cancel")
    browser.post("/refund/BD2/nudge", nudge)
    assert browser.status == 303
    page = browser.get("/refund/BD2")
    assert "今天已经催过，11-24 可以再催" in page
    assert "/refund/BD2/nudge" not in page
    assert "今天已经催过了" in browser.post("/refund/BD2/nudge", nudge)
    assert browser.status == 409
    browser.post("/refund/BD2/cancel", cancel)
    assert browser.status == 303
    page = browser.get("/refund/BD2")
    assert "已撤销" in page
    assert "提交人工审核" in page  # and can be applied for again
    browser.post("/refund/BD2/cancel", cancel)
    assert browser.status == 303  # twice is as good as once


def test_the_forms_of_one_button_do_not_press_another(browser: Browser) -> None:
    browser.sign_in()
    confirm = browser.confirm("BD2")
    browser.post("/refund/BD2", confirm)
    nudge = browser.form("/refund/BD2", "/refund/BD2/nudge")
    for form in (nudge, {"application": nudge["application"]}, {}, confirm):
        page = browser.post("/refund/BD2/cancel", form)
        assert browser.status == 403
        assert "按钮已经失效" in page
    (record,) = browser.world.back_office.list()
    assert record.state == "first_review"
    browser.post("/refund/BD2/approve", nudge)
    assert browser.status == 404


@pytest.mark.parametrize("forged", ["", "x.y", "swap", "other order", "old"])
def test_without_the_pages_own_form_nothing_is_submitted(browser: Browser, forged: str) -> None:
    browser.sign_in()
    form = browser.confirm("BD1")
    if forged == "swap":
        head, tail = form["confirmation"].rsplit(".", 1)
        form["confirmation"] = f"{head}.{tail[::-1]}"
    elif forged == "other order":
        form = browser.confirm("BD2")
    elif forged == "old":
        browser.at(NOW + timedelta(minutes=31))
    else:
        form["confirmation"] = forged
    page = browser.post("/refund/BD1", form)
    assert browser.status == 403
    assert "没有提交任何退订" in page
    assert browser.world.back_office.list() == []


def test_another_accounts_form_submits_nothing(browser: Browser) -> None:
    browser.sign_in("A1002")
    stolen = browser.confirm("BD9")
    browser.sign_in("A1001")
    browser.post("/refund/BD9", stolen)
    assert browser.status == 404
    browser.post("/refund/BD1", stolen)
    assert browser.status == 403
    assert browser.world.back_office.list() == []


def test_another_sites_form_is_refused(browser: Browser) -> None:
    browser.sign_in()
    form = browser.confirm("BD1")
    for path in ("/refund/BD1", "/refund/BD1/cancel", "/refund/BD1/nudge"):
        browser.post(path, form, headers={"origin": "https://evil.example"})
        assert browser.status == 403
    assert browser.world.back_office.list() == []
    browser.post("/refund/BD1", form, headers={"origin": "http://testserver"})
    assert browser.status == 303


def test_without_ticking_the_box_nothing_is_submitted(browser: Browser) -> None:
    browser.sign_in()
    form = browser.confirm("BD1")
    del form["agree"]
    assert "请先勾选" in browser.post("/refund/BD1", form)
    assert (browser.status, browser.world.back_office.list()) == (422, [])


def test_signed_out_nothing_is_submitted(browser: Browser) -> None:
    browser.sign_in()
    form = browser.confirm("BD1")
    browser.client.post("/session/end")
    for path in ("/refund/BD1", "/refund/BD1/cancel"):
        browser.post(path, form)
        assert (browser.status, browser.location.startswith("/login?")) == (303, True)
    assert browser.world.back_office.list() == []


def test_when_the_sum_changes_before_the_press_it_asks_again_and_says_why(
    browser: Browser,
) -> None:
    browser.sign_in()
    browser.at(NOW.replace(hour=23, minute=50))
    form = browser.confirm("BD1")
    browser.at(NOW.replace(hour=23, minute=50) + timedelta(minutes=20))
    page = browser.post("/refund/BD1", form)
    assert browser.status == 409
    for part in ("没有提交退订", "¥186.67", "已消费从 ¥93.33 变成 ¥102.67", "确认退订，退 ¥177.33"):
        assert part in page, part
    assert browser.world.back_office.list() == []


def test_when_the_order_becomes_unreturnable_before_the_press_it_says_why(
    browser: Browser,
) -> None:
    browser.sign_in()
    form = browser.confirm("BD1")
    orders = browser.world.orders.all
    orders["BD1"] = with_facts(orders["BD1"], resource={"police_frozen": True})
    page = browser.post("/refund/BD1", form)
    assert browser.status == 409
    assert "没有提交退订" in page
    assert "冻结" in page
    assert "确认退订，退" not in page
    assert browser.world.back_office.list() == []


def test_an_order_that_cannot_be_returned_has_nothing_to_confirm(browser: Browser) -> None:
    browser.sign_in()
    page = browser.get("/refund/BD3")
    assert "不能退的原因" in page
    assert "<form class=" not in page


def test_a_rejection_is_shown_with_what_to_do(browser: Browser) -> None:
    browser.sign_in()
    browser.world.reject(browser.world.submit("BD2").application)
    page = browser.get("/refund/BD2")
    for part in ("初审未通过", "没有上传完整的辅助证明", "可以这样做", "提交人工审核"):
        assert part in page, part


def test_a_refunded_order_is_not_offered_again(browser: Browser) -> None:
    browser.sign_in()
    browser.world.advance(browser.world.submit("BD1").application)
    page = browser.get("/refund/BD1")
    assert "已退款" in page
    assert "不能再次申请" in page
    assert "<form class=" not in page


def test_ones_applications_are_listed_and_nobody_elses(browser: Browser) -> None:
    assert browser.client.get("/refunds", follow_redirects=False).status_code == 303
    browser.sign_in()
    assert "还没有退款申请" in browser.get("/refunds")
    browser.world.submit("BD2")
    browser.world.submit("BD9")
    page = browser.get("/refunds")
    assert "RF20261123001" in page
    assert "待核定" in page
    assert "RF20261123002" not in page


def test_the_order_list_shows_what_is_being_returned(browser: Browser) -> None:
    browser.sign_in()
    assert "可退 ¥186.67" in browser.get("/")
    browser.world.submit("BD1")
    page = browser.get("/")
    assert "退款中" in page
    assert "可退 ¥186.67" not in page
    browser.world.fail(browser.world.back_office.list()[0])
    assert "可退 ¥186.67" in browser.get("/")


def test_pages_hold_no_inline_script_or_style(browser: Browser) -> None:
    browser.sign_in()
    browser.world.submit("BD2")
    for path in ("/refund/BD1", "/refund/BD2", "/refunds", link_for("BD1", "A1002")):
        page = browser.get(path)
        assert "style=" not in page
        assert "onclick" not in page
        assert page.count("<script") == page.count('<script type="module" src="/')


def test_without_the_applications_the_answer_still_shows_and_nothing_is_offered(
    browser: Browser, database: object
) -> None:
    browser.sign_in()
    form = browser.confirm("BD1")
    with browser.world.sessions() as session, session.begin():
        session.execute(text("ALTER TABLE application_claims RENAME TO gone"))
    page = browser.get("/refund/BD1")
    assert browser.status == 200
    assert "可以退，预计退 ¥186.67" in page
    assert "退款申请系统暂时连不上" in page
    assert "<form class=" not in page
    assert "暂时查不到" in browser.post("/refund/BD1", form)
    assert browser.status == 503
