"""A ticket's life: one at a time, every step once, nothing lost by a restart."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from refundbot.desk.interface import BuiltInDesk, Desk, DeskError
from refundbot.desk.tickets import Tickets
from tests.desk.conftest import AT, ListeningDesk, later, opening

C1 = "console:baidu:A1001:c1"


def texts(tickets: Tickets, number: int) -> list[str]:
    return [line.text for line in tickets.lines(number)]


def test_a_ticket_holds_what_was_said_the_orders_and_the_decisions(tickets: Tickets) -> None:
    number = tickets.open(opening()).number
    ticket = tickets.get(number)
    assert ticket is not None
    assert (ticket.status, ticket.account, ticket.opened_at) == ("waiting", "A1001", AT)
    assert ticket.orders[0]["id"] == "BD1"
    assert ticket.decisions[0]["outcome"] == "refundable"
    assert texts(tickets, number) == ["转人工", "好的"]


def test_a_conversation_has_one_ticket_at_a_time(tickets: Tickets) -> None:
    first = tickets.open(opening())
    assert tickets.open(opening()).number == first.number
    assert texts(tickets, first.number) == ["转人工", "好的"]
    tickets.leave(C1, later(1))
    assert tickets.open(opening()).number != first.number


def test_ten_wishes_at_once_open_one_ticket(sessions: Callable[[], Session]) -> None:
    tickets, barrier = Tickets(sessions), threading.Barrier(10)
    numbers: list[int] = []

    def ask() -> None:
        barrier.wait()
        numbers.append(tickets.open(opening()).number)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 10
    assert len(set(numbers)) == 1


def test_two_agents_who_take_at_once_do_not_both_have_it(sessions: Callable[[], Session]) -> None:
    tickets = Tickets(sessions)
    number = tickets.open(opening()).number
    barrier = threading.Barrier(2)

    def take(agent: str) -> None:
        barrier.wait()
        tickets.take(number, agent, later(1))

    threads = [threading.Thread(target=take, args=(name,)) for name in ("陈晨", "周宁")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = tickets.get(number)
    assert taken is not None
    other = "周宁" if taken.agent == "陈晨" else "陈晨"
    with pytest.raises(DeskError, match="not_yours"):
        tickets.reply(number, other, "key-0001", "您好", later(2))


def test_customer_and_agent_who_write_at_once_lose_no_line(
    sessions: Callable[[], Session],
) -> None:
    tickets = Tickets(sessions)
    number = tickets.open(opening()).number
    tickets.take(number, "陈晨", later(1))
    before = len(tickets.lines(number))

    def ask(n: int) -> None:
        tickets.message(C1, f"m-{n}", f"问{n}", later(2))

    def answer(n: int) -> None:
        tickets.reply(number, "陈晨", f"key-{n:04}", f"答{n}", later(2))

    threads = [threading.Thread(target=act, args=(n,)) for n in range(5) for act in (ask, answer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = tickets.lines(number)
    assert len(lines) == before + 10
    assert [line.id for line in lines] == sorted(line.id for line in lines)
    ticket = tickets.get(number)
    assert ticket is not None
    assert ticket.last_line == len(lines)


def test_everything_is_there_after_a_restart(sessions: Callable[[], Session]) -> None:
    number = Tickets(sessions).open(opening()).number
    Tickets(sessions).take(number, "陈晨", later(1))
    Tickets(sessions).reply(number, "陈晨", "key-0001", "您好", later(2))
    fresh = Tickets(sessions)
    current = fresh.current(C1)
    assert current is not None
    assert (current.number, current.status, current.agent) == (number, "open", "陈晨")
    assert [line.text for line in fresh.live(C1)][-1] == "您好"


def test_a_message_or_a_reply_sent_twice_is_one_line(tickets: Tickets) -> None:
    number = tickets.open(opening()).number
    for _ in range(2):
        tickets.message(C1, "m2", "在吗", later(1))
    tickets.take(number, "陈晨", later(2))
    ids = [tickets.reply(number, "陈晨", "key-0001", "在的", later(3)).id for _ in range(2)]
    assert ids[0] == ids[1]
    assert texts(tickets, number).count("在吗") == 1
    assert texts(tickets, number).count("在的") == 1


def test_the_customer_is_sent_agents_words_and_not_their_own(tickets: Tickets) -> None:
    number = tickets.open(opening()).number
    tickets.message(C1, "m2", "在吗", later(1))
    tickets.take(number, "陈晨", later(2))
    tickets.reply(number, "陈晨", "key-0001", "  在的  ", later(3))
    live = tickets.live(C1)
    assert [(line.role, line.sender) for line in live] == [("notice", ""), ("agent", "客服 陈晨")]
    assert live[1].text == "在的"
    assert live[1].message_id == "m2"  # where it stands in the history
    assert tickets.live(C1, after=live[0].id) == live[1:]
    assert tickets.live("console:baidu:A1002:c1") == []


def test_the_queue_counts_those_who_wait_and_came_before(tickets: Tickets) -> None:
    made = [tickets.open(opening(f"console:baidu:A1001:c{n}")) for n in range(3)]
    assert [tickets.ahead(ticket) for ticket in made] == [0, 1, 2]
    tickets.take(made[0].number, "陈晨", later(1))
    assert tickets.ahead(made[2]) == 1
    tickets.leave(made[1].conversation, later(2))
    assert tickets.ahead(made[2]) == 0


def test_the_list_has_who_waits_longest_first_and_the_ended_last(tickets: Tickets) -> None:
    made = [tickets.open(opening(f"console:baidu:A1001:c{n}")).number for n in range(4)]
    tickets.take(made[0], "陈晨", later(1))
    tickets.take(made[1], "陈晨", later(1))
    tickets.close(made[1], "陈晨", later(2))
    assert [ticket.number for ticket in tickets.listed()] == [made[2], made[3], made[0], made[1]]


@pytest.mark.parametrize(("step", "outcome"), [("hand_back", "handed_back"), ("close", "closed")])
def test_an_agent_ends_a_ticket_and_the_customer_is_told(
    tickets: Tickets, step: str, outcome: str
) -> None:
    number = tickets.open(opening()).number
    tickets.take(number, "陈晨", later(1))
    ended = getattr(tickets, step)(number, "陈晨", later(2))
    assert (ended.status, ended.outcome, ended.ended_at) == ("closed", outcome, later(2))
    assert tickets.current(C1) is None
    assert "陈晨" in tickets.live(C1)[-1].text
    assert tickets.message(C1, "m9", "还在吗", later(3)) is None
    with pytest.raises(DeskError, match="ended"):
        getattr(tickets, step)(number, "陈晨", later(3))
    with pytest.raises(DeskError, match="ended"):
        tickets.reply(number, "陈晨", "key-0009", "您好", later(3))


def test_leaving_tells_the_agent_and_not_the_customer(tickets: Tickets) -> None:
    number = tickets.open(opening()).number
    left = tickets.leave(C1, later(1))
    assert left is not None
    assert left.outcome == "left"
    assert texts(tickets, number)[-1] == "客户已退出，回到退款助手。"
    assert tickets.live(C1) == []
    assert tickets.leave(C1, later(2)) is None


def test_another_agent_may_take_over_and_the_first_may_no_longer_write(tickets: Tickets) -> None:
    number = tickets.open(opening()).number
    tickets.take(number, "陈晨", later(1))
    tickets.take(number, "陈晨", later(1))  # pressed twice
    tickets.take(number, "周宁", later(2))
    assert [line.text.split(" ")[1] for line in tickets.live(C1)] == ["陈晨", "周宁"]
    with pytest.raises(DeskError, match="not_yours"):
        tickets.close(number, "陈晨", later(3))


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n", "empty"), ("好" * 1001, "too_long")]
)
def test_a_reply_that_says_nothing_or_too_much_is_refused(
    tickets: Tickets, text: str, code: str
) -> None:
    number = tickets.open(opening()).number
    tickets.take(number, "陈晨", later(1))
    with pytest.raises(DeskError, match=code):
        tickets.reply(number, "陈晨", "key-0001", text, later(2))


def test_steps_on_a_ticket_nobody_took_or_that_is_none_are_refused(tickets: Tickets) -> None:
    number = tickets.open(opening()).number
    with pytest.raises(DeskError, match="not_taken"):
        tickets.reply(number, "陈晨", "key-0001", "您好", later(1))
    with pytest.raises(DeskError, match="not_taken"):
        tickets.hand_back(number, "陈晨", later(1))
    with pytest.raises(DeskError, match="missing"):
        tickets.take(number + 1, "陈晨", later(1))
    assert tickets.get(number + 1) is None


def test_another_desk_is_told_everything(tickets: Tickets, desk: ListeningDesk) -> None:
    number = tickets.open(opening()).number
    tickets.message(C1, "m2", "在吗", later(1))
    tickets.take(number, "陈晨", later(2))
    tickets.reply(number, "陈晨", "key-0001", "在的", later(3))
    tickets.close(number, "陈晨", later(4))
    assert desk.told == [
        f"opened {number} with 2 lines",
        "customer: 在吗",
        "open None 陈晨",
        "agent: 在的",
        "closed closed 陈晨",
    ]


def test_another_desk_that_is_down_costs_nobody_their_ticket(
    tickets: Tickets, desk: ListeningDesk
) -> None:
    desk.broken = True
    number = tickets.open(opening()).number
    assert tickets.message(C1, "m2", "在吗", later(1)) is not None
    assert texts(tickets, number)[-1] == "在吗"


def test_the_built_in_desk_is_a_desk() -> None:
    desk: Desk = BuiltInDesk()
    assert desk is not None


async def test_the_bell_wakes_who_listens_to_this_conversation(tickets: Tickets) -> None:
    with tickets.bell.listen(C1) as mine, tickets.bell.listen("other") as other:
        tickets.open(opening())
        await mine.wait(5)
        assert tickets.bell.listening(C1) == 1
        assert not other._event.is_set()
    assert tickets.bell.listening(C1) == 0
