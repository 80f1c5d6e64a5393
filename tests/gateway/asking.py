"""A customer of a gateway in this process, for questions that wait."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx

from refundbot.gateway.app import create_app
from refundbot.settings import Settings
from tests.gateway.fakes import FakeRasa, custom, headers, message
from tests.gateway.streams import events_of

C1 = "console:baidu:A1001:c1"
ORDERS_DOWN = custom("订单系统暂时查不到，请过几分钟再问一次。", later={"part": "orders"})


class Client:
    """A customer of a gateway in this process, A1001 in conversation c1 unless told otherwise."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def say(
        self, said: str | None = None, account: str = "A1001", **more: Any
    ) -> dict[str, Any]:
        body = message(**({} if said is None else {"text": said}), **more)
        answer = await self.http.post("/api/chat/messages", json=body, headers=headers(account))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def follow(self, account: str = "A1001") -> list[dict[str, Any]]:
        """The whole stream: it ends when nothing is owed any more."""
        accept = {"Accept": "text/event-stream", **headers(account)}
        stream = self.http.get("/api/chat/live?conversation=c1", headers=accept)
        return events_of((await asyncio.wait_for(stream, 10)).text)

    async def history(self, account: str = "A1001") -> list[dict[str, Any]]:
        answer = await self.http.get("/api/chat/history?conversation=c1", headers=headers(account))
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found


def texts(replies: list[dict[str, Any]]) -> list[str]:
    return [reply["text"] for reply in replies]


async def gateways(settings: Settings, rasa: FakeRasa) -> AsyncIterator[Client]:
    """A gateway from its start to its end."""
    app = create_app(settings, transport=rasa, rate="1000/minute")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://g") as http,
    ):
        yield Client(http)


async def until_none_waits(asker: Client) -> None:
    async def wait() -> None:
        while (await asker.http.get("/healthz")).json()["waiting_questions"]:
            pass

    await asyncio.wait_for(wait(), 10)
