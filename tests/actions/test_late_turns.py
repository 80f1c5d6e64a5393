"""A question answered after an outage: it says how things are, and changes nothing unasked."""

from collections.abc import Callable

import pytest

from refundbot.applications.chat_steps import changes
from refundbot.applications.records import ApplicationRecord
from refundbot.applications.service import get_applications
from tests.actions.conftest import Customer

Make = Callable[..., Customer]
pytestmark = pytest.mark.usefixtures("own_database")


def waiting_one() -> ApplicationRecord:
    records = get_applications().list_for_account("A1006")
    return next(record for record in records if record.state == "first_review")


@pytest.mark.parametrize("how", [{"text": "麻烦催一下"}, {"only": "nudge"}])
def test_a_late_nudge_is_offered_again_instead_of_made(customer: Make, how: dict[str, str]) -> None:
    before = waiting_one()
    said = customer("A1006").ask("ask_refund_status", late=True, refund_id=before.id, **how)
    assert "已经替您催了" not in said.text
    assert "正在初审" in said.text
    assert "催一下" in said.titles
    assert waiting_one() == before


def test_a_late_yes_to_taking_back_is_asked_once_more(customer: Make) -> None:
    before = waiting_one()
    undecided = customer("A1006")
    undecided.ask("cancel_refund", text="我要撤销退款申请")
    for said in (
        undecided.ask("affirm", text="是的", late=True),
        undecided.ask("cancel_refund", refund_id=before.id, only="confirmed", late=True),
    ):
        assert "要撤销这个申请吗" in said.text
        assert "确认撤销" in said.titles
    assert waiting_one() == before


def test_a_late_question_is_answered_like_any_other(customer: Make) -> None:
    question = {"order_id": "BD20261114001"}
    late = customer().ask("ask_refund_amount", late=True, **question)
    assert late.text == customer().ask("ask_refund_amount", **question).text
    assert "¥186.67" in late.text


@pytest.mark.parametrize(
    ("payload", "changing"),
    [
        ('/ask_refund_status{"refund_id": "RF1", "only": "nudge"}', True),
        ('/cancel_refund{"refund_id": "RF1", "only": "confirmed"}', True),
        ('/cancel_refund{"refund_id": "RF1"}', False),
        ('/list_orders{"only": "refundable"}', False),
        ("/handoff", False),
        ("/x{", False),
        ("/x[1]", False),
        (None, False),
    ],
)
def test_buttons_that_change_something_are_known_by_what_they_say(
    payload: str | None, changing: bool
) -> None:
    assert changes(payload) is changing


def test_every_button_that_changes_an_application_is_one_of_them(customer: Make) -> None:
    applicant = customer("A1006")
    status = applicant.ask("ask_refund_status", refund_id=waiting_one().id)
    asked = applicant.ask("cancel_refund", text="我要撤销退款申请")
    changing = {
        button["title"]
        for button in (*status.buttons, *asked.buttons)
        if changes(button.get("payload"))
    }
    assert changing == {"催一下", "确认撤销"}
