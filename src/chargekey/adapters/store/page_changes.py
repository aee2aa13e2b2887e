"""Waking open pages across processes: counters in the database, raised by who changed something, read by who has pages.

Rules of this room:

1. A counter stands for many drivers, and nothing of a person is in it. A page that was woken for nothing finds itself
   as it was, and sends nothing.
2. Within this process pages are woken at once; elsewhere within `LOOK_EVERY_S`.
3. A change that was not told (killed in between, the database away) costs a minute at most: then an open page looks by
   itself.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Final

import structlog
from sqlalchemy import BigInteger, Column, Integer, Table, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.tables import metadata
from chargekey.adapters.store.upsert import adding

COUNTERS: Final = 64
"""So few that all are read at once, so many that few pages wake for somebody else."""
LOOK_EVERY_S: Final = 1.0
log = structlog.get_logger()

page_change = Table(
    "page_change",
    metadata,
    Column("counter", Integer, primary_key=True, autoincrement=False),
    Column("raised", BigInteger, nullable=False),
)
"""How often something has changed for one of the drivers whose numbers leave `counter` when divided."""


class KeptBus:
    """`ports.bus.Bus` for a home of several processes. Tells and hears as long as `forever` runs."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine, self._here = engine, InProcessBus()
        self._to_tell: set[int] = set()
        self._told = asyncio.Event()
        self._heard: Mapping[int, int] = {}

    def changed(self, driver_id: int) -> None:
        self._here.changed(driver_id)
        self._to_tell.add(driver_id % COUNTERS)
        self._told.set()

    def listen(self, driver_id: int) -> AbstractAsyncContextManager[AsyncIterator[None]]:
        return self._here.listen(driver_id)

    async def forever(self, stop: asyncio.Event) -> None:
        """Until `stop`; what has changed by then is told."""
        stops = asyncio.ensure_future(stop.wait())
        while not stop.is_set():
            told = asyncio.ensure_future(self._told.wait())
            await asyncio.wait({stops, told}, timeout=LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
            told.cancel()
            await self._round_or_say_why()

    async def _round_or_say_why(self) -> None:
        """A database that is away for a moment must not end the loop: what was not told is told by the next round."""
        try:
            await self.round()
        except SQLAlchemyError:
            log.exception("other processes cannot be told what changed, nor heard")
            await asyncio.sleep(LOOK_EVERY_S)

    async def round(self) -> None:
        """Tell what has changed here, and wake pages here for what has changed elsewhere."""
        self._told.clear()
        for counter in sorted(self._to_tell):
            self._to_tell.discard(counter)  # before it: what changes meanwhile is told once more
            try:
                await self._raise(counter)
            except SQLAlchemyError:
                self._to_tell.add(counter)
                raise
        if self._here.listening():
            await self._hear()

    async def _raise(self, counter: int) -> None:
        """Our own raising wakes nobody here once more."""
        async with self._engine.begin() as connection:
            first = adding(connection, page_change).values(counter=counter, raised=1)
            one_more = {"raised": page_change.c.raised + 1}
            again = first.on_conflict_do_update(index_elements=[page_change.c.counter], set_=one_more)
            raised = (await connection.execute(again.returning(page_change.c.raised))).scalar_one()
        if self._heard.get(counter, 0) == raised - 1:
            self._heard = {**self._heard, counter: raised}

    async def _hear(self) -> None:
        async with self._engine.begin() as connection:
            rows = await connection.execute(select(page_change.c.counter, page_change.c.raised))
            heard = {row.counter: row.raised for row in rows}
        for driver_id in self._here.listening():
            counter = driver_id % COUNTERS
            if heard.get(counter) != self._heard.get(counter):
                self._here.changed(driver_id)
        self._heard = heard
