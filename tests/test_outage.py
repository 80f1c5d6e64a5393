"""Model dialogue 10 on the whole stack: what was asked in an outage is answered after it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

import refund_core
from refund_core import Decision
from refund_core.wording import money
from refundbot.client import Chat, Turn
from refundbot.clock import parse_instant
from refundbot.db import make_engine, session_factory
from refundbot.orders import SqlOrderSource
from refundbot.orders.demo import load_demo
from refundbot.orders.migrate import upgrade
from tests.orders_http.reference import KEY, Reference
from tests.orders_http.service import Service
from tests.stack import NOW, ROOT, Stack, start_stack

pytestmark = pytest.mark.stack
QUESTION = "我14号买的云服务器还能退吗"
BCC = "BD20261114001"
PATIENCE = 180  # seconds; Rasa alone takes most of a minute to start on a busy machine
KEPT = "您的问题我已经记下，恢复后会在这里回复您"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlOrderSource]:
    url = f"sqlite:///{tmp_path_factory.mktemp('service') / 'orders.db'}"
    upgrade(url)
    engine = make_engine(url)
    load_demo(session_factory(engine), parse_instant(NOW))
    yield SqlOrderSource(session_factory(engine))
    engine.dispose()


@pytest.fixture(scope="module")
def service(source: SqlOrderSource) -> Iterator[Service]:
    """The order service of the stack."""
    made = Service(Reference(source).app())
    yield made
    made.stop()


@pytest.fixture(scope="module")
def own_stack(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose orders come from that service, and whose parts are killed."""
    running = start_stack(
        tmp_path_factory.mktemp("outage"),
        REFUNDBOT_ORDERS_API=service.url,
        REFUNDBOT_ORDERS_API_KEY=KEY,
        NO_PROXY="127.0.0.1",
    )
    yield running
    running.stop()


def kill(stack: Stack, command: str) -> None:
    """Kill a part as a crash would; Circus starts it again."""
    for child in psutil.Process(stack.process.pid).children(recursive=True):
        if command in " ".join(child.cmdline()):
            child.kill()
            child.wait(10)
            return
    raise AssertionError(f"{command} is not running")


def is_the_rule_cores(late: Turn | None, source: SqlOrderSource) -> None:
    """The late answer says what it answers, and then the sum of the rule core."""
    assert late is not None, "no late answer came"
    head, *body = late.text.split("\n")
    assert head.endswith(f"恢复了。您 10:00 问的「{QUESTION}」：")
    order = source.get_order("A1001", BCC)
    assert order is not None
    decided = refund_core.evaluate(order.case, parse_instant(NOW))
    assert decided.amount is not None
    assert money(decided.amount) in body[0]
    assert late.decision is not None
    assert Decision.from_json(late.decision) == decided


def waiting(stack: Stack) -> int:
    found: int = httpx.get(f"{stack.url}/healthz", timeout=10).json()["waiting_questions"]
    return found


def test_orders_are_down_and_the_question_is_answered_when_they_are_back(
    own_stack: Stack, service: Service, source: SqlOrderSource
) -> None:
    service.stop()
    with Chat(own_stack.url, "A1001") as chat:
        promised = chat.say(QUESTION)
        assert promised.text.startswith(f"订单系统暂时查不到，{KEPT}")
        assert [button["title"] for button in promised.buttons] == ["转人工", "自己去退订页面看"]
        assert promised.decision is None
        assert "¥" not in promised.text
        assert promised.outcome == "waiting"
        assert waiting(own_stack) == 1
        service.start()
        is_the_rule_cores(chat.late_answer(promised, PATIENCE), source)
        assert waiting(own_stack) == 0
        assert "代金券" in chat.say("那代金券呢").text  # the talk goes on about that order


@pytest.mark.parametrize("part", ["rasa run", "actions.server"])
def test_a_part_is_killed_and_the_question_is_answered_when_it_runs_again(
    own_stack: Stack, service: Service, source: SqlOrderSource, part: str
) -> None:
    service.start()
    kill(own_stack, part)
    with Chat(own_stack.url, "A1001", patience=8) as chat:
        promised = chat.say(QUESTION)
        assert promised.text.startswith(f"系统暂时连不上，{KEPT}")
        is_the_rule_cores(chat.late_answer(promised, PATIENCE), source)


def test_the_gateway_is_killed_and_keeps_its_promise_when_it_runs_again(
    own_stack: Stack, service: Service, source: SqlOrderSource
) -> None:
    service.stop()
    with Chat(own_stack.url, "A1001") as chat:
        promised = chat.say(QUESTION)
        assert promised.outcome == "waiting"
        kill(own_stack, "refundbot.gateway")
        service.start()
        is_the_rule_cores(chat.late_answer(promised, PATIENCE), source)


def test_the_terminal_waits_for_the_answer_too(
    own_stack: Stack, service: Service, tmp_path: Path
) -> None:
    service.stop()
    asking = subprocess.Popen(
        [
            *(sys.executable, "-m", "refundbot", "ask", "--url", own_stack.url),
            *("--account", "A1001", "--json", "--wait", str(PATIENCE), QUESTION),
        ],
        cwd=ROOT,
        env=own_stack.env,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert asking.stdout is not None
    assert json.loads(asking.stdout.readline())["outcome"] == "waiting"
    service.start()
    late, _ = asking.communicate(timeout=PATIENCE)
    assert "¥186.67" in json.loads(late)["text"]
    assert asking.returncode == 0
