"""Nobody can flood the bot, and nobody is slowed down by somebody else."""

import pytest
from starlette.testclient import TestClient

from refundbot.gateway.app import create_app
from refundbot.gateway.limits import rate_from
from refundbot.settings import Settings, SettingsError
from tests.gateway.fakes import FakeRasa, headers, message

CHAT = "/api/chat/messages"


def test_over_the_rate_the_customer_is_told_how_long_to_wait(
    settings: Settings, rasa: FakeRasa
) -> None:
    with TestClient(create_app(settings, transport=rasa, rate="3/minute")) as client:
        answers = [
            client.post(CHAT, json=message(text="能退吗", conversation=f"c{n}"), headers=headers())
            for n in range(4)
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        refused = answers[-1]
        seconds = int(refused.headers["retry-after"])
        assert 1 <= seconds <= 60
        assert refused.json() == {
            "code": "rate_limited",
            "message": f"您发得太快了，请稍等 {seconds} 秒再发。",
        }
        assert len(rasa.turns) == 3
        other = client.post(CHAT, json=message(text="能退吗"), headers=headers("A1002"))
        assert other.status_code == 200


def test_visitor_tokens_are_not_minted_without_end(client: TestClient) -> None:
    codes = [client.post("/api/chat/visitor-token").status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]


def test_the_rate_is_a_setting() -> None:
    assert rate_from({}, demo=False) == "60/minute"
    assert rate_from({}, demo=True) == "600/minute"
    assert rate_from({"REFUNDBOT_CHAT_RATE": " 5/second "}, demo=True) == "5/second"
    with pytest.raises(SettingsError, match="REFUNDBOT_CHAT_RATE='often'"):
        rate_from({"REFUNDBOT_CHAT_RATE": "often"}, demo=False)
