"""Rasa's door: what gets in, under which name, and what comes out."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import pytest_asyncio
import yaml
from rasa.core.channels.channel import UserMessage
from rasa.shared.utils.common import class_from_module_path
from sanic import Sanic

from refundbot.channel import WARM_UP, InternalInput, SeenTokens
from refundbot.gateway.rasa import Rasa, RasaUnavailable
from refundbot.identity import IdentityError, Turn, mint_turn_token, verify_turn
from refundbot.settings import ROOT, Settings
from tests.gateway.fakes import INTERNAL_SECRET, make_settings

pytestmark = pytest.mark.asyncio(loop_scope="module")

TURN = Turn("console:baidu:A1001:c1", "A1001", "baidu", "console", "text")
BUTTON = Turn("console:baidu:A1001:c1", "A1001", "baidu", "console", "button")


class Agent:
    """Stands for Rasa's agent: keeps messages, answers as told."""

    def __init__(self) -> None:
        self.parsed: list[str] = []
        self.reset()

    def reset(self) -> None:
        self.messages: list[UserMessage] = []
        self.ready = True
        self.fails = False
        self.hold: asyncio.Event | None = None
        self.started = asyncio.Event()
        self.finished = asyncio.Event()
        self.processor = SimpleNamespace(model_filename="m.tar.gz")

    def is_ready(self) -> bool:
        return self.ready

    async def parse_message(self, text: str) -> None:
        self.parsed.append(text)

    async def handle(self, message: UserMessage) -> None:
        self.messages.append(message)
        self.started.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.fails:
            raise RuntimeError("secret detail")
        output: Any = message.output_channel
        await output.send_text_message(message.sender_id, "第一段\n\n第二段")
        await output.send_custom_json(message.sender_id, {"text": "可以退", "decision": {"a": 1}})
        self.finished.set()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[tuple[str, Agent]]:
    """The channel on a real Sanic server, whose handling of hung-up callers matters here.

    One for all tests: Sanic rewrites its own code at the first start and cannot do it again.
    """
    agent = Agent()
    app = Sanic("channel_under_test", configure_logging=False)
    app.ctx.agent = agent
    blueprint = InternalInput(INTERNAL_SECRET).blueprint(agent.handle)
    app.blueprint(blueprint, url_prefix="/webhooks/internal")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        started = await app.create_server(
            sock=listener, return_asyncio_server=True, access_log=False
        )
        await started.startup()
        await started.after_start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", agent
        await started.before_stop()
        started.close()
        await started.after_stop()


@pytest.fixture
def agent(server: tuple[str, Agent]) -> Agent:
    server[1].reset()
    return server[1]


@pytest_asyncio.fixture(loop_scope="module")
async def http(server: tuple[str, Agent]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server[0], timeout=10) as client:
        yield client


async def post(http: httpx.AsyncClient, body: Any, token: str | None = None, **turn: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    if token is None:
        token = mint_turn_token(turn.get("turn", TURN), content, INTERNAL_SECRET)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return await http.post("/webhooks/internal/webhook", content=content, headers=headers)


async def test_credentials_name_this_channel_and_no_other() -> None:
    credentials = yaml.safe_load(Path(ROOT, "credentials.yml").read_text(encoding="utf-8"))
    assert list(credentials) == ["refundbot.channel.InternalInput"]
    (name,) = credentials
    assert class_from_module_path(name) is InternalInput
    assert isinstance(InternalInput.from_credentials(credentials[name]), InternalInput)


async def test_the_pipeline_is_warm_before_the_first_customer_and_nothing_was_said(
    agent: Agent,
) -> None:
    assert agent.parsed == [WARM_UP]
    assert agent.messages == []


async def test_a_signed_turn_is_run_under_the_signed_name(
    http: httpx.AsyncClient, agent: Agent
) -> None:
    answer = await post(http, {"text": "能退吗"})
    assert answer.status_code == 200
    assert [m.get("text") or m["custom"]["text"] for m in answer.json()["messages"]] == [
        "第一段\n\n第二段",
        "可以退",
    ]
    (message,) = agent.messages
    assert (message.text, message.sender_id) == ("能退吗", TURN.conversation)
    assert message.input_channel == "internal"
    assert verify_turn((message.metadata or {})["identity"], secret=INTERNAL_SECRET) == TURN


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": "Basic abc"},
        {
            "Authorization": "Bearer "
            + mint_turn_token(TURN, b'{"text": "x"}', "another secret, another secret, 123")
        },
        {
            "Authorization": "Bearer "
            + mint_turn_token(TURN, b'{"text": "x"}', INTERNAL_SECRET, at=1_700_000_000)
        },
    ],
)
async def test_nobody_gets_in_without_a_live_signed_token(
    http: httpx.AsyncClient, agent: Agent, headers: dict[str, str]
) -> None:
    answer = await http.post(
        "/webhooks/internal/webhook", content=b'{"text": "x"}', headers=headers
    )
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message"}
    assert agent.messages == []


