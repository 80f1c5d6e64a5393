"""A customer's browser on the console, for the tests of its pages."""

import html
import re
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from refund_core import evaluate
from refundbot.applications.links import refund_link
from tests.applications.world import NOW, Orders, World


class Browser:
    """A customer's browser on the console; the clock is ours."""

    def __init__(self, client: TestClient, world: World, patch: pytest.MonkeyPatch) -> None:
        self.client, self.world, self._patch = client, world, patch
        self.status = 0
        self.at(NOW)

    def at(self, instant: datetime) -> None:
        self._patch.setenv("REFUNDBOT_NOW", instant.isoformat())

    def sign_in(self, account: str = "A1001") -> None:
        self.client.post("/demo/login", data={"account": account})

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        self.status = answer.status_code
        return html.unescape(answer.text)

    def post(self, path: str, data: dict[str, str], **more: object) -> str:
        answer = self.client.post(path, data=data, follow_redirects=False, **more)  # type: ignore[arg-type]
        self.status = answer.status_code
        self.location = answer.headers.get("location", "")
        return html.unescape(answer.text)

    def form(self, path: str, action: str) -> dict[str, str]:
        """The hidden fields of a form of the page."""
        page = self.get(path)
        found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)
        assert found, f"{path} has no form to {action}"
        fields = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0])
        return dict(fields)

    def confirm(self, order: str) -> dict[str, str]:
        return {**self.form(f"/refund/{order}", f"/refund/{order}"), "agree": "yes"}


def link_for(order: str, account: str, at: datetime = NOW) -> str:
    said = evaluate(Orders().all[order].case, at)
    return refund_link(order, account=account, said=said).removeprefix("http://testserver")
