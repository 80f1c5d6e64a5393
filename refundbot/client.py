"""A client of the gateway for scripts and the terminal: the same door a console widget uses."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx


class ClientError(RuntimeError):
    """The gateway could not be asked or refused; the message says why and what to do."""


@dataclass(frozen=True)
class Turn:
    """One message and what came back.

    Attributes:
        question: what was said, or the title of the button pressed.
        replies: the gateway's replies: text, buttons, decision, kind.
        latency_ms: as the client saw it, milliseconds.
        message_id: of the message; with it the gateway knows it again.
        outcome: the gateway's word for it: answered, repeated, failed, pending, or waiting for
            an answer that comes by itself (`Chat.late_answer`).
    """

    question: str
    replies: list[dict[str, Any]]
    latency_ms: float
    message_id: str = ""
    outcome: str = "answered"

    @property
    def text(self) -> str:
        """All replies as one text."""
        return "\n\n".join(str(reply.get("text", "")) for reply in self.replies)

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons of all replies, in order."""
        return [button for reply in self.replies for button in reply.get("buttons") or []]

    @property
    def decision(self) -> dict[str, Any] | None:
        """The structured decision, if the turn gave one."""
        return next((r["decision"] for r in self.replies if r.get("decision")), None)

    def to_json(self) -> dict[str, Any]:
        """The form `refundbot ask --json` prints."""
        return {
            "question": self.question,
            "text": self.text,
            "buttons": self.buttons,
            "decision": self.decision,
            "decisions": [d for r in self.replies for d in r.get("decisions") or []],
            "outcome": self.outcome,
            "latency_ms": round(self.latency_ms, 1),
        }


class Chat:
    """One conversation with the gateway as a demo account, or as a visitor without one."""

    def __init__(
        self,
        url: str,
        account: str | None,
        *,
        conversation: str | None = None,
        timeout: float = 15,
        patience: int = 0,
    ) -> None:
        """Open a conversation.

        Args:
            url: the gateway.
            account: demo account, or None for a visitor.
            conversation: the client's name of it; a new one by default.
            timeout: seconds to wait for one HTTP answer.
            patience: how often a slow turn is asked for again before its interim sentence
                is taken for the answer.
        """
        self._url = url.rstrip("/")
        self._account = account
        self._conversation = conversation or f"cli-{secrets.token_hex(6)}"
        self._http = httpx.Client(base_url=self._url, timeout=timeout)
        self._patience = patience
        self._token: str | None = None

    def __enter__(self) -> "Chat":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def say(self, text: str) -> Turn:
        """Send typed text.

        Raises:
            ClientError: the gateway is down or refused.
        """
        return self._turn(text, {"text": text})

    def press(self, button: Mapping[str, str]) -> Turn:
        """Press a button of an earlier reply.

        Raises:
            ClientError: as for `say`, or the button is a link.
        """
        if "token" not in button:
            raise ClientError(f"这个按钮是链接，请在浏览器中打开：{button.get('url')}")
        return self._turn(button["title"], {"button": button["token"]})

    def _turn(self, question: str, content: dict[str, str]) -> Turn:
        body = {
            "conversation": self._conversation,
            "message_id": secrets.token_hex(8),
            **content,
        }
        started = time.perf_counter()
        answer = self._send(body)
        asked_again = 0
        while answer.get("outcome") == "pending" and asked_again < self._patience:
            asked_again += 1  # the same message id: the turn goes on and is answered once
            answer = self._send(body)
        latency = (time.perf_counter() - started) * 1000
        outcome = str(answer.get("outcome", "answered"))
        return Turn(question, list(answer["replies"]), latency, body["message_id"], outcome)

    def late_answer(self, turn: Turn, seconds: float) -> Turn | None:
        """Wait for the answer that a turn of outcome ``waiting`` was promised.

        Args:
            turn: of `say` or `press`.
            seconds: how long to wait.

        Returns:
            The late answer alone; None when there is none in time, or none to come any more.

        Raises:
            ClientError: as for `say`.
        """
        started = time.perf_counter()
        ends = started + seconds
        while (left := ends - time.perf_counter()) > 0:
            if not self._news(turn.message_id, left):
                continue
            path = f"/api/chat/history?conversation={self._conversation}"
            headers = {"Authorization": f"Bearer {self._bearer()}"}
            history = self._body(self._http.get(path, headers=headers))["messages"]
            entry = next(each for each in history if each["message_id"] == turn.message_id)
            if entry["status"] != "waiting":
                late = [reply for reply in entry["replies"] if "late" in reply]
                latency = (time.perf_counter() - started) * 1000
                return Turn(turn.question, late, latency, turn.message_id) if late else None
        return None

    def _news(self, message_id: str, seconds: float) -> bool:
        """Follow the stream until it says that a message is not, or no longer, waited for."""
        headers = {"Authorization": f"Bearer {self._bearer()}", "Accept": "text/event-stream"}
        path = f"/api/chat/live?conversation={self._conversation}"
        timeout = httpx.Timeout(5, read=min(seconds, 20))
        event = ""
        try:
            with self._http.stream("GET", path, headers=headers, timeout=timeout) as stream:
                if stream.status_code == 401:
                    self._token = None
                    return False
                for line in stream.iter_lines():
                    name, _, value = line.partition(": ")
                    if name == "event":
                        event = value
                    elif name == "data" and event in ("late", "end", "waiting"):
                        data = json.loads(value)
                        if event != "waiting" or message_id not in data["message_ids"]:
                            return True
        except httpx.HTTPError:
            time.sleep(0.3)  # the gateway may be starting again; the question is stored
        return False

    def _send(self, body: dict[str, str]) -> dict[str, Any]:
        answer = self._post("/api/chat/messages", body, self._bearer())
        if answer.status_code == 401:
            self._token = None  # it lives ten minutes; a long talk needs a new one
            answer = self._post("/api/chat/messages", body, self._bearer())
        return self._body(answer)

    def _bearer(self) -> str:
        if self._token is None:
            path = "/api/chat/visitor-token" if self._account is None else "/demo/token"
            body = {} if self._account is None else {"account": self._account}
            self._token = str(self._body(self._post(path, body, None))["token"])
        return self._token

    def _post(self, path: str, body: dict[str, Any], token: str | None) -> httpx.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            return self._http.post(path, json=body, headers=headers)
        except httpx.ConnectError:
            raise ClientError(
                f"nothing answers at {self._url}; start the stack with `make run`"
            ) from None
        except httpx.HTTPError as error:
            raise ClientError(f"{self._url}{path}: {type(error).__name__}") from None

    def _body(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            body = answer.json()
        except ValueError:
            body = {}
        if answer.status_code != 200 or not isinstance(body, dict):
            reason = body.get("message") if isinstance(body, dict) else None
            raise ClientError(f"{answer.status_code}: {reason or 'the gateway gave no reason'}")
        return body
