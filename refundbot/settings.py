"""All settings, read once from the environment; README's configuration table lists them."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names it and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """One deployment's settings.

    Attributes:
        host: interface each process listens on; only the gateway's port may be published.
        port: gateway and reference console.
        rasa_port: Rasa, internal.
        actions_port: action server, internal.
        rasa_url: where the gateway finds Rasa.
        actions_url: where Rasa and the health check find the action server.
        public_url: address customers open, without a trailing slash; links in replies start here.
        refund_url: refund application page, with ``{order_id}`` where the order number goes.
        orders_url: the signed-in customer's orders.
        login_url: where a visitor signs in.
        support_url: where a customer reaches a person.
        database_url: any SQLAlchemy URL.
        orders_api: address of a service that keeps the orders, or "" when the database does.
        orders_api_key: key that service is asked with; "" without `orders_api`.
        console_secret: HS256 key shared with the customer's console, which mints widget tokens.
        internal_secret: HS256 key between gateway, Rasa and action server.
        link_secret: key that signs refund application links and button tokens.
        demo: offer the demo login and load the demo orders.
        vendor: vendor whose console this is; anonymous visitors get its general rules.
        policies: ids of the live policies; limits each vendor named, leaves the others.
        var_dir: run-time files: database, logs, generated secrets.
        models_dir: trained models.
        turn_timeout: seconds the gateway waits for one turn before it says so.
    """

    host: str
    port: int
    rasa_port: int
    actions_port: int
    rasa_url: str
    actions_url: str
    public_url: str
    refund_url: str
    orders_url: str
    login_url: str
    support_url: str
    database_url: str
    orders_api: str
    orders_api_key: str
    console_secret: str
    internal_secret: str
    link_secret: str
    demo: bool
    vendor: str
    policies: tuple[str, ...]
    var_dir: Path
    models_dir: Path
    turn_timeout: float


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "").strip() or str(default)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name}={text!r} is not a port; use a number from 1 to 65535")
    return int(text)


def _url(env: Mapping[str, str], name: str, default: str) -> str:
    text = (env.get(name, "").strip() or default).rstrip("/")
    if not text.startswith(("http://", "https://")):
        raise SettingsError(
            f"{name}={text!r} is not an address; it starts with http:// or https://"
        )
    return text


def _refund_url(env: Mapping[str, str], default: str) -> str:
    address = _url(env, "REFUNDBOT_REFUND_URL", default)
    if "{order_id}" not in address:
        raise SettingsError(
            f"REFUNDBOT_REFUND_URL={address!r} has no place for the order number; "
            "write it like https://console.example.com/refund?order={order_id}"
        )
    return address


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise SettingsError(f"{name}={text!r} is not a switch; use 1 or 0")


def _secret(env: Mapping[str, str], name: str) -> str:
    """The secret from the environment, else a random one that only this process knows.

    A random default fails closed: a process started alone without the secret accepts nobody's
    tokens instead of everybody's.
    """
    text = env.get(name, "").strip()
    if text and len(text) < 32:
        raise SettingsError(f"{name} is shorter than 32 characters; use `openssl rand -hex 32`")
    return text or secrets.token_hex(32)


def _orders_api(env: Mapping[str, str]) -> tuple[str, str]:
    """The order service's address and key; two empty texts when there is none."""
    if not env.get("REFUNDBOT_ORDERS_API", "").strip():
        return "", ""
    address = _url(env, "REFUNDBOT_ORDERS_API", "")
    if "@" in address or "?" in address or "#" in address:
        raise SettingsError(
            "REFUNDBOT_ORDERS_API is not a plain address; write it like "
            "https://orders.example.com/v1, and the key into REFUNDBOT_ORDERS_API_KEY"
        )
    key = env.get("REFUNDBOT_ORDERS_API_KEY", "").strip()
    if not key:
        raise SettingsError(
            "REFUNDBOT_ORDERS_API_KEY is missing; the order service must not answer without a key"
        )
    if not re.fullmatch(r"[!-~]+", key):
        raise SettingsError(
            "REFUNDBOT_ORDERS_API_KEY holds characters that no key has; "
            "use ASCII letters, digits and signs without spaces"
        )
    return address, key


def load_settings(env: Mapping[str, str]) -> Settings:
    """Read the settings from a mapping of environment variables.

    Raises:
        SettingsError: a value cannot be used.
    """
    var_dir = Path(env.get("REFUNDBOT_VAR", "").strip() or ROOT / "var")
    host = env.get("REFUNDBOT_HOST", "").strip() or "127.0.0.1"
    port = _port(env, "REFUNDBOT_PORT", 8000)
    rasa_port = _port(env, "REFUNDBOT_RASA_PORT", 5005)
    actions_port = _port(env, "REFUNDBOT_ACTIONS_PORT", 5055)
    public_url = _url(env, "REFUNDBOT_PUBLIC_URL", f"http://{host}:{port}")
    orders_api, orders_api_key = _orders_api(env)
    timeout = env.get("REFUNDBOT_TURN_TIMEOUT", "").strip() or "4.5"
    try:
        turn_timeout = float(timeout)
    except ValueError:
        raise SettingsError(
            f"REFUNDBOT_TURN_TIMEOUT={timeout!r} is not a number of seconds"
        ) from None
    return Settings(
        host=host,
        port=port,
        rasa_port=rasa_port,
        actions_port=actions_port,
        rasa_url=_url(env, "REFUNDBOT_RASA_URL", f"http://{host}:{rasa_port}"),
        actions_url=_url(env, "REFUNDBOT_ACTIONS_URL", f"http://{host}:{actions_port}"),
        public_url=public_url,
        refund_url=_refund_url(env, f"{public_url}/refund/{{order_id}}"),
        orders_url=_url(env, "REFUNDBOT_ORDERS_URL", f"{public_url}/#orders"),
        login_url=_url(env, "REFUNDBOT_LOGIN_URL", f"{public_url}/login"),
        support_url=_url(env, "REFUNDBOT_SUPPORT_URL", f"{public_url}/support"),
        database_url=env.get("REFUNDBOT_DATABASE_URL", "").strip()
        or f"sqlite:///{var_dir / 'refundbot.db'}",
        orders_api=orders_api,
        orders_api_key=orders_api_key,
        console_secret=_secret(env, "REFUNDBOT_CONSOLE_SECRET"),
        internal_secret=_secret(env, "REFUNDBOT_INTERNAL_SECRET"),
        link_secret=_secret(env, "REFUNDBOT_LINK_SECRET"),
        demo=_flag(env, "REFUNDBOT_DEMO", True),
        vendor=env.get("REFUNDBOT_VENDOR", "").strip() or "baidu",
        policies=tuple(filter(None, re.split(r"[,\s]+", env.get("REFUNDBOT_POLICIES", "")))),
        var_dir=var_dir,
        models_dir=Path(env.get("REFUNDBOT_MODELS", "").strip() or ROOT / "models"),
        turn_timeout=turn_timeout,
    )


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """This process's settings; `get_settings.cache_clear()` reads them anew."""
    return load_settings(os.environ)
