"""Every rule by which a token is refused, one broken rule at a time."""

import base64
import json
from typing import Any

import jwt
import pytest

from refundbot import identity
from refundbot.identity import Caller, IdentityError, Turn
from tests.gateway.fakes import CONSOLE_SECRET, INTERNAL_SECRET

NOW = 1_800_000_000
CONSOLE = {
    "iss": "console",
    "aud": "refundbot",
    "sub": "A1001",
    "vendor": "baidu",
    "iat": NOW,
    "exp": NOW + 600,
    "jti": "0123456789abcdef",
}
TURN = {
    "iss": "gateway",
    "aud": "rasa",
    "conversation": "console:baidu:A1001:c1",
    "account": "A1001",
    "vendor": "baidu",
    "channel": "console",
    "kind": "text",
    "body_sha256": "0" * 64,
    "iat": NOW,
    "exp": NOW + 60,
    "jti": "0123456789abcdef",
}


def verify(token: str, at: float = NOW + 1) -> Caller:
    return identity.verify_caller(
        token, console_secret=CONSOLE_SECRET, internal_secret=INTERNAL_SECRET, at=at
    )


def sign(claims: dict[str, Any], key: str = CONSOLE_SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def unsigned(claims: dict[str, Any], algorithm: str = "none") -> str:
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    encoded = (
        base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts
    )
    return ".".join(encoded) + "."


def test_a_console_token_names_its_account() -> None:
    assert verify(sign(CONSOLE)) == Caller("A1001", "baidu", None)


def test_what_the_demo_console_mints_is_accepted() -> None:
    token = identity.mint_console_token("A1001", "baidu", CONSOLE_SECRET, at=NOW)
    assert verify(token).account == "A1001"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"aud": "other"}, "audience"),
        ({"aud": ["refundbot", "other"]}, "audience"),
        ({"iss": "somebody"}, "issuer"),
        ({"exp": NOW}, "lifetime"),
        ({"iat": NOW - 700, "exp": NOW - 100}, "expired"),
        ({"exp": NOW + 601}, "lifetime"),
        ({"exp": NOW + 10**9}, "lifetime"),
        ({"iat": NOW + 3600, "exp": NOW + 3700}, "not_yet_valid"),
        ({"iat": "now"}, "claim"),
        ({"exp": NOW + 0.5}, "claim"),
        ({"iat": True}, "claim"),
        ({"jti": "short"}, "claim"),
        ({"jti": 12345678}, "malformed"),
        ({"sub": "A1001/../A1002"}, "claim"),
        ({"sub": "A1001:x"}, "claim"),
        ({"sub": "A1001\n"}, "claim"),
        ({"sub": ""}, "claim"),
        ({"vendor": 7}, "claim"),
    ],
)
def test_a_console_token_with_one_wrong_claim_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(IdentityError) as refused:
        verify(sign({**CONSOLE, **change}))
    assert refused.value.code == code


@pytest.mark.parametrize("name", list(CONSOLE))
def test_a_console_token_without_any_one_claim_is_refused(name: str) -> None:
    claims = {key: value for key, value in CONSOLE.items() if key != name}
    with pytest.raises(IdentityError):
        verify(sign(claims))


def test_a_token_is_good_until_the_second_it_expires() -> None:
    assert verify(sign(CONSOLE), at=NOW + 599.9).account == "A1001"
    with pytest.raises(IdentityError, match="expired"):
        verify(sign(CONSOLE), at=NOW + 600)


def test_the_issuers_clock_may_run_half_a_minute_ahead_but_not_more() -> None:
    assert verify(sign(CONSOLE), at=NOW - 30).account == "A1001"
    with pytest.raises(IdentityError, match="not_yet_valid"):
        verify(sign(CONSOLE), at=NOW - 31)


@pytest.mark.parametrize(
    "token",
    [
        unsigned(CONSOLE),
        unsigned(CONSOLE, "HS256"),
        unsigned({**CONSOLE, "iss": "refundbot-gateway", "vid": "v1"}),
        sign(CONSOLE, "x" * 40),
        sign(CONSOLE, INTERNAL_SECRET),
        sign(CONSOLE, algorithm="HS512"),
        sign(CONSOLE, algorithm="HS384"),
        "",
        "a.b.c",
        "x" * 5000,
        sign(CONSOLE)[:-2],
    ],
)
def test_a_token_not_signed_by_the_console_with_hs256_is_refused(token: str) -> None:
    with pytest.raises(IdentityError):
        verify(token)


