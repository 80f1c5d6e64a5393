"""Ask an order service over HTTP, within a bounded time, and stop asking while it is down."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from circuitbreaker import CircuitBreaker
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    wait_random_exponential,
)
from urllib3.exceptions import HTTPError, ReadTimeoutError

from refundbot.orders.source import OrdersUnavailable

_CHUNK = 64 * 1024
_TRY_AGAIN = frozenset({502, 503, 504})


class ServiceFailed(OrdersUnavailable):
    """The service itself fails: it does not answer, too late, or with an error of its own."""


class _Passing(ServiceFailed):
    """A failure that is often over a moment later: worth another attempt."""


@dataclass(frozen=True)
class Limits:
    """How long and how often to ask.

    An action has 3 seconds for everything, so a whole question to the service has 2.

    Attributes:
        connect: seconds for one connection attempt.
        read: seconds without a byte before an answer counts as too slow.
        total: seconds for one question: attempts, pauses and pages together.
        attempts: how often one request is made at most.
        pause: seconds of the first pause between attempts; later ones double, with jitter.
        body: bytes one answer may have.
        pages: pages one list of orders may have.
        failures: failed questions in a row after which the service is left alone.
        recovery: seconds it is left alone before one more question tries it.
    """

    connect: float = 0.5
    read: float = 1.0
    total: float = 2.0
    attempts: int = 3
    pause: float = 0.05
    body: int = 5_000_000
    pages: int = 10
    failures: int = 5
    recovery: int = 10


class Deadline:
    """The instant by which a question must be answered, on a monotonic clock."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Seconds left; not positive when the time is over."""
        return self._end - self._clock()

    def check(self) -> float:
        """Seconds left.

        Raises:
            ServiceFailed: the time is over.
        """
        left = self.left()
        if left <= 0:
            raise ServiceFailed("the order service takes longer than a question may")
        return left


class _Bearer(AuthBase):
    """The key of the service. As `auth` it also keeps a .netrc from replacing it."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def _session(key: str) -> requests.Session:
    session = requests.Session()
    session.auth = _Bearer(key)
    session.headers["Accept"] = "application/json"
    # No cookies: what the service says about one account must not follow the next one.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Attempts are counted here, not below: they share the deadline of the question.
    adapter = HTTPAdapter(pool_maxsize=32, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class Transport:
    """GET requests with key, time limits, repeated attempts and a circuit breaker.

    May be shared between threads. The name of the service is looked up by the operating system,
    whose own time limit holds for that.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._session = _session(key)
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        # Only failures of the service count: one customer's unusable row must not cut off all.
        self._breaker = CircuitBreaker(
            failure_threshold=limits.failures,
            recovery_timeout=limits.recovery,
            expected_exception=ServiceFailed,
            name="orders",
        )

    def deadline(self) -> Deadline:
        """The time limit of a question that begins now."""
        return Deadline(self._clock, self._limits.total)

    def get(
        self, path: str, deadline: Deadline, params: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """The status (200 or 404) and the parsed JSON of ``path``, given quoted.

        Raises:
            OrdersUnavailable: there is no usable answer in time, or the service is left alone.
        """
        if self._breaker.opened:
            raise OrdersUnavailable("the order service is left alone after repeated failures")
        # The breaker is not locked while a request runs; after a failed trial it opens again.
        with self._breaker:
            return self._persistently(path, deadline, params or {})

    def _persistently(
        self, path: str, deadline: Deadline, params: Mapping[str, str]
    ) -> tuple[int, Any]:
        def enough(state: RetryCallState) -> bool:
            tried = state.attempt_number >= self._limits.attempts
            return tried or state.upcoming_sleep >= deadline.left()

        attempts = Retrying(
            retry=retry_if_exception_type(_Passing),
            stop=enough,
            wait=wait_random_exponential(multiplier=self._limits.pause, max=self._limits.total / 4),
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(self._once, path, deadline, params)

    def _once(self, path: str, deadline: Deadline, params: Mapping[str, str]) -> tuple[int, Any]:
        left = deadline.check()
        try:
            response = self._session.get(
                self._base + path,
                params=params,
                timeout=(min(self._limits.connect, left), min(self._limits.read, left)),
                stream=True,
                allow_redirects=False,
            )
            with closing(response):
                _judge(response.status_code)
                return response.status_code, _parsed(self._body(response, deadline))
        except (requests.ReadTimeout, ReadTimeoutError) as error:
            raise ServiceFailed("the order service is too slow") from error
        except (requests.ConnectionError, HTTPError) as error:
            raise _Passing(f"no connection to the order service: {type(error).__name__}") from error
        except requests.RequestException as error:
            raise OrdersUnavailable(f"unusable request: {type(error).__name__}") from error

    def _body(self, response: requests.Response, deadline: Deadline) -> bytes:
        """The body as it comes in, so that a trickle cannot outlast the deadline."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._limits.body:
                raise OrdersUnavailable(f"an answer of more than {self._limits.body} bytes")
            deadline.check()
        return bytes(body)


def _judge(status: int) -> None:
    if status in (200, 404):
        return
    if status in _TRY_AGAIN:
        raise _Passing(f"the order service answered {status}")
    if status >= 500 or status == 429:
        raise ServiceFailed(f"the order service answered {status}")
    if status in (401, 403):
        raise OrdersUnavailable(
            f"the order service refuses the key with {status} (REFUNDBOT_ORDERS_API_KEY)"
        )
    raise OrdersUnavailable(f"the order service answered {status}, which its contract excludes")


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        # No cause attached: its message would put customers' data into the log.
        raise OrdersUnavailable(
            f"the order service's answer is no JSON: {type(error).__name__}"
        ) from None
