"""Waking open pages within one process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager


class InProcessBus:
    """`ports.bus.Bus` for the embedded home: one event a listening page."""

    def __init__(self) -> None:
        self._listening: dict[int, set[asyncio.Event]] = defaultdict(set)

    def changed(self, driver_id: int) -> None:
        for event in self._listening.get(driver_id, ()):
            event.set()

    def listening(self) -> Collection[int]:
        """The numbers of the drivers who have a page open."""
        return list(self._listening)

    @asynccontextmanager
    async def listen(self, driver_id: int) -> AsyncIterator[AsyncIterator[None]]:
        event = asyncio.Event()
        self._listening[driver_id].add(event)
        try:
            yield _changes(event)
        finally:
            self._listening[driver_id].discard(event)
            if not self._listening[driver_id]:
                del self._listening[driver_id]


async def _changes(event: asyncio.Event) -> AsyncIterator[None]:
    while True:
        await event.wait()
        event.clear()
        yield
