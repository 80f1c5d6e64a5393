"""Actions against the demo orders in a database of their own, under a fixed clock."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from refundbot.applications.demo import load_demo_applications
from refundbot.clock import parse_instant
from refundbot.db import make_engine, session_factory
from refundbot.identity import Turn, mint_turn_token
from refundbot.orders.demo import load_demo
from refundbot.orders.migrate import upgrade
from refundbot.settings import get_settings
from tests.stack import NOW, ROOT

SECRET = "s" * 64


@pytest.fixture(scope="session")
def domain() -> dict[str, Any]:
    """The real domain."""
    return yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    """All actions, registered as the action server registers them."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database with the demo orders as of the fixed clock."""
    url = f"sqlite:///{tmp_path_factory.mktemp('db') / 'orders.db'}"
    upgrade(url)
    engine = make_engine(url)
    load_demo(session_factory(engine), parse_instant(NOW))
    load_demo_applications(session_factory(engine), parse_instant(NOW))
    engine.dispose()
    return url


@pytest.fixture(autouse=True)
def _settings(
    monkeypatch: pytest.MonkeyPatch, demo_database: str, tmp_path: Path
) -> Iterator[None]:
    monkeypatch.setenv("REFUNDBOT_NOW", NOW)
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", demo_database)
    monkeypatch.setenv("REFUNDBOT_INTERNAL_SECRET", SECRET)
    monkeypatch.setenv("REFUNDBOT_PUBLIC_URL", "http://console.test")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def own_database(demo_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the demo database, for a test that changes it."""
    engine = make_engine(demo_database)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{tmp_path}/own.db'")
    engine.dispose()
    monkeypatch.setenv("REFUNDBOT_DATABASE_URL", f"sqlite:///{tmp_path}/own.db")
    get_settings.cache_clear()


@dataclass
class Said:
    """What an action said and what it remembered."""

    text: str
    titles: list[str]
    kind: str
    decision: dict[str, Any] | None
    decisions: list[dict[str, Any]]
    buttons: list[dict[str, Any]]
    slots: dict[str, Any]
    custom: dict[str, Any]  # the whole of it, notes to the gateway included


@dataclass
class Customer:
    """A customer whose messages go straight to the actions; slots are kept between turns."""

    executor: ActionExecutor
    domain: dict[str, Any]
    account: str | None = "A1001"
    vendor: str = "baidu"
    slots: dict[str, Any] = field(default_factory=dict)

    def ask(
        self,
        intent: str,
        *,
        text: str = "…",
        action: str | None = None,
        token: str | None = "valid",
        late: bool = False,
        clauses: list[dict[str, Any]] | None = None,
        ranking: list[tuple[str, float]] | None = None,
        **entities: Any,
    ) -> Said:
        """One message of this intent with these entities; runs the action the rules name."""
        if token == "valid":
            turn = Turn(f"test:{self.account}", self.account, self.vendor, "console", "text", late)
            token = mint_turn_token(turn, b"{}", SECRET)
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [
                {"entity": name, "value": value}
                for name, values in entities.items()
                for value in (values if isinstance(values, list) else [values])
            ],
            "intent_ranking": [{"name": n, "confidence": c} for n, c in ranking or []],
            "metadata": {} if token is None else {"identity": token},
        }
        if clauses is not None:
            message["clauses"] = clauses
        tracker = Tracker("test", dict(self.slots), message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        name = action or f"action_{intent}"
        events = asyncio.run(self.executor.actions[name](dispatcher, tracker, self.domain))
        self.slots.update({event["name"]: event["value"] for event in events or []})
        assert len(dispatcher.messages) == 1, "an action says one thing"
        custom = dispatcher.messages[0]["custom"]
        return Said(
            custom["text"],
            [button["title"] for button in custom["buttons"]],
            custom["kind"],
            custom["decision"],
            custom["decisions"],
            custom["buttons"],
            self.slots,
            custom,
        )

    def press(self, button: dict[str, Any]) -> Said:
        """Press a button of an earlier reply; runs the action the rules name."""
        name, _, entities = button["payload"].removeprefix("/").partition("{")
        action = _ACTIONS.get(name)
        values = json.loads("{" + entities) if entities else {}
        return self.ask(name, text=button["payload"], action=action, **values)


# Intents whose action does not carry their name; see data/rules.
_ACTIONS = {"inform": "action_follow_up"}


@pytest.fixture
def customer(executor: ActionExecutor, domain: dict[str, Any]) -> Callable[..., Customer]:
    """Make a customer: `customer()` is A1001, `customer(account=None)` a visitor."""

    def make(account: str | None = "A1001", vendor: str = "baidu") -> Customer:
        return Customer(executor, domain, account, vendor)

    return make


@pytest.fixture
def owner(customer: Callable[..., Customer]) -> Customer:
    """The customer with servers at 阿里云."""
    return customer("A1010", vendor="aliyun")
