"""Waiting questions in the database: promised and stored together, answered by one process."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from refundbot.db import Base, make_engine, session_factory
from refundbot.gateway import questions, tables
from refundbot.gateway.questions import LEASE, NotKept, Questions
from refundbot.gateway.store import Store
from refundbot.identity import Turn
from tests.desk.conftest import AT

MODELS = (
    *(tables.InboundMessage, tables.OutboundMessage, tables.ButtonToken),
    tables.WaitingQuestion,
)
TURN = Turn("console:baidu:A1001:c1", "A1001", "baidu", "console", "text")
PROMISE: dict[str, Any] = {
    "text": "记下了",
    "buttons": [{"title": "转人工", "payload": "/handoff"}],
    "decision": None,
    "kind": "outage",
}
ANSWER = {**PROMISE, "text": "可以退", "kind": "answer"}
SOON = AT + timedelta(seconds=5)


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    Base.metadata.create_all(engine, tables=[model.__table__ for model in MODELS])
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Session]]:
    """Sessions on either database, its tables empty."""
    if request.param == "postgresql":
        engine = request.getfixturevalue("postgres")
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE inbound_messages RESTART IDENTITY CASCADE"))
        yield session_factory(engine)
        return
    engine = make_engine(f"sqlite:///{tmp_path / 'gateway.db'}")
    Base.metadata.create_all(engine, tables=[model.__table__ for model in MODELS])
    yield session_factory(engine)
    engine.dispose()


@pytest.fixture
def store(sessions: Callable[[], Session]) -> Store:
    return Store(sessions)


@pytest.fixture
def kept(store: Store) -> Questions:
    return Questions(store)


def ask(store: Store, kept: Questions, said: str, turn: Turn = TURN, at: datetime = AT) -> int:
    """A question that is kept; its row."""
    number = f"m-{said}-{at:%M%S}"
    received = store.receive(turn.conversation, number, turn.kind, said, at)
    kept.keep(received.id, turn, said, "orders", PROMISE, at, at)
    return received.id


def test_promise_and_question_are_stored_together(store: Store, kept: Questions) -> None:
    ask(store, kept, "还能退吗")
    (entry,) = store.history(TURN.conversation, AT)
    assert (entry["status"], entry["replies"][0]["text"]) == ("waiting", "记下了")
    assert "button" in entry["replies"][0]["buttons"][0]
    (question,) = kept.of(TURN.conversation)
    assert (question.said, question.shown, question.part) == ("还能退吗", "还能退吗", "orders")
    assert question.turn == replace(TURN, late=True)
    assert (question.asked_at, question.tries) == (AT, 0)
    assert question.gives_up_at == AT + timedelta(hours=24)
    assert (kept.count(), list(kept.waiting(TURN.conversation))) == (1, [entry["message_id"]])


def test_a_question_that_is_not_kept_leaves_no_promise(
    store: Store, kept: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST", 0)
    with pytest.raises(NotKept):
        ask(store, kept, "还能退吗")
    (entry,) = store.history(TURN.conversation, AT)
    assert (entry["status"], entry["replies"], kept.count()) == ("received", [], 0)


def test_of_many_who_want_to_answer_one_gets_the_question(store: Store, kept: Questions) -> None:
    ask(store, kept, "还能退吗")
    (question,) = kept.of(TURN.conversation)
    with ThreadPoolExecutor(8) as pool:
        leases = list(pool.map(lambda _: kept.claim(question, SOON), range(8)))
    assert len([lease for lease in leases if lease is not None]) == 1
    assert kept.due(SOON) == []


def test_who_is_gone_for_too_long_loses_the_question_and_cannot_answer_it(
    store: Store, kept: Questions
) -> None:
    ask(store, kept, "还能退吗")
    (question,) = kept.of(TURN.conversation)
    first = kept.claim(question, SOON)
    assert kept.next_due() == SOON + LEASE
    later = SOON + LEASE
    assert kept.due(later) == [TURN.conversation]
    second = kept.claim(question, later)
    assert first is not None
    assert second is not None
    kept.put_off(question, first, AT, rest=False)  # no longer theirs to give back
    assert kept.answer(question, first, [ANSWER], AT, AT) is None
    stored = kept.answer(question, second, [ANSWER], AT, AT)
    assert stored is not None
    assert kept.answer(question, second, [ANSWER], AT, AT) is None
    (entry,) = store.history(TURN.conversation, AT)
    assert [reply["text"] for reply in entry["replies"]] == ["记下了", "可以退"]
    assert (entry["status"], kept.count(), kept.next_due()) == ("answered", 0, None)


def test_the_conversation_that_waited_longest_comes_first(store: Store, kept: Questions) -> None:
    other = replace(TURN, conversation="console:baidu:A1002:c1", account="A1002")
    ask(store, kept, "二", other, AT + timedelta(seconds=10))
    ask(store, kept, "一")
    assert kept.due(AT + timedelta(minutes=1)) == [TURN.conversation, other.conversation]
    assert kept.due(AT) == []


def test_putting_off_the_rest_leaves_other_conversations_alone(
    store: Store, kept: Questions
) -> None:
    other = replace(TURN, conversation="console:baidu:A1002:c1", account="A1002")
    for said in ("一", "二"):
        ask(store, kept, said)
    ask(store, kept, "三", other)
    first, _ = kept.of(TURN.conversation)
    lease = kept.claim(first, SOON)
    assert lease is not None
    kept.put_off(first, lease, AT + timedelta(hours=1), rest=True)
    assert kept.due(SOON) == [other.conversation]
    assert kept.of(TURN.conversation)[0].tries == 1


def test_an_equal_question_takes_the_place_of_the_one_before(store: Store, kept: Questions) -> None:
    first = ask(store, kept, "还能退吗")
    ask(store, kept, "代金券呢")
    assert kept.already(TURN, "还能退吗") == "this"
    assert kept.already(TURN, "能退多少") == "others"
    assert kept.already(replace(TURN, conversation="console:baidu:A1001:c2"), "还能退吗") is None
    again = ask(store, kept, "还能退吗", at=AT + timedelta(minutes=1))
    assert first not in [question.inbound_id for question in kept.of(TURN.conversation)]
    assert kept.of(TURN.conversation)[-1].inbound_id == again
    assert store.history(TURN.conversation, AT)[0]["status"] == "answered"


def test_an_empty_end_leaves_the_promise_as_the_last_word(store: Store, kept: Questions) -> None:
    ask(store, kept, "还能退吗")
    (question,) = kept.of(TURN.conversation)
    lease = kept.claim(question, SOON)
    assert lease is not None
    assert kept.answer(question, lease, [], AT, AT) == []
    (entry,) = store.history(TURN.conversation, AT)
    assert (entry["status"], len(entry["replies"])) == ("answered", 1)
