"""Each demo order gets the decision its sentence promises, whatever the day."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from refund_core import Decision, evaluate
from refundbot.clock import parse_instant
from refundbot.orders import OrderRecord, SqlOrderSource
from refundbot.orders.demo import DemoOrder, demo_orders, load_demo
from tests.orders.documents import NOW, Sessions

CLOCKS = ["2026-11-23T10:00:00+08:00", "2027-03-01T00:00:00+08:00", "2028-02-29T23:59:59+08:00"]


def decide(record: OrderRecord, now: datetime) -> Decision:
    return evaluate(record.asked(now).case, now)


def prorata(record: OrderRecord, now: datetime) -> Decimal:
    """The days not used yet, counting the day of purchase and today as used."""
    assert record.starts_at is not None
    assert record.ends_at is not None
    total = (record.ends_at.date() - record.starts_at.date()).days
    used = (now.date() - record.starts_at.date()).days + 1
    share = record.paid * (total - used) / total
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


def listed(record: OrderRecord, now: datetime) -> Decimal:
    """What was paid without the days begun, at the list price with the discount for used time."""
    assert record.starts_at is not None
    assert record.ends_at is not None
    pricing, price = record.case.order.pricing, record.case.order.list_price
    assert pricing is not None
    assert pricing.used_discount is not None
    assert price is not None
    used, total = (
        -(-(end - record.starts_at) // timedelta(days=1)) for end in (now, record.ends_at)
    )
    left = record.paid - price * pricing.used_discount * used / total
    return left.quantize(Decimal("0.01"), ROUND_HALF_UP)


def expected_amount(demo: DemoOrder, record: OrderRecord, now: datetime) -> Decimal | None:
    kind = demo.expect.get("amount")
    by_rule = {"full": lambda *_: record.paid, "prorata": prorata, "listed": listed}
    if kind in by_rule:
        return by_rule[kind](record, now)
    return Decimal(kind) if kind else None


@pytest.mark.parametrize("clock", CLOCKS)
def test_every_demo_order_gets_the_decision_it_shows(
    sessions: Sessions, source: SqlOrderSource, clock: str
) -> None:
    now = parse_instant(clock)
    load_demo(sessions, now)
    wrong = []
    for demo in demo_orders(now):
        record = source.get_order(demo.account_id, demo.id)
        assert record is not None
        decision = decide(record, now)
        found = {
            "outcome": decision.outcome,
            "route": decision.route,
            "reasons": [reason.code for reason in decision.reasons],
            "missing": [missing.fact for missing in decision.missing],
            "amount": decision.amount,
        }
        wanted = {
            "outcome": demo.expect["outcome"],
            "route": demo.expect.get("route"),
            "reasons": demo.expect.get("reasons", []),
            "missing": demo.expect.get("missing", found["missing"]),
            "amount": found["amount"],
        }
        if demo.expect.get("amount"):
            wanted["amount"] = expected_amount(demo, record, now)
        if found != wanted:
            wrong.append((demo.id, demo.shows, found, wanted))
    assert wrong == []


def test_every_line_of_the_overview_is_shown_by_some_order() -> None:
    shown: set[str] = set()
    for demo in demo_orders(NOW):
        shown.update(demo.expect.get("reasons", []))
        shown.add(demo.expect.get("route", ""))
    seed = {
        *("difference", "usage_pack_full", "storage_pack_full", "renewal_period"),
        *("create_failed", "not_effective", "postpaid", "expired", "usage_pack_over_7_days"),
        *("usage_pack_used", "storage_pack_over_7_days", "storage_pack_effective"),
        *("zero_refund_amount", "unfinished_order", "promotion_no_refund"),
        *("promotion_no_seven_day_refund", "suspected_abnormal_return", "trial", "one_off"),
        *("free", "police_frozen", "in_transaction", "invoiced_marketplace"),
        *("promotion_bundle", "promotion_coupon", "promotion_coupon_pack"),
        *("promotion_discount_plan", "promotion_lottery", "promotion_referral"),
        *("linked_contract", "support_benefits_used", "bundle_not_separable"),
        *("resource_not_found", "order_archived", "scaled_after_renewal", "already_refunded"),
        *("expired_product", "missing_fact", "promotion_contradicts"),
    }
    assert seed - shown == set()


def test_the_model_conversation_gets_its_sum(sessions: Sessions, source: SqlOrderSource) -> None:
    load_demo(sessions, NOW)
    record = source.get_order("A1001", "BD20261114001")
    assert record is not None
    assert decide(record, NOW).amount == Decimal("186.67")


def test_only_three_orders_of_the_first_account_may_come_back(
    sessions: Sessions, source: SqlOrderSource
) -> None:
    load_demo(sessions, NOW)
    records = source.list_orders("A1001")
    open_ones = [r.id for r in records if decide(r, NOW).outcome != "not_refundable"]
    assert open_ones == ["BD20261120002", "BD20261118003", "BD20261114001"]
    assert len(records) > 5


def test_two_servers_were_bought_on_one_day(sessions: Sessions, source: SqlOrderSource) -> None:
    load_demo(sessions, NOW)
    servers = [r for r in source.list_orders("A1003") if r.product_code == "bcc"]
    assert len(servers) == 2
    assert len({server.purchased_at.date() for server in servers}) == 1


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_renewal_that_has_not_begun_comes_back_alone_or_with_its_server(
    sessions: Sessions, source: SqlOrderSource, clock: str
) -> None:
    now = parse_instant(clock)
    load_demo(sessions, now)
    records = {record.id[-3:]: record for record in source.list_orders("A1004")}
    alone = records["403"].paid
    assert decide(records["403"], now).amount == alone
    assert decide(records["402"], now).amount == prorata(records["402"], now) + alone
    begun = records["403"].starts_at
    assert begun is not None
    assert records["403"].asked(begun) is records["403"]


def test_mixed_payments_come_back_to_their_sources_to_the_fen(
    sessions: Sessions, source: SqlOrderSource
) -> None:
    load_demo(sessions, NOW)
    record = next(r for r in source.list_orders("A1003") if r.id.endswith("303"))
    decision = decide(record, NOW)
    shares = decision.allocation
    assert shares is not None
    parts = (shares.cash, shares.gift, shares.stored_value)
    assert sum(parts) == decision.amount == prorata(record, NOW)
    assert all(part > 0 for part in parts)
    assert shares.voucher == 0
