"""The gateway as an ASGI application."""

import contextlib
import os
from collections.abc import AsyncIterator
from typing import Protocol

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from refundbot.console.accounts import DemoOrders
from refundbot.console.app import console_middleware, console_routes
from refundbot.console.desk import desk_routes
from refundbot.db import make_engine, session_factory
from refundbot.desk.hours import hours_from
from refundbot.desk.tickets import Tickets
from refundbot.gateway import phrases
from refundbot.gateway.buttons import ButtonSigner
from refundbot.gateway.chat import ChatApi
from refundbot.gateway.delivery import ConsoleDelivery
from refundbot.gateway.errors import ApiError, on_api_error, on_crash, on_http_error
from refundbot.gateway.feedback import FeedbackApi
from refundbot.gateway.frontdesk import FrontDesk
from refundbot.gateway.health import Health
from refundbot.gateway.lanes import Lanes
from refundbot.gateway.late import LateAnswers
from refundbot.gateway.limits import rate_from
from refundbot.gateway.live import LiveApi
from refundbot.gateway.people import People
from refundbot.gateway.questions import Questions
from refundbot.gateway.rasa import Rasa
from refundbot.gateway.security import SecurityHeaders
from refundbot.gateway.store import Store, StoreUnavailable
from refundbot.gateway.turns import CHANNEL, Turns
from refundbot.orders import OrderSource, OrdersUnavailable, SqlOrderSource, get_source
from refundbot.review.store import Reviews
from refundbot.settings import ROOT, Settings, get_settings


async def _on_orders_down(request: Request, error: Exception) -> Response:
    return await on_api_error(request, ApiError(503, "orders_down", phrases.ORDERS_DOWN))


async def _on_store_down(request: Request, error: Exception) -> Response:
    return await on_api_error(request, ApiError(503, "store_down", phrases.STORE_DOWN))


class ConsoleOrders(OrderSource, DemoOrders, Protocol):
    """An order source that also lists the demo accounts."""


def create_app(
    settings: Settings | None = None,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    orders: ConsoleOrders | None = None,
    rate: str | None = None,
) -> Starlette:
    """Build the gateway; uvicorn may call it as a factory.

    Args:
        settings: this process's settings when None.
        transport: how Rasa and the action server are reached; tests give their own.
        orders: where the console reads orders; what the settings name when None.
        rate: messages one identity may send, like ``60/minute``; ``REFUNDBOT_CHAT_RATE``
            when None.
    """
    chosen = settings or get_settings()
    engine = make_engine(chosen.database_url)
    sessions = session_factory(engine)
    store = Store(sessions)
    # Loopback only: a proxy from the environment must not see turns.
    http = httpx.AsyncClient(transport=transport, trust_env=False)
    signer = ButtonSigner(chosen.link_secret)
    tickets, reviews = Tickets(sessions), Reviews(sessions)
    desk = FrontDesk(chosen, store, tickets, hours_from(os.environ))
    rasa, people, lanes = Rasa(chosen, http), People(desk, reviews), Lanes()
    questions = Questions(store)
    deliveries = {CHANNEL: ConsoleDelivery(tickets.bell)}
    late = LateAnswers(chosen, questions, rasa, people, lanes, deliveries)
    turns = Turns(chosen, store, rasa, signer, people, questions, late, lanes)
    limit = rate or rate_from(os.environ, demo=chosen.demo)
    chat = ChatApi(chosen, turns, store, signer, desk, reviews, limit)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        late.start()
        yield
        await late.close()
        await turns.close()
        await http.aclose()
        engine.dispose()

    routes: list[BaseRoute] = [
        Route("/healthz", Health(chosen, store, questions, http).report, methods=["GET"]),
        *chat.routes(),
        *LiveApi(desk, questions, signer, chat.caller, chat.limiter).routes(),
        *FeedbackApi(sessions, reviews, chat.caller, chat.limiter).routes(),
        Mount("/widget", StaticFiles(directory=ROOT / "widget")),
    ]
    middleware = [Middleware(SecurityHeaders), *console_middleware(chosen)]
    demo: DemoOrders | None = None
    if chosen.demo:
        demo = orders or SqlOrderSource(sessions)
    routes += desk_routes(chosen, tickets, demo, os.environ)
    routes += console_routes(chosen, orders or get_source(chosen), demo)
    return Starlette(
        routes=routes,
        middleware=middleware,
        lifespan=lifespan,
        exception_handlers={
            ApiError: on_api_error,
            HTTPException: on_http_error,
            StoreUnavailable: _on_store_down,
            OrdersUnavailable: _on_orders_down,
            Exception: on_crash,
        },
    )