def test_a_visitor_has_no_account() -> None:
    token = identity.mint_visitor_token("v1", "baidu", INTERNAL_SECRET, at=NOW)
    assert verify(token) == Caller(None, "baidu", "v1")


def test_a_visitor_token_that_names_an_account_is_refused() -> None:
    claims = {**CONSOLE, "iss": "refundbot-gateway", "vid": "v1"}
    for key in (INTERNAL_SECRET, CONSOLE_SECRET, identity._visitor_key(INTERNAL_SECRET)):
        with pytest.raises(IdentityError):
            verify(sign(claims, key))


def test_an_account_and_a_visitor_never_share_a_name() -> None:
    assert Caller("v1", "baidu", None).key != Caller(None, "baidu", "v1").key


def test_a_visitor_keeps_the_id_for_a_day_after_the_token_ended() -> None:
    token = identity.mint_visitor_token("v1", "baidu", INTERNAL_SECRET, at=NOW)
    end = NOW + 600 + 24 * 3600
    assert identity.renewed_visitor(token, internal_secret=INTERNAL_SECRET, at=end - 1) == "v1"
    with pytest.raises(IdentityError, match="expired"):
        identity.renewed_visitor(token, internal_secret=INTERNAL_SECRET, at=end)


def test_a_forged_visitor_id_cannot_be_renewed() -> None:
    token = identity.mint_visitor_token("v1", "baidu", "y" * 40, at=NOW)
    with pytest.raises(IdentityError, match="signature"):
        identity.renewed_visitor(token, internal_secret=INTERNAL_SECRET, at=NOW)


def test_a_turn_says_what_the_gateway_vouched_for() -> None:
    turn = Turn("console:baidu:A1001:c1", "A1001", "baidu", "console", "button")
    token = identity.mint_turn_token(turn, b"{}", INTERNAL_SECRET, at=NOW)
    assert identity.verify_turn(token, secret=INTERNAL_SECRET, at=NOW + 59) == turn


def test_a_visitors_turn_has_a_null_account_and_no_other_way_to_say_so() -> None:
    claims = {**TURN, "account": None}
    token = sign(claims, INTERNAL_SECRET)
    assert identity.verify_turn(token, secret=INTERNAL_SECRET, at=NOW).account is None
    for wrong in ("", 0, False, []):
        token = sign({**TURN, "account": wrong}, INTERNAL_SECRET)
        with pytest.raises(IdentityError):
            identity.verify_turn(token, secret=INTERNAL_SECRET, at=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "refundbot"},
        {"iss": "console"},
        {"exp": NOW + 61},
        {"iat": NOW - 61, "exp": NOW - 1},
        {"kind": "admin"},
        {"conversation": ""},
        {"conversation": "../default"},
        {"channel": None},
        {"vendor": None},
        {"jti": None},
    ],
)
def test_a_turn_token_with_one_wrong_claim_is_refused(change: dict[str, Any]) -> None:
    token = sign({**TURN, **change}, INTERNAL_SECRET)
    with pytest.raises(IdentityError):
        identity.verify_turn(token, secret=INTERNAL_SECRET, at=NOW)


@pytest.mark.parametrize("name", [name for name in TURN if name != "body_sha256"])
def test_a_turn_token_without_any_one_claim_is_refused(name: str) -> None:
    claims = {key: value for key, value in TURN.items() if key != name}
    with pytest.raises(IdentityError):
        identity.verify_turn(sign(claims, INTERNAL_SECRET), secret=INTERNAL_SECRET, at=NOW)


def test_a_console_token_is_no_turn_and_a_turn_is_no_console_token() -> None:
    with pytest.raises(IdentityError):
        identity.verify_turn(sign(CONSOLE), secret=INTERNAL_SECRET, at=NOW)
    with pytest.raises(IdentityError):
        identity.verify_turn(sign(CONSOLE, INTERNAL_SECRET), secret=INTERNAL_SECRET, at=NOW)
    with pytest.raises(IdentityError):
        verify(sign(TURN, CONSOLE_SECRET))


@pytest.mark.parametrize("token", [None, 5, {}, b"x"])
def test_metadata_that_holds_no_token_is_refused(token: object) -> None:
    with pytest.raises(IdentityError, match="missing"):
        identity.verify_turn(token, secret=INTERNAL_SECRET, at=NOW)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_a_header_without_a_bearer_token_is_refused(header: str | None) -> None:
    with pytest.raises(IdentityError, match="missing"):
        identity.bearer(header)
