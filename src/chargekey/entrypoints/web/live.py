"""Pages that are open and change by themselves: events from the server, as long as somebody looks.

An event carries the part of the page that changes; an event named `moved` carries the path to go on to.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, TypeVar

from fastapi import APIRouter, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from chargekey.entrypoints.web.door import Door, NotSignedIn, SignedIn
from chargekey.ports.bus import Bus

T = TypeVar("T")
StillOpen = Callable[[int], Coroutine[Any, Any, None]]
Part = Callable[[SignedIn, str], Coroutine[Any, Any, str]]
SIGN_IN: Final = "/sign-in"
BEAT_S: Final = 10.0
"""How often an open page says so: `domain/key_watch` counts a page as closed after two beats missed."""
BEATS_TO_REFRESH: Final = 6
"""Even when nothing happens the page is written anew once a minute, for the line that says "now"."""
SHOW: Final = Query("", pattern="^((phone|computer)(-sent)?|)$")
"""What the driver asked the key page to look like, and whether it was just sent to the other phone; empty: whatever
fits his device."""


class Moved(Exception):
    """The driver is past this page; `path` is where he is now."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class _Beat:
    """Says that a page is open: at once, then every ten seconds of real time, however often the page changes.

    Changes come of looks, and an open page asks for looks: were it to beat by change, looks would breed looks.
    """

    def __init__(self, still_open: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._still_open, self._next_s = still_open, 0.0

    async def when_due(self) -> None:
        now_s = asyncio.get_running_loop().time()
        if now_s >= self._next_s:
            self._next_s = now_s + BEAT_S * 0.9  # a little early, so that after a wait of one beat it is always due
            await self._still_open()


class LivePages:
    """Serves the changing parts of open pages, each for as long as its driver is signed in there."""

    def __init__(self, door: Door, bus: Bus) -> None:
        self._door, self._bus = door, bus
        self._finishing: set[asyncio.Task[Any]] = set()

    def serve(self, router: APIRouter, path: str, still_open: StillOpen, part: Part) -> None:
        """Serve one page's part at `path`. `still_open` takes the driver's number, `part` who looks and `show`."""

        @router.get(path, response_class=EventSourceResponse)
        async def changes(
            show: str = SHOW, me: SignedIn = Depends(self._door.driver)
        ) -> AsyncIterator[ServerSentEvent]:
            """The page's changing part, at once and after every change."""
            number = me.driver.id
            events = self.events(number, lambda: still_open(number), lambda: self._now(part, me, show))
            async for event in events:
                yield event

    async def _now(self, part: Part, me: SignedIn, show: str) -> str:
        try:
            return await part(await self._door.still(me), show)
        except NotSignedIn as ended:
            raise Moved(SIGN_IN) from ended

    async def events(
        self,
        driver_id: int,
        still_open: Callable[[], Coroutine[Any, Any, None]],
        part: Callable[[], Coroutine[Any, Any, str]],
    ) -> AsyncIterator[ServerSentEvent]:
        """For pages of others too: `driver_id` is whose changes count. `part` raises `Moved` when the page is over."""
        async with self._bus.listen(driver_id) as changes:
            beat, waiting, sent = _Beat(still_open), asyncio.ensure_future(anext(changes)), ""
            try:
                while True:
                    await self._to_the_end(beat.when_due())
                    text = await self._to_the_end(_or_moved(part()))
                    if isinstance(text, Moved):
                        yield ServerSentEvent(raw_data=text.path, event="moved")
                        return
                    if text != sent:
                        yield ServerSentEvent(raw_data=text)
                        sent = text
                    if await self._changed(waiting, beat):
                        waiting = asyncio.ensure_future(anext(changes))
            finally:
                waiting.cancel()

    async def _changed(self, waiting: asyncio.Future[None], beat: _Beat) -> bool:
        """Wait for a change, at most a minute, and say meanwhile that the page is open."""
        for _ in range(BEATS_TO_REFRESH):
            done, _pending = await asyncio.wait({waiting}, timeout=BEAT_S)
            if done:
                return True
            await self._to_the_end(beat.when_due())
        return False

    async def _to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        """A page closed in the middle does not tear a transaction: the work ends by itself, unheard."""
        task = asyncio.create_task(work)
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)
        return await asyncio.shield(task)


async def _or_moved(part: Coroutine[Any, Any, str]) -> str | Moved:
    """Nobody may be there to hear it any more, so it is a value: an exception unheard would pass for a bug."""
    try:
        return await part
    except Moved as moved:
        return moved
