"""Pages that are open and change by themselves: events from the server, as long as somebody looks.

An event carries the part of the page that changes; an event named `moved` carries the path to go on to.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from fastapi import APIRouter, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from chargekey.entrypoints.web.door import Door, SignedIn
from chargekey.ports.bus import Bus

BEAT_S: Final = 10.0
"""How often an open page says so: `domain/key_watch` counts a page as closed after two beats missed."""
BEATS_TO_REFRESH: Final = 6
"""Even when nothing happens the page is written anew once a minute, for the line that says "now"."""


SHOW: Final = Query("", pattern="^(phone|computer|)$")
"""What the driver asked the key page to look like; empty: whatever fits his device."""


class Moved(Exception):
    """The driver is past this page; `path` is where he is now."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class _Beat:
    """Says that the page is open, at once and then every ten seconds, however often it changes."""

    def __init__(self, still_open: Callable[[], Awaitable[None]]) -> None:
        self._still_open, self._next = still_open, 0.0

    async def when_due(self) -> None:
        passed = asyncio.get_running_loop().time()
        if passed >= self._next:
            self._next = passed + BEAT_S * 0.9  # a little early, so that a wait of one beat is always due
            await self._still_open()


async def events(
    bus: Bus,
    driver_id: int,
    still_open: Callable[[], Awaitable[None]],
    part: Callable[[], Awaitable[str]],
) -> AsyncIterator[ServerSentEvent]:
    """One event at once and after every change. `part` raises `Moved` when the page is no longer the driver's."""
    async with bus.listen(driver_id) as changes:
        beat, waiting, sent = _Beat(still_open), asyncio.ensure_future(anext(changes)), ""
        try:
            while True:
                await beat.when_due()
                text = await part()
                if text != sent:
                    yield ServerSentEvent(raw_data=text)
                    sent = text
                for _ in range(BEATS_TO_REFRESH):
                    if (await asyncio.wait({waiting}, timeout=BEAT_S))[0]:
                        waiting = asyncio.ensure_future(anext(changes))
                        break
                    await beat.when_due()
        except Moved as moved:
            yield ServerSentEvent(raw_data=moved.path, event="moved")
        finally:
            waiting.cancel()


def live_route(
    router: APIRouter,
    path: str,
    door: Door,
    bus: Bus,
    still_open: Callable[[int], Awaitable[None]],
    part: Callable[[SignedIn, str], Awaitable[str]],
) -> None:
    """Serve a page's changing part at `path`. `still_open` takes the driver's number, `part` who looks and `show`."""

    @router.get(path, response_class=EventSourceResponse)
    async def changes(show: str = SHOW, me: SignedIn = Depends(door.driver)) -> AsyncIterator[ServerSentEvent]:
        """The page's changing part, at once and after every change."""
        number = me.driver.id
        async for event in events(bus, number, lambda: still_open(number), lambda: part(me, show)):
            yield event
