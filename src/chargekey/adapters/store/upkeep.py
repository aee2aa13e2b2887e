"""A home as its operator sees it: its files, its database, what waits in it, what its keys seal.

Nothing is changed by looking: no migration, no claim. A database of another version is only said to be one.
"""

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.backing_up import last_in
from chargekey.adapters.store.engine import database_ms
from chargekey.adapters.store.migrate import newest, revisions, version
from chargekey.adapters.store.ring_file import KeptRing
from chargekey.adapters.store.sealed_columns import broken, counted
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.timers import parked_on
from chargekey.domain.delivery import Delivery
from chargekey.domain.night import Order
from chargekey.domain.vehicle import Vin
from chargekey.ports.jobs import Key, Parked, Work, key_of
from chargekey.ports.upkeep import AtWork, Examined, Ground, KeptFile, NotKnown, Timer

OVERDUE_AFTER: Final = timedelta(minutes=10)
"""Far beyond what a worker that is up and has much to do is late by."""
_TIMER, _COMMAND = tables.timer.c, tables.command.c


class DatabaseUnreachable(Exception):
    """The database does not answer; the text is one line without its password."""


class KeptUpkeep:
    """`ports.upkeep.Upkeep`. `files`: each with a key in it; the ring is the first. `backups`: a folder, if there."""

    def __init__(self, engine: AsyncEngine, folder: Path, files: Sequence[str], backups: Path) -> None:
        self._engine, self._folder, self._files, self._backups = engine, folder, files, backups

    async def examine(self, now: datetime) -> Examined:
        try:
            async with self._engine.begin() as connection:
                stands = await version(connection)
                ground = self._ground(stands)
                at_work = await self._at_work(connection, now) if stands == newest() else None
        except DBAPIError as silent:
            raise _unreachable(silent) from silent
        return Examined(ground, at_work, now)

    async def parked(self) -> tuple[Sequence[Parked], Mapping[int, Vin]]:
        async with self._engine.begin() as connection:
            found = await parked_on(connection)
            return found, await _cars(connection, [(one.work, one.key) for one in found])

    async def again(self, work: Work, key: int, now: datetime) -> bool:
        this = (_TIMER.work == work.value, _TIMER.key == key, _TIMER.parked_at.is_not(None))
        fresh = {"due_at": now, "attempts": 0, "parked_at": None, "version": _TIMER.version + 1}
        async with self._engine.begin() as connection:
            return bool((await connection.execute(update(tables.timer).where(*this).values(fresh))).rowcount)

    def _ground(self, stands: str | None) -> Ground:
        files = [KeptFile(name, _mode(self._folder / name)) for name in self._files]
        is_known, backed_up_at = stands is None or stands in revisions(), last_in(self._backups)
        return Ground(stands, newest(), is_known, files, self.free_bytes(), backed_up_at)

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._folder).free

    async def _at_work(self, connection: AsyncConnection, now: datetime) -> AtWork:
        overdue, held = await _late(connection, now), await _held_by_the_dead(connection)
        parked = await parked_on(connection)
        not_known = await _not_known(connection)
        about = [(one.work, one.key) for one in parked] + [(one.work, one.key) for one in (*overdue, *held)]
        cars = await _cars(connection, about, [one.vehicle_id for one in not_known])
        undecided = await connection.execute(select(tables.undecided_grant.c.ends_at))
        path = self._folder / self._files[0]
        ring = KeptRing(path) if path.exists() else None
        sealed = await counted(connection)
        lost = await broken(connection, ring or KeyRing({}))
        numbers = sorted(ring.keys()) if ring else []
        return AtWork(parked, overdue, held, not_known, list(undecided.scalars()), cars, numbers, sealed, lost)


async def cars_known(engine: AsyncEngine) -> int:
    """How many cars drivers have here; none in a database that was never migrated. Raises `DatabaseUnreachable`."""
    try:
        async with engine.begin() as connection:
            if await version(connection) is None:
                return 0
            counting = select(func.count()).select_from(tables.vehicle)
            return int((await connection.execute(counting)).scalar_one())
    except DBAPIError as silent:
        raise _unreachable(silent) from silent


async def reach(engine: AsyncEngine) -> None:
    """Connect once. Raises `DatabaseUnreachable`."""
    try:
        async with engine.connect():
            pass
    except DBAPIError as silent:
        raise _unreachable(silent) from silent


def _unreachable(silent: DBAPIError) -> DatabaseUnreachable:
    return DatabaseUnreachable(f"the database does not answer: {type(silent.orig).__name__}")


def _mode(path: Path) -> int | None:
    return path.stat().st_mode & 0o777 if path.exists() else None


async def _late(connection: AsyncConnection, now: datetime) -> Sequence[Timer]:
    at_ms = await database_ms(connection)
    waits = select(tables.timer).where(_TIMER.parked_at.is_(None), _TIMER.due_at < now - OVERDUE_AFTER)
    rows = await connection.execute(waits.order_by(_TIMER.due_at))
    return [
        Timer(Work(row.work), row.key, row.due_at) for row in rows if row.lease is None or row.lease_until_ms < at_ms
    ]


async def _held_by_the_dead(connection: AsyncConnection) -> Sequence[Timer]:
    at_ms = await database_ms(connection)
    held = select(tables.timer).where(_TIMER.lease.is_not(None), _TIMER.lease_until_ms < at_ms)
    rows = await connection.execute(held.order_by(_TIMER.lease_until_ms))
    return [Timer(Work(row.work), row.key, datetime.fromtimestamp(row.lease_until_ms / 1000, UTC)) for row in rows]


async def _not_known(connection: AsyncConnection) -> Sequence[NotKnown]:
    lost = select(tables.command).where(_COMMAND.delivery == Delivery.UNKNOWN.value).order_by(_COMMAND.id)
    return [
        NotKnown(row.vehicle_id, Order(row.order), row.sent_at or row.wanted_at)
        for row in await connection.execute(lost)
    ]


async def _cars(
    connection: AsyncConnection, about: Sequence[tuple[Work, int]], more: Sequence[int] = ()
) -> Mapping[int, Vin]:
    numbers = {key for work, key in about if key_of(work) is Key.VEHICLE} | set(more)
    cars = tables.vehicle.c
    rows = await connection.execute(select(cars.id, cars.vin).where(cars.id.in_(sorted(numbers))))
    return {row.id: Vin(row.vin) for row in rows}
