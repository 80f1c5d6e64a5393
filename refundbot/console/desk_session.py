"""The agents' sign-in: a signed cookie of its own, so that a customer's never opens the desk."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from refundbot.settings import Settings, SettingsError

COOKIE = "refundbot_desk"
LIFE = 8 * 3600  # seconds
AGENTS = ("陈晨", "周宁", "赵敏")  # the demo's agents


def names_from(env: Mapping[str, str]) -> tuple[str, ...]:
    """Who works at the desk (``REFUNDBOT_DESK_NAMES``, with commas); the demo's agents when unset.

    Raises:
        SettingsError: a name is longer than 32 characters.
    """
    names = tuple(filter(None, re.split(r"[,，\s]+", env.get("REFUNDBOT_DESK_NAMES", ""))))
    long = [name for name in names if len(name) > 32]
    if long:
        raise SettingsError(f"REFUNDBOT_DESK_NAMES: {long[0]!r} is longer than 32 characters")
    return names or AGENTS


@dataclass(frozen=True)
class Agent:
    """A signed-in agent.

    Attributes:
        name: what customers see.
        csrf: what the agent's own pages send along with every change.
    """

    name: str
    csrf: str


class DeskSession:
    """Who is signed in at the desk."""

    def __init__(self, settings: Settings, code: str, names: tuple[str, ...] = AGENTS) -> None:
        self.names = names
        key = hmac.new(settings.console_secret.encode(), b"desk session", hashlib.sha256)
        self._serializer = URLSafeTimedSerializer(key.hexdigest(), salt="refundbot.desk")
        self._csrf_key = hmac.new(key.digest(), b"csrf", hashlib.sha256).digest()
        self._secure = settings.public_url.startswith("https://")
        self._code = code

    @property
    def needs_code(self) -> bool:
        """Whether agents sign in with a code; without one the desk shows demo tickets only."""
        return bool(self._code)

    def enter(self, response: Response, name: str, code: str) -> bool:
        """Sign an agent in; False when there is no such agent or the code is wrong."""
        if name not in self.names:
            return False
        if self._code and not hmac.compare_digest(code.encode(), self._code.encode()):
            return False
        response.set_cookie(
            COOKIE,
            self._serializer.dumps({"agent": name, "id": secrets.token_hex(16)}),
            max_age=LIFE,
            path="/desk",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        return True

    def leave(self, response: Response) -> None:
        """Sign out."""
        response.delete_cookie(COOKIE, path="/desk")

    def agent(self, request: Request) -> Agent | None:
        """The signed-in agent, or None."""
        try:
            found = self._serializer.loads(request.cookies.get(COOKIE, ""), max_age=LIFE)
            name, session_id = found["agent"], found["id"]
        except (BadData, KeyError, TypeError):
            return None
        if name not in self.names:
            return None
        csrf = hmac.new(self._csrf_key, str(session_id).encode(), hashlib.sha256).hexdigest()
        return Agent(name, csrf)

    def is_genuine(self, agent: Agent, token: str | None) -> bool:
        """Whether a change comes from the agent's own page."""
        return hmac.compare_digest(agent.csrf.encode(), (token or "").encode())
