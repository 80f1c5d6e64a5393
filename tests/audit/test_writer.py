"""Keeping a decision never breaks an answer and hardly delays it."""

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from refund_core import Decision, RefundCase
from refundbot import audit
from refundbot.audit import store, writer
from refundbot.audit.writer import Writer
from refundbot.settings import get_settings
from tests.audit.conftest import ORDER, Told
from tests.orders.documents import NOW, Sessions


class Busy:
    """A database that answers when it is let, and counts who came."""

    def __init__(self, sessions: Sessions) -> None:
        self.free = threading.Event()
        self._sessions = sessions

    def __call__(self) -> object:
        assert self.free.wait(10)
        return self._sessions()


@pytest.fixture
def busy(sessions: Sessions) -> Iterator[Busy]:
    database = Busy(sessions)
    yield database
    database.free.set()


def say(to: Writer, told: tuple[Decision, RefundCase]) -> str | None:
    return to.remember(*told, account="A1001", conversation="c1", created_at=NOW)


class TestRemember:
    def test_one_line_keeps_a_decision_in_the_database_of_the_settings(
        self, sessions: Sessions, told: Told
    ) -> None:
        decision, case = told()
        number = audit.remember(decision, case, account="A1001", conversation="c1")
        assert number is not None
        found = store.get(sessions, number)
        assert found is not None
        assert (found.order_id, found.conversation, found.created_at) == (ORDER, "c1", NOW)

    def test_a_database_without_the_table_is_logged_and_the_answer_goes_on(
        self,
        told: Told,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        decision, case = told()
        monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
        get_settings.cache_clear()
        assert audit.remember(decision, case, account="A1001", conversation="c1") is None
        assert "is not stored" in caplog.text
        assert f"order_id={ORDER} outcome=refundable amount=186.67" in caplog.text

    @pytest.mark.parametrize("url", ["nonsense", "sqlite:////dev/null/folder/a.db"])
    def test_an_address_that_cannot_work_is_logged_and_the_answer_goes_on(
        self,
        url: str,
        told: Told,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        decision, case = told()
        monkeypatch.setenv("REFUNDBOT_DATABASE_URL", url)
        get_settings.cache_clear()
        assert audit.remember(decision, case, account="A1001", conversation="c1") is None
        assert f"order {ORDER} is not stored" in caplog.text

    def test_facts_of_another_account_are_logged_and_not_kept(
        self, sessions: Sessions, told: Told, caplog: pytest.LogCaptureFixture
    ) -> None:
        decision, case = told()
        assert audit.remember(decision, case, account="A1002", conversation="c1") is None
        assert "has no record" in caplog.text
        assert store.find(sessions) == []

    def test_a_database_that_fails_once_is_used_again(
        self, sessions: Sessions, told: Told, caplog: pytest.LogCaptureFixture
    ) -> None:
        down = [True]

        def flaky() -> object:
            if down.pop() if down else False:
                raise OperationalError("INSERT", {}, Exception("server closed the connection"))
            return sessions()

        to = Writer(flaky)  # type: ignore[arg-type]
        assert say(to, told()) is None
        number = say(to, told())
        to.close()
        assert [found.id for found in store.find(sessions)] == [number]
        assert caplog.text.count("is not stored") == 1


class TestBusy:
    def test_the_answer_does_not_wait_but_the_decision_is_kept(
        self, sessions: Sessions, busy: Busy, told: Told, caplog: pytest.LogCaptureFixture
    ) -> None:
        to = Writer(busy, patience=0)  # type: ignore[arg-type]
        numbers = [say(to, told()) for _ in range(3)]
        assert None not in numbers
        assert store.find(sessions) == []
        assert "still being stored" in caplog.text
        busy.free.set()
        to.close()
        assert [found.id for found in store.find(sessions)] == numbers[::-1]

    def test_a_database_that_hangs_does_not_fill_the_memory(
        self, sessions: Sessions, busy: Busy, told: Told, caplog: pytest.LogCaptureFixture
    ) -> None:
        to = Writer(busy, patience=0, capacity=2)  # type: ignore[arg-type]
        assert None not in (say(to, told()), say(to, told()))
        with caplog.at_level(logging.ERROR):
            assert say(to, told()) is None
        assert "too many are waiting" in caplog.text
        busy.free.set()
        to.close()
        assert len(store.find(sessions)) == 2
        to = Writer(busy, capacity=2)  # type: ignore[arg-type]
        assert None not in [say(to, told()) for _ in range(5)]

    def test_an_answer_can_afford_to_wait_that_long(self) -> None:
        assert writer.PATIENCE <= 0.3

    def test_many_answers_at_once_are_all_kept(self, sessions: Sessions, told: Told) -> None:
        to = Writer(sessions, patience=10)
        decision = told()
        threads = [threading.Thread(target=say, args=(to, decision)) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        to.close()
        assert len({found.id for found in store.find(sessions)}) == 40


def test_an_answer_hardly_waits_for_it(database: Path, told: Told) -> None:
    decision, case = told()
    seconds = []
    for _ in range(50):
        begun = time.perf_counter()
        assert audit.remember(decision, case, account="A1001", conversation="c1") is not None
        seconds.append(time.perf_counter() - begun)
    # 1 to 2 ms on an idle machine; the bound leaves room for a busy one, and none for a wait
    # for the disk at each.
    assert sorted(seconds)[len(seconds) // 4] < 0.01
