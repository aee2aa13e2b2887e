"""The loop that runs what is due: claim, do, say how it went.

What a timer is for is a journey's method; this loop only knows its name.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

import structlog

from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.jobs import HOLDS, Due, Work

log = structlog.get_logger()
AT_ONCE: Final = 8
"""How many timers run side by side."""
LONGEST_NAP_S: Final = 1.0
"""How late a timer may run that was set while the loop napped."""


class Queue(Protocol):
    """The worker's side of the timers."""

    async def claim(self, now: datetime, limit: int) -> Sequence[Due]: ...
    async def done(self, due: Due) -> None: ...
    async def failed(self, due: Due, error: str, now: datetime) -> None: ...
    async def next_due(self) -> datetime | None: ...


class Worker:
    """Runs timers until it is told to stop; in the demo also step by step, as the clock is turned."""

    def __init__(self, queue: Queue, clock: Clock, does: Mapping[Work, Callable[[int], Awaitable[None]]]) -> None:
        self._queue, self._clock, self._does = queue, clock, does
        self._running: set[asyncio.Task[None]] = set()
        self._claiming = asyncio.Lock()

    async def catch_up(self) -> datetime | None:
        """Run until nothing is due and nothing runs; returns when the next timer is due, None if there is none."""
        while await self._start_due() or self._running:
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        return await self._queue.next_due()

    async def forever(self, stop: asyncio.Event) -> None:
        """Run what is due until `stop`; what has begun is finished."""
        stops = asyncio.ensure_future(stop.wait())
        while not stop.is_set():
            if not await self._start_due_or_say_why():  # until there is room, or for a nap
                awaited = {stops, *self._running}
                await asyncio.wait(awaited, timeout=LONGEST_NAP_S, return_when=asyncio.FIRST_COMPLETED)
        if self._running:
            await asyncio.wait(self._running)

    async def _start_due_or_say_why(self) -> bool:
        """A database that is away for a moment must not end the loop: said, and asked again after a nap."""
        try:
            return await self._start_due()
        except Exception:
            log.exception("the timers cannot be read")
            return False

    async def _start_due(self) -> bool:
        """Claim what is due, as far as there is room, and start it; returns whether it was filled."""
        async with self._claiming:  # the demo's clock claims beside the loop, and both fill the same room
            room = AT_ONCE - len(self._running)
            claimed = await self._queue.claim(self._clock.now(), room) if room else []
            for due in claimed:
                task = asyncio.create_task(self._run(due))
                self._running.add(task)
                task.add_done_callback(self._ended)
        return bool(room) and len(claimed) == room

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a timer's end could not be written down; its lease will run out", exc_info=error)

    async def _run(self, due: Due) -> None:
        HOLDS.set(due)  # in this task alone
        try:
            await self._does[due.work](due.key)
        except Fault as fault:
            log.info("work failed", work=due.work.value, key=due.key, fault=type(fault).__name__)
            await self._queue.failed(due, type(fault).__name__, self._clock.now())
        except Exception as bug:
            log.exception("work broke", work=due.work.value, key=due.key, attempts=due.attempts)
            await self._queue.failed(due, type(bug).__name__, self._clock.now())
        else:
            await self._queue.done(due)
