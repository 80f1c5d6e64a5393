"""A database with the applications' tables, on SQLite and, where it can run, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.testclient import TestClient

from refundbot.console.app import console_middleware, console_routes
from refundbot.db import make_engine, session_factory
from refundbot.gateway.errors import ApiError, on_api_error
from refundbot.orders.migrate import upgrade
from refundbot.settings import Settings, get_settings
from tests.applications.browser import Browser
from tests.applications.world import SECRET, Sessions, World
from tests.gateway.fakes import make_settings


@pytest.fixture
def world(sessions: Sessions) -> World:
    return World(sessions)


@pytest.fixture(scope="module")
def migrated_postgres(postgres_url: str) -> str:
    upgrade(postgres_url)
    return postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The service on each kind of database, empty."""
    if request.param == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('database')}"
    else:
        url = request.getfixturevalue("migrated_postgres")
    engine = make_engine(url)
    if request.param == "postgresql":
        tables = "application_events, application_claims, refund_applications, application_numbers"
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables}"))
    yield World(session_factory(engine))
    engine.dispose()


@pytest.fixture
def settings(sessions: Sessions, database: object, tmp_path: object) -> Settings:
    return make_settings(tmp_path, database_url=f"sqlite:///{database}")  # type: ignore[arg-type]


@pytest.fixture
def browser(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    world = World(sessions)
    app = Starlette(
        routes=console_routes(settings, world.orders, world.orders),
        middleware=console_middleware(settings),
        exception_handlers={ApiError: on_api_error},
    )
    monkeypatch.setenv("REFUNDBOT_PUBLIC_URL", "http://testserver")
    monkeypatch.setenv("REFUNDBOT_LINK_SECRET", SECRET)
    get_settings.cache_clear()
    with TestClient(app, headers={"accept": "text/html"}) as client:
        yield Browser(client, world, monkeypatch)
    get_settings.cache_clear()
