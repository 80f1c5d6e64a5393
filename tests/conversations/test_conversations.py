"""Every conversation file, over HTTP, against the whole running stack."""

from pathlib import Path

import pytest
from sqlalchemy import select

from refundbot.clock import parse_instant
from refundbot.db import make_engine, session_factory
from refundbot.orders.models import Order
from refundbot.orders.sql import SqlOrderSource
from tests.conversations.runner import World, play
from tests.stack import NOW, Stack

FILES = sorted(Path(__file__).parent.glob("*/*.yml"))


@pytest.fixture(scope="module")
def world(stack: Stack) -> World:
    factory = session_factory(make_engine(f"sqlite:///{stack.env['REFUNDBOT_VAR']}/refundbot.db"))
    with factory() as session:
        owners = {order.id: order.account_id for order in session.scalars(select(Order))}
    return World(stack.url, SqlOrderSource(factory), parse_instant(NOW), owners)


def test_there_are_enough_conversations() -> None:
    assert len(FILES) >= 75


@pytest.mark.stack
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_conversation(path: Path, world: World) -> None:
    play(path, world)
