"""Wakes those who wait for news, within this process; who misses it looks again soon anyway."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Listener:
    """One waiter."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        """End the wait; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, seconds: float) -> None:
        """Until woken, or for so many seconds."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)
        self._event.clear()


class Bell:
    """Rings for one key, such as a conversation; ``EVERYTHING`` hears every ring."""

    EVERYTHING = ""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._lock = threading.Lock()

    @contextmanager
    def listen(self, key: str) -> Iterator[Listener]:
        """Hear the rings of ``key`` from now on; call it before looking, so none is missed."""
        listener = Listener()
        with self._lock:
            self._listeners[key].add(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners[key].discard(listener)
                if not self._listeners[key]:
                    del self._listeners[key]

    def ring(self, key: str) -> None:
        """Wake everybody who listens to ``key`` or to everything; from any thread."""
        with self._lock:
            woken = [
                listener
                for name in (key, self.EVERYTHING)
                for listener in self._listeners.get(name, ())
            ]
        for listener in woken:
            listener.wake()

    def listening(self, key: str) -> int:
        """How many listen to ``key``."""
        with self._lock:
            return len(self._listeners.get(key, ()))
