"""The chat's HTTP interface: who may ask, what may be sent, what is answered without a turn."""

import json
import time
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from refundbot.identity import Turn, mint_console_token, mint_turn_token, mint_visitor_token
from tests.gateway.conftest import Say
from tests.gateway.fakes import (
    CONSOLE_SECRET,
    INTERNAL_SECRET,
    FakeRasa,
    custom,
    headers,
    message,
)

CHAT = "/api/chat/messages"


def test_a_signed_in_customer_is_answered(say: Say, rasa: FakeRasa) -> None:
    decision = {"outcome": "refundable", "amount": "186.67"}
    link = {"title": "去退订", "url": "http://testserver/refund/BD1"}
    rasa.answer = lambda text: [custom("可以退", link, decision=decision, kind="answer")]
    answer = say("能退吗", message_id="m-1")
    assert answer.status_code == 200
    body = answer.json()
    assert body["message_id"] == "m-1"
    assert body["latency_ms"] >= 0
    assert body["replies"] == [
        {"text": "可以退", "buttons": [link], "decision": decision, "kind": "answer"}
    ]
    (turn, text) = rasa.turns[0]
    assert (turn.account, turn.vendor, turn.kind, text) == ("A1001", "baidu", "text", "能退吗")


def test_the_client_names_neither_the_account_nor_the_conversation_of_another(
    say: Say, rasa: FakeRasa, client: TestClient
) -> None:
    say("一", account="A1001")
    say("二", account="A1002")
    (first, _), (second, _) = rasa.turns
    assert first.conversation == "console:baidu:A1001:c1"
    assert second.conversation == "console:baidu:A1002:c1"
    for field in ("account", "sender", "sender_id", "metadata"):
        body = {**message(text="三"), field: "A1001"}
        assert client.post(CHAT, json=body, headers=headers("A1002")).status_code == 422
    assert len(rasa.turns) == 2


def _claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    base = {
        "iss": "console",
        "aud": "refundbot",
        "sub": "A1001",
        "vendor": "baidu",
        "iat": now,
        "exp": now + 300,
        "jti": "0123456789abcdef",
    }
    merged = {**base, **changes}
    return {name: value for name, value in merged.items() if value is not None}


