"""Settings that cannot be used are refused by name, with how to mend them."""

from datetime import timedelta
from pathlib import Path

import pytest

from refundbot.clock import now, parse_instant
from refundbot.settings import SettingsError, load_settings


def test_without_any_variable_everything_stays_on_this_machine() -> None:
    settings = load_settings({})
    assert settings.host == "127.0.0.1"
    assert (settings.port, settings.rasa_port, settings.actions_port) == (8000, 5005, 5055)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.rasa_url == "http://127.0.0.1:5005"
    assert settings.database_url.startswith("sqlite:///")


def test_a_process_without_secrets_trusts_nobody_rather_than_everybody() -> None:
    first, second = load_settings({}), load_settings({})
    assert len(first.console_secret) >= 32
    assert first.console_secret != second.console_secret


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("REFUNDBOT_PORT", "80a", "1 to 65535"),
        ("REFUNDBOT_RASA_PORT", "0", "1 to 65535"),
        ("REFUNDBOT_ACTIONS_PORT", "70000", "1 to 65535"),
        ("REFUNDBOT_DEMO", "maybe", "use 1 or 0"),
        ("REFUNDBOT_CONSOLE_SECRET", "short", "openssl rand"),
        ("REFUNDBOT_PUBLIC_URL", "console.example.com", "https://"),
        ("REFUNDBOT_REFUND_URL", "https://console.example.com/refund", "{order_id}"),
        ("REFUNDBOT_TURN_TIMEOUT", "soon", "seconds"),
    ],
)
def test_an_unusable_setting_is_named(name: str, value: str, hint: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({name: value})
    assert name in str(refused.value)
    assert hint in str(refused.value)


def test_addresses_follow_the_host_and_can_be_set_apart(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "REFUNDBOT_HOST": "0.0.0.0",
            "REFUNDBOT_RASA_URL": "http://rasa:5005/",
            "REFUNDBOT_PUBLIC_URL": "https://bot.example.com/",
            "REFUNDBOT_VAR": str(tmp_path),
        }
    )
    assert settings.rasa_url == "http://rasa:5005"
    assert settings.actions_url == "http://0.0.0.0:5055"
    assert settings.public_url == "https://bot.example.com"
    assert settings.support_url == "https://bot.example.com/support"
    assert settings.refund_url == "https://bot.example.com/refund/{order_id}"
    assert settings.database_url == f"sqlite:///{tmp_path}/refundbot.db"


def test_the_clock_can_be_fixed_and_is_beijing_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFUNDBOT_NOW", "2026-11-23T02:00:00Z")
    assert now().isoformat() == "2026-11-23T10:00:00+08:00"
    monkeypatch.setenv("REFUNDBOT_NOW", "2026-11-23T10:00")
    assert now() == parse_instant("2026-11-23T10:00:00+08:00")
    monkeypatch.delenv("REFUNDBOT_NOW")
    assert now().utcoffset() == timedelta(hours=8)


def test_a_malformed_clock_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFUNDBOT_NOW", "yesterday")
    with pytest.raises(ValueError, match="REFUNDBOT_NOW='yesterday'"):
        now()
