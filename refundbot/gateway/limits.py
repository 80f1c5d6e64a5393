"""How often one identity may ask: a moving window in memory, per process."""

import math
import time
from collections.abc import Mapping

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from refundbot.gateway import phrases
from refundbot.gateway.errors import ApiError
from refundbot.settings import SettingsError

DEFAULT_RATE = "60/minute"
DEMO_RATE = "600/minute"  # scripts play the demo's customers, and ask faster than people type
VISITORS_RATE = "30/minute"  # new visitor tokens for one address


def rate_from(env: Mapping[str, str], *, demo: bool) -> str:
    """The rate in ``REFUNDBOT_CHAT_RATE``, like ``60/minute``, or the default when unset.

    Raises:
        SettingsError: the value is not a rate.
    """
    default = DEMO_RATE if demo else DEFAULT_RATE
    rate = env.get("REFUNDBOT_CHAT_RATE", "").strip() or default
    try:
        parse(rate)
    except ValueError:
        raise SettingsError(
            f"REFUNDBOT_CHAT_RATE={rate!r} is not a rate; write it like 60/minute"
        ) from None
    return rate


class Limiter:
    """Counts hits of a key within a moving window."""

    def __init__(self, rate: str) -> None:
        self._item: RateLimitItem = parse(rate)
        self._storage = MemoryStorage()  # the limiter itself holds it only weakly
        self._limiter = MovingWindowRateLimiter(self._storage)

    def hit(self, key: str) -> None:
        """Count one request.

        Raises:
            ApiError: 429 with the seconds to wait, in the sentence and in ``Retry-After``.
        """
        if self._limiter.hit(self._item, key):
            return
        reset = self._limiter.get_window_stats(self._item, key)[0]
        seconds = max(1, math.ceil(reset - time.time()))
        raise ApiError(
            429,
            "rate_limited",
            phrases.RATE_LIMITED.format(seconds=seconds),
            {"Retry-After": str(seconds)},
        )
