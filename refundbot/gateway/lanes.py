"""One lane a conversation: what happens in it happens one after the other, first come first."""

import asyncio
from collections import Counter
from types import TracebackType


class Place:
    """A place in a lane, taken when it is made; inside ``async with`` it is its turn."""

    def __init__(self, lanes: "Lanes", conversation: str, lock: asyncio.Lock) -> None:
        self._lanes = lanes
        self._conversation = conversation
        self._lock = lock

    async def __aenter__(self) -> None:
        try:
            await self._lock.acquire()
        except BaseException:
            self._lanes.left(self._conversation)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()
        self._lanes.left(self._conversation)


class Lanes:
    """The lanes of this process; a lane is there while somebody waits or runs in it."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._lengths: Counter[str] = Counter()

    def length(self, conversation: str) -> int:
        """How many wait or run."""
        return self._lengths[conversation]

    def join(self, conversation: str) -> Place:
        """Take a place at the end; it must be used."""
        self._lengths[conversation] += 1
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        return Place(self, conversation, lock)

    def left(self, conversation: str) -> None:
        """Somebody is done or gave up."""
        self._lengths[conversation] -= 1
        if not self._lengths[conversation]:
            del self._lengths[conversation]
            del self._locks[conversation]
