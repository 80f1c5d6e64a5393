"""Run a conversation written in YAML against the running stack, as a customer would have it.

A file holds one conversation; its name is a sentence about the customer::

    account: A1001            # or null for a visitor
    turns:
      - say: 我14号买的云服务器还能退吗
        contains: [可以退]
        lacks: [BD20261118001]
        sum_of: BD20261114001     # the amount must be the rule core's, in text and in decision
        outcome: refundable
        buttons: [去退订]
      - press: 看每一步怎么算的    # a button of the turn before, by its title
        in_order: [依据, 决定编号]   # these parts, one after the other
      - say: 能退多少
        as: A1002                 # somebody else; A1001/2 is a second conversation of A1001
        lacks: ["186.67"]

Whatever a file asks for, every reply must be Chinese, free of other accounts' orders, and free
of English error texts.
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

import refund_core
from refund_core.decision import Decision
from refundbot.client import Chat, Turn
from refundbot.orders.source import OrderSource

VISITOR = "visitor"
_TURN_KEYS = {
    "say",
    "press",
    "as",
    "in_order",
    "contains",
    "any_of",
    "lacks",
    "sum_of",
    "sums_of",
    "outcome",
    "reasons",
    "buttons",
    "lacks_buttons",
    "links",
}
_ENGLISH = re.compile(r"Traceback|Exception|Error\b|Did you mean|nlu_fallback|None\b|null\b")
_ORDER_ID = re.compile(r"\b(?:BD|AL|TX|HW)\d{8,}\b")


@dataclass(frozen=True)
class World:
    """What a conversation is checked against.

    Attributes:
        url: gateway of the running stack.
        source: the stack's orders.
        as_of: the stack's fixed clock.
        owners: account of every order id.
    """

    url: str
    source: OrderSource
    as_of: datetime
    owners: dict[str, str]


def load(path: Path) -> dict[str, Any]:
    """Read a conversation file; a misspelt key is an error, not an expectation never checked."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(data) <= {"account", "turns", "shows"}, f"{path}: unknown key in {set(data)}"
    assert data["turns"], f"{path}: no turns"
    for turn in data["turns"]:
        assert set(turn) <= _TURN_KEYS, f"{path}: unknown key in {set(turn)}"
        assert len({"say", "press"} & set(turn)) == 1, f"{path}: a turn says or presses"
        assert len(set(turn) - {"as"}) > 1, (
            f"{path}: a turn without an expectation cannot fail: {turn}"
        )
    return data  # type: ignore[no-any-return]


def play(path: Path, world: World) -> None:
    """Have the conversation and check every turn."""
    data = load(path)
    chats: dict[str, Chat] = {}
    last: Turn | None = None
    with ExitStack() as opened:
        for number, expected in enumerate(data["turns"], 1):
            where = f"{path.stem}, turn {number}"
            name = str(expected.get("as", data.get("account") or VISITOR))
            account = None if name == VISITOR else name.partition("/")[0]
            if name not in chats:
                chats[name] = opened.enter_context(Chat(world.url, account))
            chat = chats[name]
            if "say" in expected:
                last = chat.say(str(expected["say"]))
            else:
                assert last is not None
                titles = [button["title"] for button in last.buttons]
                assert expected["press"] in titles, f"{where}: no such button in {titles}"
                last = chat.press(last.buttons[titles.index(expected["press"])])
            _check(where, expected, last, account, world)


def _check(
    where: str, expected: dict[str, Any], turn: Turn, account: str | None, world: World
) -> None:
    text = turn.text
    shown = f"{where}: {turn.question}\n---\n{text}\n{[b['title'] for b in turn.buttons]}\n---"
    assert text.strip(), f"{shown}\nsilence"
    assert re.search(r"[\u4e00-\u9fff]", text), f"{shown}\nno Chinese"
    assert not _ENGLISH.search(text), f"{shown}\nEnglish or an error text"
    said_by_customer = set(_ORDER_ID.findall(turn.question))
    for order_id in _ORDER_ID.findall(text):
        owner = world.owners.get(order_id)
        if order_id not in said_by_customer:
            assert owner == account, f"{shown}\n{order_id} belongs to {owner}"
    for part in expected.get("contains", []):
        assert str(part) in text, f"{shown}\nmissing: {part}"
    after = 0
    for part in expected.get("in_order", []):
        place = text.find(str(part), after)
        assert place >= 0, f"{shown}\nmissing, or too early: {part}"
        after = place + len(str(part))
    if "any_of" in expected:
        assert any(str(part) in text for part in expected["any_of"]), f"{shown}\nnone of any_of"
    for part in expected.get("lacks", []):
        assert str(part) not in text, f"{shown}\nmust not hold: {part}"
    titles = [button["title"] for button in turn.buttons]
    for title in expected.get("buttons", []):
        assert title in titles, f"{shown}\nno button {title}"
    for title in expected.get("lacks_buttons", []):
        assert title not in titles, f"{shown}\nbutton {title} must not be there"
    for part in expected.get("links", []):
        assert any(part in b.get("url", "") for b in turn.buttons), f"{shown}\nno link {part}"
    _check_decision(shown, expected, turn, account, world)


def _check_decision(
    shown: str, expected: dict[str, Any], turn: Turn, account: str | None, world: World
) -> None:
    given = [Decision.from_json(item) for item in turn.to_json()["decisions"]]
    if turn.decision is not None:
        given.append(Decision.from_json(turn.decision))
    by_order = {decision.order_id: decision for decision in given}
    wanted = list(expected.get("sums_of", []))
    if "sum_of" in expected:
        wanted.append(expected["sum_of"])
    for order_id in wanted:
        order = world.source.get_order(account or "", order_id)
        assert order is not None, f"{shown}\nno order {order_id} in the demo data"
        decided = refund_core.evaluate(order.asked(world.as_of).case, world.as_of)
        assert by_order.get(order_id) == decided, f"{shown}\nnot the rule core's decision"
        assert decided.amount is not None, f"{shown}\n{order_id} has no amount"
        assert f"¥{decided.amount:,.2f}" in turn.text, f"{shown}\n¥{decided.amount:,.2f} not said"
    if "outcome" in expected:
        outcomes = {decision.outcome for decision in given}
        assert expected["outcome"] in outcomes, f"{shown}\noutcome {outcomes}"
    if "reasons" in expected:
        codes = [reason.code for decision in given for reason in decision.reasons]
        assert codes == expected["reasons"], f"{shown}\nreasons {codes}"