async def test_a_token_is_good_for_its_own_body_only(http: httpx.AsyncClient, agent: Agent) -> None:
    token = mint_turn_token(TURN, b'{"text": "a"}', INTERNAL_SECRET)
    answer = await post(http, b'{"text": "b"}', token)
    assert (answer.status_code, answer.json()["code"]) == (401, "body")
    assert agent.messages == []


async def test_a_token_is_good_once(http: httpx.AsyncClient, agent: Agent) -> None:
    body = b'{"text": "a"}'
    token = mint_turn_token(TURN, body, INTERNAL_SECRET)
    assert (await post(http, body, token)).status_code == 200
    answer = await post(http, body, token)
    assert (answer.status_code, answer.json()["code"]) == (401, "replayed")
    assert len(agent.messages) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"nonsense",
        {},
        {"text": 5},
        {"text": "x", "sender": "default"},
        {"text": "x", "metadata": {"identity": "mine"}},
        {"text": ""},
        {"text": " \u200b\n"},
        {"text": "/"},
        {"text": "长" * 501},
    ],
)
async def test_a_signed_body_that_makes_no_sense_is_refused(
    http: httpx.AsyncClient, agent: Agent, body: Any
) -> None:
    assert (await post(http, body)).status_code == 422
    assert agent.messages == []


async def test_a_huge_body_is_refused(http: httpx.AsyncClient, agent: Agent) -> None:
    assert (await post(http, {"text": "x" * 70_000})).status_code == 413
    assert agent.messages == []


@pytest.mark.parametrize("slash", ["/", "／", "\u200b/", " ／/", "【/"])
async def test_a_typed_slash_reaches_rasa_as_plain_text(
    http: httpx.AsyncClient, agent: Agent, slash: str
) -> None:
    assert (await post(http, {"text": slash + 'refund{"order_id":"X"}'})).status_code == 200
    assert agent.messages[0].text is not None
    assert "/" not in agent.messages[0].text
    assert 'refund{"order_id":"X"}' in agent.messages[0].text


async def test_a_buttons_payload_reaches_rasa_unchanged(
    http: httpx.AsyncClient, agent: Agent
) -> None:
    payload = '/ask_refund_amount{"order_id": "BD1"}'
    assert (await post(http, {"text": payload}, turn=BUTTON)).status_code == 200
    assert agent.messages[0].text == payload


async def test_text_is_no_buttons_payload(http: httpx.AsyncClient, agent: Agent) -> None:
    assert (await post(http, {"text": "能退吗"}, turn=BUTTON)).status_code == 422
    assert agent.messages == []


async def test_a_failure_inside_is_told_without_its_text(
    http: httpx.AsyncClient, agent: Agent
) -> None:
    agent.fails = True
    answer = await post(http, {"text": "能退吗"})
    assert answer.status_code == 502
    assert "secret" not in answer.text


async def test_it_is_ready_only_with_a_model(http: httpx.AsyncClient, agent: Agent) -> None:
    assert (await http.get("/webhooks/internal/")).status_code == 200
    agent.ready = False
    assert (await http.get("/webhooks/internal/")).status_code == 503
    assert (await post(http, {"text": "能退吗"})).status_code == 503
    assert agent.messages == []


async def test_a_turn_is_finished_although_the_caller_hangs_up(
    http: httpx.AsyncClient, agent: Agent
) -> None:
    agent.hold = asyncio.Event()
    call = asyncio.create_task(post(http, {"text": "能退吗"}))
    await asyncio.wait_for(agent.started.wait(), 5)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    assert not agent.finished.is_set()
    agent.hold.set()
    await asyncio.wait_for(agent.finished.wait(), 5)


async def test_gateway_and_channel_agree(
    tmp_path: Path, server: tuple[str, Agent], agent: Agent
) -> None:
    settings: Settings = make_settings(tmp_path, rasa_url=server[0])
    async with httpx.AsyncClient() as http:
        rasa = Rasa(settings, http)
        replies = await rasa.turn(TURN, "能退吗")
        assert [reply["text"] for reply in replies] == ["第一段\n\n第二段", "可以退"]
        agent.ready = False
        with pytest.raises(RasaUnavailable, match="503"):
            await rasa.turn(TURN, "能退吗")


async def test_remembered_tokens_are_forgotten_when_they_expire_and_never_exceed_their_room() -> (
    None
):
    seen = SeenTokens(capacity=2)
    seen.use("a", 10, at=0)
    seen.use("b", 20, at=0)
    with pytest.raises(IdentityError):
        seen.use("c", 30, at=5)
    with pytest.raises(IdentityError, match="before"):
        seen.use("b", 20, at=5)
    seen.use("c", 30, at=11)
    assert len(seen) == 2
    with pytest.raises(IdentityError, match="before"):
        seen.use("b", 20, at=11)
