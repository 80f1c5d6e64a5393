"""What a customer and an operator may do with an application, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from refundbot.applications import errors
from refundbot.applications.service import Applications, BackOffice
from refundbot.applications.tables import ApplicationEvent
from refundbot.db import make_engine, session_factory
from tests.applications.world import NOW, SECRET, World, related, with_facts
from tests.gateway.fake_orders import make_order


def test_a_clear_case_goes_its_way_by_itself(world: World) -> None:
    done = world.submit("BD1")
    record = done.application
    assert done.created
    assert (record.id, record.state, record.amount) == (
        "RF20261123001",
        "refunding",
        Decimal("186.67"),
    )
    assert [(e.event, e.to_state, e.actor.kind) for e in record.events] == [
        ("submit", "submitted", "customer"),
        ("advance", "auto_review", "system"),
        ("advance", "approved", "system"),
        ("advance", "refunding", "system"),
    ]
    assert record.decision == world.decision("BD1")
    assert record.facts == world.orders.all["BD1"].case
    paid = world.advance(record, NOW + timedelta(days=1))
    assert (paid.state, paid.events[-1].actor.name) == ("refunded", "li")


def test_an_unclear_case_goes_to_people_and_says_why(world: World) -> None:
    record = world.submit("BD2").application
    assert (record.state, record.amount, record.plan) == ("first_review", None, "baidu.manual")
    assert "疑似异常" in (record.events[-1].reason or "")
    assert record.due == date(2026, 11, 26)  # Monday + 3 working days


def test_confirming_twice_gives_the_same_application(world: World) -> None:
    first, second = world.submit("BD1"), world.submit("BD1", NOW + timedelta(minutes=5))
    assert (second.created, second.application) == (False, first.application)


@pytest.mark.parametrize("state", ["rejected", "cancelled", "failed"])
def test_after_an_end_without_money_one_can_apply_again(world: World, state: str) -> None:
    if state == "failed":
        ended = world.fail(world.submit("BD1").application)
    elif state == "rejected":
        ended = world.reject(world.submit("BD2").application)
    else:
        record = world.submit("BD2").application
        ended = world.applications.cancel("A1001", record.id, at=NOW)
    assert ended.state == state
    again = world.submit(ended.order_id, NOW + timedelta(minutes=1))
    assert again.created
    assert again.application.id == "RF20261123002"
    assert world.applications.get_by_order("A1001", ended.order_id) == again.application


def test_what_was_paid_is_never_paid_again(world: World) -> None:
    record = world.advance(world.submit("BD1").application)
    with pytest.raises(errors.AlreadyRefunded) as refused:
        world.submit("BD1", NOW + timedelta(days=1))
    assert refused.value.application == record
    assert record.id in refused.value.text


def test_a_renewal_inside_an_application_for_its_resource_is_not_applied_for_again(
    world: World,
) -> None:
    first, renewal = make_order("BD20", "A1001"), make_order("BD21", "A1001")
    world.orders.all |= {"BD20": related(first, renewal), "BD21": related(renewal, first)}
    record = world.submit("BD20").application
    assert world.submit("BD21").application == record
    assert world.applications.get_by_order("A1001", "BD21") == record
    world.advance(record)
    with pytest.raises(errors.AlreadyRefunded):
        world.submit("BD21")


def test_a_resource_is_not_returned_over_a_renewal_that_is(world: World) -> None:
    first, renewal = make_order("BD20", "A1001"), make_order("BD21", "A1001")
    world.orders.all |= {"BD20": related(first, renewal), "BD21": renewal}
    record = world.submit("BD21").application
    with pytest.raises(errors.OverlappingApplication) as refused:
        world.submit("BD20")
    assert refused.value.application == record
    assert "BD21" in refused.value.text
    assert world.applications.get_by_order("A1001", "BD20") is None


@pytest.mark.parametrize("order", ["BD9", "NOPE", ""])
def test_another_accounts_order_is_as_unknown_as_none(world: World, order: str) -> None:
    with pytest.raises(errors.NoSuchOrder):
        world.applications.submit("A1001", order, confirmation=world.confirm("BD9"), at=NOW)


def test_nothing_is_submitted_without_the_pages_confirmation(world: World) -> None:
    decision = world.decision("BD1")
    stale = world.confirm("BD1", NOW - timedelta(minutes=31))
    other_secret = Applications(world.sessions, world.orders, "x" * 40)
    for confirmation in (
        "",
        "x",
        world.confirm("BD1")[:-2],
        world.confirm("BD2"),  # another order's
        world.confirmations.ask("A1002", decision),  # another account's
        world.confirmations.button("cancel", "A1001", "BD1", NOW),  # another form's
        stale,
    ):
        with pytest.raises(errors.NotConfirmed):
            world.applications.submit("A1001", "BD1", confirmation=confirmation, at=NOW)
    with pytest.raises(errors.NotConfirmed):
        other_secret.submit("A1001", "BD1", confirmation=world.confirm("BD1"), at=NOW)
    assert world.back_office.list() == []


def test_an_order_the_rules_refuse_is_refused_with_every_reason(world: World) -> None:
    with pytest.raises(errors.NotRefundable) as refused:
        world.submit("BD3")
    assert [reason.code for reason in refused.value.decision.reasons] == ["expired"]
    assert world.back_office.list() == []


def test_what_the_vendor_returns_by_itself_needs_no_application(world: World) -> None:
    failed = with_facts(
        make_order("BD5", "A1001"),
        order={"status": "failed", "effective_at": None, "starts_at": None, "ends_at": None},
        resource={"status": "create_failed"},
    )
    world.orders.all["BD5"] = failed
    action = world.decision("BD5").next_action
    assert action is not None
    assert action.kind == "automatic"
    with pytest.raises(errors.NotNeeded):
        world.submit("BD5")


def test_a_sum_that_changed_since_the_page_was_drawn_is_not_submitted(world: World) -> None:
    before_midnight = NOW.replace(hour=23, minute=50)
    confirmation = world.confirm("BD1", before_midnight)
    with pytest.raises(errors.AmountChanged) as refused:
        world.applications.submit(
            "A1001", "BD1", confirmation=confirmation, at=before_midnight + timedelta(minutes=20)
        )
    assert refused.value.decision.amount == Decimal("177.33")
    assert any("¥186.67" in line and "¥177.33" in line for line in refused.value.why)
    assert world.back_office.list() == []


def test_another_accounts_application_cannot_be_seen_or_touched(world: World) -> None:
    record = world.submit("BD2").application
    theirs = world.applications
    assert theirs.get("A1002", record.id) is None
    assert theirs.get_by_order("A1002", "BD2") is None
    assert theirs.list_for_account("A1002") == []
    for act in (theirs.cancel, theirs.nudge):
        with pytest.raises(errors.NoSuchApplication):
            act("A1002", record.id, at=NOW)
    assert theirs.get("A1001", record.id) == record


def test_ones_applications_are_listed_newest_first(world: World) -> None:
    first = world.submit("BD2").application
    second = world.submit("BD1", NOW + timedelta(hours=1)).application
    world.submit("BD9")
    assert world.applications.list_for_account("A1001") == [second, first]
    assert world.applications.list_for_account("A1001", limit=1) == [second]


def test_cancelling_is_possible_until_approval_and_harmless_twice(world: World) -> None:
    record = world.submit("BD2").application
    once = world.applications.cancel("A1001", record.id, at=NOW, reason="不退了")
    assert (once.state, once.events[-1].reason) == ("cancelled", "不退了")
    assert world.applications.cancel("A1001", record.id, at=NOW) == once
    paid = world.submit("BD1").application
    with pytest.raises(errors.NotAllowed) as refused:
        world.applications.cancel("A1001", paid.id, at=NOW)
    assert "不能再撤销" in refused.value.text
    assert world.back_office.find(paid.id) == paid


def test_urging_counts_once_a_day_by_beijing_time(world: World) -> None:
    record = world.submit("BD2").application
    late = NOW.replace(hour=23, minute=59)
    world.applications.nudge("A1001", record.id, at=NOW)
    with pytest.raises(errors.NudgedToday) as refused:
        world.applications.nudge("A1001", record.id, at=late)
    assert refused.value.again_on == date(2026, 11, 24)
    after = world.applications.nudge("A1001", record.id, at=late + timedelta(minutes=1))
    assert [e.event for e in after.events].count("nudge") == 2
    assert after.due == record.due  # urging moves no promise


def test_what_is_over_cannot_be_urged(world: World) -> None:
    record = world.reject(world.submit("BD2").application)
    with pytest.raises(errors.NotAllowed):
        world.applications.nudge("A1001", record.id, at=NOW)


def test_a_manual_review_passes_every_stage_and_ends_with_a_stated_sum(world: World) -> None:
    record = world.submit("BD2").application
    record = world.advance(world.advance(record))
    assert record.state == "final_review"
    for amount in (None, "0", "-1", "280.01", "10.001"):
        with pytest.raises(errors.BadAmount):
            world.advance(record, amount=Decimal(amount) if amount else None)
    approved = world.back_office.approve(
        record.id, operator="wang", at=NOW, version=record.version, amount=Decimal("280.00")
    )
    assert (approved.state, approved.amount) == ("approved", Decimal("280.00"))
    assert world.advance(world.advance(approved)).state == "refunded"


def test_a_review_cannot_be_skipped(world: World) -> None:
    record = world.submit("BD2").application
    with pytest.raises(errors.NotAllowed):
        world.back_office.approve(
            record.id, operator="li", at=NOW, version=record.version, amount=Decimal("1.00")
        )
    with pytest.raises(errors.BadAmount):
        world.advance(record, amount=Decimal("1.00"))
    assert world.back_office.find(record.id) == record


def test_a_rejection_says_why_and_what_to_do(world: World) -> None:
    record = world.submit("BD2").application
    for bad in ({"code": "nonsense"}, {"code": "other"}, {"code": "other", "text": "不行"}):
        with pytest.raises(errors.BadReason):
            world.reject(record, **bad)
    rejected = world.reject(record)
    assert rejected.rejection is not None
    assert "辅助证明" in rejected.rejection.text
    assert "重新申请" in rejected.rejection.remedy


def test_a_failed_payment_says_why(world: World) -> None:
    record = world.submit("BD1").application
    with pytest.raises(errors.BadReason):
        world.back_office.fail(record.id, operator="li", at=NOW, version=record.version, text=" ")
    failed = world.fail(record)
    assert failed.rejection is not None
    assert failed.rejection.text == "银行退回"


def test_an_operator_has_a_name_and_an_application_exists(world: World) -> None:
    record = world.submit("BD2").application
    with pytest.raises(errors.BadReason):
        world.back_office.advance(record.id, operator=" ", at=NOW, version=record.version)
    with pytest.raises(errors.NoSuchApplication):
        world.back_office.find("RF0")
    with pytest.raises(errors.NoSuchApplication):
        world.back_office.advance("RF0", operator="li", at=NOW, version=1)
    with pytest.raises(ValueError, match="no state"):
        world.back_office.list(state="nonsense")


def test_numbers_start_anew_each_day_by_beijing_time(world: World) -> None:
    late = NOW.replace(hour=23, minute=59)
    assert world.submit("BD1", late).application.id == "RF20261123001"
    after_midnight = late + timedelta(minutes=2)
    assert world.submit("BD2", after_midnight).application.id == "RF20261124001"


def test_the_database_itself_refuses_to_change_history(any_world: World) -> None:
    record = any_world.submit("BD1").application
    statements = (
        update(ApplicationEvent).values(reason="x").execution_options(synchronize_session=False),
        text("DELETE FROM application_events"),
    )
    for statement in statements:
        with any_world.sessions() as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(statement)
    assert any_world.back_office.find(record.id) == record


def test_without_tables_or_database_it_says_so(tmp_path: object) -> None:
    sessions = session_factory(make_engine(f"sqlite:///{tmp_path}/empty.db"))
    broken = World(sessions)
    applications = Applications(sessions, broken.orders, SECRET)
    calls = (
        lambda: applications.get("A1001", "RF1"),
        lambda: applications.get_by_order("A1001", "BD1"),
        lambda: applications.list_for_account("A1001"),
        lambda: applications.cancel("A1001", "RF1", at=NOW),
        lambda: broken.submit("BD1"),
        lambda: BackOffice(sessions).list(),
        lambda: BackOffice(sessions).find("RF1"),
    )
    for call in calls:
        with pytest.raises(errors.ApplicationsUnavailable) as refused:
            call()
        assert "暂时" in refused.value.text
