"""The application page for customers of other vendors: what comes back, and what does not."""

import re

from refundbot.orders.http_records import record_of
from tests.applications.browser import Browser
from tests.applications.world import with_facts


def facts(page: str, name: str) -> str:
    """What the page says of a fact; empty when it does not name it."""
    found = re.search(rf"<dt>{name}</dt><dd>(.*?)</dd>", page)
    return "" if found is None else re.sub(r"<[^>]+>", "", found[1])


def sell(browser: Browser, vendor: str, code: str, paid: dict[str, str]) -> None:
    """Make BD1 an order of another vendor, bought yesterday."""
    order = browser.world.orders.all["BD1"]
    days = {"purchased_at": "2026-11-22T10:00:00+08:00", "effective_at": None}
    case = with_facts(
        order,
        account={"entity_id": "E1", "framework_contract": False},
        order={
            "product": {"code": code, "name": "云服务器", "category": "instance"},
            "amount": "100.00",
            "payments": paid,
            "starts_at": days["purchased_at"],
            **days,
        },
    ).case.to_json()
    case |= {"vendor": vendor, "history": {"refunds": []}}
    browser.world.orders.all["BD1"] = record_of(type(order.case).from_json(case))
    browser.sign_in()


def test_a_voucher_that_comes_back_is_part_of_the_refund(browser: Browser) -> None:
    sell(browser, "huawei", "ecs", {"cash": "80.00", "voucher": "20.00"})
    page = browser.get("/refund/BD1")
    assert facts(page, "支付") == "现金 ¥80.00，代金券 ¥20.00"
    assert facts(page, "退款构成") == "现金 ¥80.00，代金券 ¥20.00"
    assert facts(page, "不退回") == ""
    assert "百度" not in page


def test_a_cash_coupon_that_does_not_come_back_is_named(browser: Browser) -> None:
    sell(browser, "tencent", "cvm", {"cash": "70.00", "cash_coupon": "20.00", "voucher": "10.00"})
    page = browser.get("/refund/BD1")
    assert facts(page, "支付") == "现金 ¥70.00，现金券 ¥20.00，代金券 ¥10.00"
    assert facts(page, "退款构成") == "现金 ¥70.00"
    assert facts(page, "不退回") == "现金券 ¥20.00，代金券 ¥10.00"


def test_a_missing_fact_is_named_once(browser: Browser) -> None:
    sell(browser, "aliyun", "ecs", {"cash": "100.00"})
    page = browser.get("/refund/BD1")
    reasons = page[page.index("为什么需要人工确认") : page.index("<h2>订单</h2>")]
    assert reasons.count("资源是否过户过") == 1
    assert reasons.count("是否使用收费的云市场镜像") == 1
