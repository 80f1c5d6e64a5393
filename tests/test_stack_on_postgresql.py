"""The whole way on PostgreSQL, as a deployment runs it: ask, confirm on the page, follow it."""

import re
from collections.abc import Iterator

import httpx
import pytest

from refundbot.client import Chat
from tests.stack import Stack, start_stack

ORDER = "BD20261114001"
pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def on_postgresql(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = start_stack(tmp_path_factory.mktemp("pg"), REFUNDBOT_DATABASE_URL=postgres_url)
    yield running
    running.stop()


def test_a_customer_asks_confirms_on_the_page_and_follows_the_refund(
    on_postgresql: Stack,
) -> None:
    with (
        Chat(on_postgresql.url, "A1001") as chat,
        httpx.Client(base_url=on_postgresql.url, follow_redirects=True) as console,
    ):
        asked = chat.say("我14号买的云服务器帮我退了吧")
        assert "预计退 ¥186.67" in asked.text
        link = next(
            button["url"] for button in asked.buttons if "/refund/" in button.get("url", "")
        )
        before = chat.say("退款到哪了")
        assert "没有找到退款申请" in before.text

        console.post("/demo/login", data={"account": "A1001"})
        page = console.get(link)
        field = re.search(r'name="confirmation" value="([^"]+)"', page.text)
        assert field is not None
        form = {"confirmation": field[1], "agree": "yes"}
        submitted = console.post(f"/refund/{ORDER}", data=form)
        assert submitted.status_code == 200
        again = console.post(f"/refund/{ORDER}", data=form)

        after = chat.say("退款到哪了")
        number = re.search(r"RF\d+", after.text)
        assert number is not None
        assert "¥186.67" in after.text
        assert number[0] in again.text  # the same application, not a second one
        assert chat.say("我的退款怎么还没到").text.count("RF") == 1
