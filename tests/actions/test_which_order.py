"""Which order a message means; every way of pointing, and what happens when nothing fits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from actions.mentions import Mentions, Period, read_mentions
from actions.which_order import Choose, Found, NothingFits, NotYours, which_order
from refundbot.clock import SHANGHAI
from refundbot.orders.source import OrderRecord

DAY = datetime(2026, 11, 14, tzinfo=SHANGHAI)


def order(number: int, product: str, day: int, paid: str, *, live: bool = True) -> OrderRecord:
    facts: dict[str, Any] = {
        "id": f"BD{number}",
        "product_code": product,
        "purchased_at": DAY.replace(day=day, hour=10),
        "amount": Decimal(paid),
        "paid": Decimal(paid),
        "live": live,
    }
    return cast(OrderRecord, SimpleNamespace(**facts))


ORDERS = [
    order(1, "bos", 20, "99.00"),
    order(2, "cdn", 18, "50.00"),
    order(3, "bcc", 14, "280.00"),
    order(4, "bcc", 1, "168.00", live=False),
]


def meant(mentions: Mentions, current: str | None = None, listed: Sequence[str] = ()) -> Any:
    return which_order(
        ORDERS,
        mentions,
        current=current,
        listed=listed,
        worth_asking=lambda o: bool(cast(Any, o).live),
    )


def ids(found: Any) -> list[str]:
    return [o.id for o in found.orders]


def on(day: int) -> Period:
    start = DAY.replace(day=day)
    return Period(start, start + timedelta(days=1))


def test_an_order_number_names_its_order() -> None:
    assert ids(meant(Mentions(order_ids=("BD4",)), current="BD1")) == ["BD4"]


def test_two_numbers_name_two_orders() -> None:
    assert ids(meant(Mentions(order_ids=("BD4", "BD2")))) == ["BD4", "BD2"]


def test_one_unknown_number_among_known_ones_is_said() -> None:
    assert meant(Mentions(order_ids=("BD4", "BD9"))) == NotYours(("BD9",))


def test_a_product_that_only_one_live_order_has_means_that_one() -> None:
    assert ids(meant(Mentions(products=("bcc",)))) == ["BD3"]


def test_a_day_narrows_to_a_dead_order_when_no_other_fits() -> None:
    assert ids(meant(Mentions(products=("bcc",), bought=on(1)))) == ["BD4"]


def test_a_description_that_fits_nothing_is_said_and_not_replaced_by_the_current_order() -> None:
    assert meant(Mentions(products=("rds",)), current="BD1") == NothingFits(described=True)
    assert meant(Mentions(price=Decimal("51.00")), current="BD1") == NothingFits(described=True)


def test_a_price_alone_points_at_its_order() -> None:
    assert ids(meant(Mentions(price=Decimal("50")))) == ["BD2"]


def test_a_misremembered_price_does_not_hide_the_described_order() -> None:
    assert ids(meant(Mentions(products=("bcc",), price=Decimal("300")))) == ["BD3"]


@pytest.mark.parametrize(
    ("ordinal", "expected"),
    [
        (1, "BD3"),
        (2, "BD1"),
        (-1, "BD2"),
        ("cheapest", "BD2"),
        ("most_expensive", "BD3"),
        ("newest", "BD1"),
        ("oldest", "BD3"),
    ],
)
def test_a_place_counts_in_the_list_shown(ordinal: int | str, expected: str) -> None:
    assert ids(meant(Mentions(ordinal=ordinal), listed=["BD3", "BD1", "BD2"])) == [expected]


def test_a_place_beyond_the_list_shows_the_list_again() -> None:
    again = meant(Mentions(ordinal=7), listed=["BD3", "BD1"])
    assert isinstance(again, Choose)
    assert ids(again) == ["BD3", "BD1"]


def test_all_means_the_list_shown() -> None:
    everything = meant(Mentions(ordinal="all"), listed=["BD3", "BD1"])
    assert isinstance(everything, Found)
    assert ids(everything) == ["BD3", "BD1"]


def test_nothing_said_means_the_order_talked_about() -> None:
    assert ids(meant(Mentions(), current="BD2")) == ["BD2"]
    assert ids(meant(Mentions(ordinal="previous"), current="BD2", listed=["BD1"])) == ["BD2"]


def test_nothing_said_and_several_live_orders_asks_which_dearest_first() -> None:
    choice = meant(Mentions())
    assert isinstance(choice, Choose)
    assert ids(choice) == ["BD3", "BD1", "BD2"]


def test_a_named_day_ends_before_the_next_one_begins() -> None:
    midnight = DAY.replace(day=15, hour=0, minute=0, second=0, microsecond=0)
    fourteenth = Period(midnight - timedelta(days=1), midnight)
    assert fourteenth.holds(midnight - timedelta(microseconds=1))
    assert not fourteenth.holds(midnight)


def test_a_remembered_order_that_is_gone_is_not_invented() -> None:
    assert isinstance(meant(Mentions(), current="BD77"), Choose)


def test_an_account_without_orders_has_nothing_that_fits() -> None:
    nothing = which_order([], Mentions(), current=None, listed=(), worth_asking=lambda _: True)
    assert nothing == NothingFits(described=False)


def test_values_that_make_no_sense_are_left_out() -> None:
    mentions = read_mentions(
        [
            {"entity": "money", "value": "很多"},
            {"entity": "money", "value": "NaN"},
            {"entity": "purchase_time", "value": "昨天"},
            {"entity": "purchase_time", "value": "x/y"},
            {"entity": "purchase_time", "value": {"from": "x", "to": "y"}},
            {
                "entity": "purchase_time",
                "value": "2026-11-15T00:00+08:00/2026-11-14T00:00+08:00",
            },
            {"entity": "page", "value": "-3"},
        ]
    )
    assert mentions == Mentions()
    assert not mentions.any
