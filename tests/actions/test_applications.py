"""Questions about a refund already applied for: state, nudge, taking back, refusal."""

from collections.abc import Callable

import pytest

from refundbot.applications.service import get_applications
from tests.actions.conftest import Customer

Make = Callable[..., Customer]
pytestmark = pytest.mark.usefixtures("own_database")


def order_of(account: str, state: str) -> tuple[str, str]:
    """(application, order) of the account's application in this state."""
    for record in get_applications().list_for_account(account):
        if record.state == state:
            return record.id, record.order_id
    raise AssertionError(f"{account} has no application in {state}")


def test_the_state_is_told_with_its_stages_and_what_can_be_done(customer: Make) -> None:
    application, order = order_of("A1006", "first_review")
    said = customer("A1006").ask("ask_refund_status")
    assert said.text.startswith(f"退款单 {application}")
    assert "正在初审" in said.text
    assert "提交 ✓ → 自动审核 ✓" in said.text
    assert order in said.text
    assert said.titles == ["催一下", "看申请页面", "撤销申请", "转人工"]


def test_a_nudge_is_taken_once_a_day(customer: Make) -> None:
    waiting = customer("A1006")
    assert "已经替您催了" in waiting.ask("ask_refund_status", text="麻烦催一下").text
    again = waiting.ask("ask_refund_status", text="快点啊")
    assert "已经替您催了" not in again.text
    assert "催一下" not in again.titles


def test_an_application_is_taken_back_only_after_a_yes(customer: Make) -> None:
    application, _ = order_of("A1006", "first_review")
    waiting = customer("A1006")
    asked = waiting.ask("cancel_refund", text="我要撤销退款申请")
    assert "要撤销这个申请吗" in asked.text
    assert "确认撤销" in asked.titles
    record = get_applications().get("A1006", application)
    assert record is not None
    assert record.open
    done = waiting.ask("affirm", text="是的")
    assert "已经撤销，资源照常使用" in done.text
    record = get_applications().get("A1006", application)
    assert record is not None
    assert record.state == "cancelled"


def test_a_no_leaves_the_application_alone(customer: Make) -> None:
    application, _ = order_of("A1006", "first_review")
    waiting = customer("A1006")
    waiting.ask("cancel_refund", text="撤销申请")
    waiting.ask("deny", text="不要")
    assert "已经撤销" not in waiting.ask("affirm", text="好的").text
    record = get_applications().get("A1006", application)
    assert record is not None
    assert record.open


def test_changing_ones_mind_before_anything_was_submitted(customer: Make) -> None:
    regular = customer("A1001")
    regular.ask("ask_refund_amount", order_id="BD20261114001")
    said = regular.ask("cancel_refund", text="算了先不退了")
    assert said.text == "好的，没有提交任何退订，资源照常使用。"


def test_a_refusal_is_told_with_its_reason_and_remedy(customer: Make) -> None:
    said = customer("A1007").ask("ask_rejection_reason", text="为什么被拒了")
    assert "申请没有通过" in said.text
    assert "抽奖所得不支持退款" in said.text
    assert "可以这样做" in said.text


def test_without_an_application_the_rules_say_why(customer: Make) -> None:
    said = customer("A1001").ask("ask_rejection_reason", order_id="BD20260901007")
    assert "已到期" in said.text


def test_somebody_without_applications_is_told_so(customer: Make) -> None:
    said = customer("A1001").ask("ask_refund_status")
    assert "没有找到退款申请" in said.text
    assert "能退多少" in said.titles


def test_another_accounts_application_is_not_found(customer: Make) -> None:
    application, order = order_of("A1006", "first_review")
    for intent in ("ask_refund_status", "cancel_refund"):
        said = customer("A1002").ask(intent, text="退款单", refund_id=application)
        assert order not in said.text
        assert "正在初审" not in said.text
    said = customer("A1002").ask("cancel_refund", refund_id=application, only="confirmed")
    assert "已经撤销" not in said.text
    record = get_applications().get("A1006", application)
    assert record is not None
    assert record.open


@pytest.mark.parametrize("intent", ["ask_refund_status", "cancel_refund"])
def test_a_visitor_is_asked_to_sign_in(customer: Make, intent: str) -> None:
    assert "登录" in customer(None).ask(intent).text


def test_several_applications_are_offered_to_pick_from(customer: Make) -> None:
    known = get_applications().list_for_account("A1007")
    assert sum(record.open for record in known) == 1
    assert len(known) > 1
    told = customer("A1007").ask("ask_refund_status", text="退款到哪了")
    assert "正在复审" in told.text
    over = [record.id for record in known if not record.open]
    told = customer("A1007").ask("ask_refund_status", refund_id=over[0])
    assert over[0] in told.text


def test_an_order_being_returned_is_not_offered_for_return_again(customer: Make) -> None:
    application, order = order_of("A1004", "refunding")
    said = customer("A1004").ask("ask_refund_amount", order_id=order)
    assert said.text.startswith(f"退款单 {application}")
    assert "不需要再申请" in said.text
    assert "看申请页面" in said.titles
    assert "去退订" not in said.titles


def test_an_application_that_is_over_without_money_does_not_stand_in_the_way(
    customer: Make,
) -> None:
    _, order = order_of("A1007", "rejected")
    said = customer("A1007").ask("ask_refund_amount", order_id=order)
    assert "不需要再申请" not in said.text