NOW = int(time.time())
BAD_TOKENS = {
    "no signature": jwt.encode(_claims(), None, algorithm="none"),
    "wrong key": jwt.encode(_claims(), "w" * 40, algorithm="HS256"),
    "wrong audience": jwt.encode(_claims(aud="rasa"), CONSOLE_SECRET, algorithm="HS256"),
    "wrong issuer": jwt.encode(_claims(iss="evil"), CONSOLE_SECRET, algorithm="HS256"),
    "expired": jwt.encode(_claims(iat=NOW - 90, exp=NOW - 1), CONSOLE_SECRET, algorithm="HS256"),
    "too long-lived": jwt.encode(_claims(exp=NOW + 3600), CONSOLE_SECRET, algorithm="HS256"),
    "no id": jwt.encode(_claims(jti=None), CONSOLE_SECRET, algorithm="HS256"),
    "no account": jwt.encode(_claims(sub=None), CONSOLE_SECRET, algorithm="HS256"),
    "a turn token": mint_turn_token(
        Turn("c", "A1001", "baidu", "console", "text"), b"", INTERNAL_SECRET
    ),
    "a visitor token of another key": mint_visitor_token("v1", "baidu", CONSOLE_SECRET),
    "not a token": "nonsense",
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_bad_token_is_refused_in_chinese_and_runs_no_turn(
    client: TestClient, rasa: FakeRasa, name: str
) -> None:
    bad = {"Authorization": f"Bearer {BAD_TOKENS[name]}"}
    for answer in (
        client.post(CHAT, json=message(text="能退吗"), headers=bad),
        client.get("/api/chat/history?conversation=c1", headers=bad),
    ):
        assert answer.status_code == 401
        assert answer.json() == {
            "code": "unauthorized",
            "message": "登录已过期或无效，请刷新页面后重试。",
        }
        assert answer.headers["www-authenticate"] == "Bearer"
    assert rasa.turns == []


def test_without_a_token_nothing_is_answered(client: TestClient, rasa: FakeRasa) -> None:
    assert client.post(CHAT, json=message(text="能退吗")).status_code == 401
    assert client.post(CHAT, content=b"nonsense").status_code == 401
    assert rasa.turns == []


def test_a_visitor_is_answered_without_an_account(client: TestClient, rasa: FakeRasa) -> None:
    granted = client.post("/api/chat/visitor-token").json()
    assert granted["account"] is None
    bearer = {"Authorization": f"Bearer {granted['token']}"}
    assert client.post(CHAT, json=message(text="怎么退"), headers=bearer).status_code == 200
    (turn, _) = rasa.turns[0]
    assert turn.account is None
    assert turn.conversation.startswith("visitor:")


def test_a_visitor_who_shows_the_last_token_stays_the_same_visitor(
    client: TestClient, rasa: FakeRasa
) -> None:
    old = mint_visitor_token("v-old", "baidu", INTERNAL_SECRET, at=time.time() - 3600)
    forged = mint_visitor_token("v-old", "baidu", "f" * 40)
    account = mint_console_token("A1001", "baidu", CONSOLE_SECRET)
    for shown in (old, forged, account):
        granted = client.post(
            "/api/chat/visitor-token", headers={"Authorization": f"Bearer {shown}"}
        ).json()
        bearer = {"Authorization": f"Bearer {granted['token']}"}
        client.post(CHAT, json=message(text="怎么退"), headers=bearer)
    same, *others = (turn.conversation for turn, _ in rasa.turns)
    assert same == "visitor:v-old:c1"
    assert all(not name.startswith("visitor:v-old:") for name in others)


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ([], "JSON 对象"),
        ("x", "JSON 对象"),
        ({}, "缺少 conversation、message_id"),
        ({"conversation": "c1", "text": "x"}, "缺少 message_id"),
        ({"conversation": "c1", "message_id": "m1"}, "text 和 button"),
        ({"conversation": "c1", "message_id": "m1", "text": "x", "button": "y"}, "text 和 button"),
        ({"conversation": "c1", "message_id": "m1", "text": None}, "text 应为字符串"),
        ({"conversation": "c1", "message_id": "m1", "text": ["x"]}, "text 应为字符串"),
        ({"conversation": "c 1", "message_id": "m1", "text": "x"}, "conversation 应为"),
        ({"conversation": "c1\n", "message_id": "m1", "text": "x"}, "conversation 应为"),
        ({"conversation": "c" * 65, "message_id": "m1", "text": "x"}, "conversation 应为"),
        ({"conversation": "", "message_id": "m1", "text": "x"}, "conversation 应为"),
        ({"conversation": "c1", "message_id": 7, "text": "x"}, "message_id 应为"),
        ({"conversation": "c1", "message_id": "m1", "button": ""}, "button 应为"),
        ({"conversation": "c1", "message_id": "m1", "text": "x", "a": 1}, "只能有"),
    ],
)
def test_a_wrong_body_is_refused_naming_what_is_wrong(
    client: TestClient, rasa: FakeRasa, body: Any, part: str
) -> None:
    answer = client.post(CHAT, json=body, headers=headers())
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert part in answer.json()["message"]
    assert rasa.turns == []


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", b'{"text"', b"\xff\xfe", b"[" * 60_000],
    ids=["empty", "a word", "half an object", "not UTF-8", "60 000 brackets"],
)
def test_what_is_not_json_is_refused(client: TestClient, content: bytes) -> None:
    answer = client.post(CHAT, content=content, headers=headers())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_body_over_64_kib_is_refused(client: TestClient, rasa: FakeRasa) -> None:
    answer = client.post(CHAT, json=message(text="长" * 70_000), headers=headers())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert rasa.turns == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "没有收到文字"),
        ("   \n\t　", "没有收到文字"),
        ("\x00\x07\x1b\u200b\u2028", "没有收到文字"),
        ("/", "没有收到文字"),
        ("／ ／", "没有收到文字"),
        ("😀😀👍🏻", "表情收到了"),
        ("❤️", "表情收到了"),
        ("我" * 501, "501 个字"),
        ("退" * 10_000, "10000 个字"),
    ],
    ids=lambda value: value[:8] if len(value) < 100 else f"{len(value)} characters",
)
def test_a_message_there_is_nothing_to_read_in_is_answered_without_a_turn(
    say: Say, rasa: FakeRasa, text: str, part: str
) -> None:
    answer = say(text)
    assert answer.status_code == 200
    (reply,) = answer.json()["replies"]
    assert reply["kind"] == "notice"
    assert part in reply["text"]
    assert rasa.turns == []


def test_500_characters_and_a_lone_question_mark_are_read(say: Say, rasa: FakeRasa) -> None:
    say("我" * 500)
    say("？")
    assert rasa.texts == ["我" * 500, "？"]


@pytest.mark.parametrize("slash", ["/", "／", "\u200b/", " /", "\x00／/"])
def test_a_typed_instruction_is_inert(say: Say, rasa: FakeRasa, slash: str) -> None:
    say(slash + 'refund{"order_id":"BD1"}')
    (turn, text) = rasa.turns[0]
    assert turn.kind == "text"
    assert text == 'refund{"order_id":"BD1"}'


def test_lone_surrogates_and_control_characters_do_not_break_anything(
    client: TestClient, rasa: FakeRasa
) -> None:
    body = json.dumps(message(text="能\ud800退\x00吗"))
    answer = client.post(CHAT, content=body, headers=headers())
    assert answer.status_code == 200
    assert rasa.texts == ["能退吗"]


def test_every_answer_carries_the_security_headers(client: TestClient, say: Say) -> None:
    answers = [say("能退吗"), client.get("/"), client.get("/nope"), client.get("/healthz")]
    for answer in [*answers, client.post(CHAT), client.get("/widget/refundbot-widget.js")]:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
    assert answers[0].headers["cache-control"] == "no-store"


def test_unknown_addresses_and_methods_are_refused_in_chinese(client: TestClient) -> None:
    assert client.get("/api/nope").json() == {"code": "not_found", "message": "没有这个地址。"}
    wrong = client.get(CHAT)
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method")
    assert client.get("/widget/../pyproject.toml").status_code == 404
    assert client.get("/widget/%2e%2e/pyproject.toml").status_code == 404
