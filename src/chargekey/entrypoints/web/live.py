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


async def events(
    bus: Bus,
    driver_id: int,
    still_open: Callable[[], Awaitable[None]],
    part: Callable[[], Awaitable[str]],
) -> AsyncIterator[ServerSentEvent]:
    """One event at once and after every change. `part` raises `Moved` when the page is no longer the driver's."""
    async with bus.listen(driver_id) as changes:
        await still_open()
        waiting, beats, sent = asyncio.ensure_future(anext(changes)), 0, ""
        try:
            while True:
                text = await part()
                if text != sent:
                    yield ServerSentEvent(raw_data=text)
                    sent = text
                changed = False
                while not changed and beats < BEATS_TO_REFRESH:
                    changed = bool((await asyncio.wait({waiting}, timeout=BEAT_S))[0])
                    beats += 1
                    await still_open()
                beats = 0
                if changed:
                    waiting = asyncio.ensure_future(anext(changes))
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
