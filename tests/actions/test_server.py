"""The action server tells callers nothing about what went wrong inside, and stays inside."""

import httpx
import pytest

from tests.stack import Stack


@pytest.mark.stack
def test_an_error_inside_is_not_told_to_the_caller(stack: Stack) -> None:
    url = f"http://127.0.0.1:{stack.env['REFUNDBOT_ACTIONS_PORT']}/webhook"
    answer = httpx.post(url, content="not json, secret=1")
    assert answer.status_code in {400, 500}
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.stack
def test_an_action_called_without_a_turn_token_looks_nothing_up(stack: Stack) -> None:
    url = f"http://127.0.0.1:{stack.env['REFUNDBOT_ACTIONS_PORT']}/webhook"
    call = {
        "next_action": "action_list_orders",
        "version": "3.6.21",
        "sender_id": "console:baidu:A1001:x",
        "tracker": {
            "sender_id": "console:baidu:A1001:x",
            "slots": {},
            "latest_message": {"text": "我的订单", "metadata": {"account": "A1001"}},
            "events": [],
            "paused": False,
        },
        "domain": {},
    }
    answer = httpx.post(url, json=call)
    assert answer.status_code == 200
    assert "BD20" not in answer.text
    assert "登录状态已失效" in answer.json()["responses"][0]["custom"]["text"]
