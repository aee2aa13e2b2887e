"""Durable timers in one table: set in anybody's transaction, claimed by one worker at a time.

Due times are compared with the clock's `now`; leases with the database's own clock, so that a worker whose
clock is off, or turned, cannot take what another still holds.

What every tick of a car asks is built once, at the end of this file: to build a statement costs SQLAlchemy several
times what the database needs to answer it.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from sqlalchemy import Insert, Integer, String, Update, and_, bindparam, case, cast, delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.dml import ReturningUpdate

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import database_ms, database_now_ms
from chargekey.adapters.store.upsert import adding_in
from chargekey.ports.faults import TakenOver
from chargekey.ports.jobs import HOLDS, Due, Parked, Work

LEASE: Final = timedelta(minutes=2)
"""Longer than any call to Tesla may take; a handler that takes longer holds on to it (`hold_on`)."""
LEASE_MS: Final = LEASE // timedelta(milliseconds=1)
TRIES: Final = 10
LONGEST_PAUSE: Final = timedelta(hours=1)
_TIMER = tables.timer


class KeptTimers:
    """`ports.jobs.Timers` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def set(self, work: Work, key: int, due_at: datetime) -> None:
        row = {"work": work.value, "key": key, "due_at": due_at}
        await self._connection.execute(_set(self._connection.dialect.name), row)

    async def set_no_later(self, work: Work, key: int, due_at: datetime) -> None:
        present = (await self._connection.execute(_PRESENT, _named(work, key))).one_or_none()
        if present is None or present.due_at > due_at or await self._runs(present.lease_until_ms):
            await self.set(work, key, due_at)

    async def _runs(self, lease_until_ms: int | None) -> bool:
        """Whether somebody is at it just now: then it is as good as gone, and does not count as an earlier one."""
        return lease_until_ms is not None and lease_until_ms >= await database_ms(self._connection)

    async def cancel(self, work: Work, key: int) -> None:
        await self._connection.execute(delete(_TIMER).where(_THIS), _named(work, key))

    async def bring_forward(self, works: Collection[Work], due_at: Mapping[int, datetime]) -> None:
        if not due_at:
            return
        waits = and_(
            or_(*(_TIMER.c.work == work.value for work in works)),  # `in_` does not go with many rows at once
            _TIMER.c.key == bindparam("of_key"),
            _TIMER.c.due_at > bindparam("then", type_=_TIMER.c.due_at.type),
        )
        moved = update(_TIMER).where(waits).values(due_at=bindparam("then"), version=_TIMER.c.version + 1)
        keys = [{"of_key": key, "then": moment} for key, moment in due_at.items()]
        await self._connection.execute(moved, keys)

    async def hold_on(self) -> bool:
        due = HOLDS.get()
        if due is None:
            return True
        held = await self._connection.execute(_held_on(self._connection.dialect.name), _held_by(due))
        is_set_again = held.scalar_one_or_none()
        if is_set_again is None:
            raise TakenOver(due.work.value)
        return bool(is_set_again)

    async def run_again(self, work: Work, key: int, due_at: datetime) -> None:
        due = HOLDS.get()
        if due is None or (due.work, due.key) != (work, key):
            await self.set(work, key, due_at)
            return
        again = _run_again(self._connection.dialect.name)
        held = await self._connection.execute(again, {**_held_by(due), "then": due_at})
        if not held.rowcount:
            raise TakenOver(due.work.value)

    async def due_at(self, work: Work, key: int) -> datetime | None:
        present = (await self._connection.execute(_PRESENT, _named(work, key))).one_or_none()
        return present.due_at if present else None


class TimerQueue:
    """The worker's side: claim what is due, and say how it went."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def claim(self, now: datetime, limit: int) -> Sequence[Due]:
        """Take up to `limit` due timers, the longest due first; each is ours alone until its lease ends."""
        async with self._engine.begin() as connection:
            asked = {"now": now, "at_most": limit, "lease_ends_on": f".{secrets.token_hex(8)}"}
            claimed = await connection.execute(_claimed(connection.dialect.name), asked)
            due = [Due(Work(row.work), row.key, row.due_at, row.attempts, row.lease) for row in claimed]
        return sorted(due, key=lambda one: one.due_at)

    async def done(self, due: Due) -> None:
        """It went well: drop the timer, or, if it was set again meanwhile, free it for its new time."""
        async with self._engine.begin() as connection:
            freed = await connection.execute(_FREED, _held_by(due))
            if not freed.rowcount:
                await connection.execute(_DROPPED, _held_by(due))

    async def failed(self, due: Due, error: str, now: datetime) -> None:
        """It did not: later again, twice as late each time; after ten tries parked for the operator to see."""
        pause = min(timedelta(seconds=5) * 2 ** (due.attempts - 1), LONGEST_PAUSE)
        parked_at = now if due.attempts >= TRIES else None
        async with self._engine.begin() as connection:
            await connection.execute(
                update(_TIMER)
                .where(_OURS, ~_SET_AGAIN)
                .values(due_at=now + pause, parked_at=parked_at, last_error=error[:300]),
                _held_by(due),
            )
            await connection.execute(update(_TIMER).where(_OURS).values(_FREE), _held_by(due))

    async def next_due(self) -> datetime | None:
        """When the next timer is due that nobody has parked, also if somebody runs it just now."""
        async with self._engine.begin() as connection:
            return (await connection.execute(_NEXT_DUE)).scalar_one_or_none()

    async def parked(self) -> Sequence[Parked]:
        """What was given up, oldest first."""
        async with self._engine.begin() as connection:
            return await parked_on(connection)

    async def free_all(self) -> None:
        """For whoever is alone with the database: all others who held a lease are dead."""
        async with self._engine.begin() as connection:
            await connection.execute(update(_TIMER).values(_FREE))


async def parked_on(connection: AsyncConnection) -> Sequence[Parked]:
    """The same, within somebody else's transaction."""
    query = select(_TIMER).where(_TIMER.c.parked_at.is_not(None)).order_by(_TIMER.c.parked_at)
    return [
        Parked(Work(row.work), row.key, row.due_at, row.attempts, row.parked_at, row.last_error)
        for row in await connection.execute(query)
    ]


# ── statements, and what fills them in ───────────────────────────

_FREE: Final = {"lease": None, "lease_until_ms": None}
_THIS: Final = and_(_TIMER.c.work == bindparam("of_work"), _TIMER.c.key == bindparam("of_key"))
_OURS: Final = and_(_THIS, _TIMER.c.lease == bindparam("of_lease"))
_SET_AGAIN: Final = _TIMER.c.version != bindparam("of_version")
_PRESENT: Final = select(_TIMER.c.due_at, _TIMER.c.lease_until_ms).where(_THIS)
_FREED: Final = update(_TIMER).where(_OURS, _SET_AGAIN).values(_FREE)
_DROPPED: Final = delete(_TIMER).where(_OURS, ~_SET_AGAIN)
_NEXT_DUE: Final = select(_TIMER.c.due_at).where(_TIMER.c.parked_at.is_(None)).order_by(_TIMER.c.due_at).limit(1)


def _named(work: Work, key: int) -> dict[str, str | int]:
    """Fills in `_THIS`."""
    return {"of_work": work.value, "of_key": key}


def _held_by(due: Due) -> dict[str, object]:
    """Fills in `_OURS` and `_SET_AGAIN`. A lease begins with the version that was claimed."""
    version = int(due.lease.partition(".")[0])
    return {**_named(due.work, due.key), "of_lease": due.lease, "of_version": version}


@cache
def _set(dialect: str) -> Insert:
    row = adding_in(dialect, _TIMER).values(version=1, attempts=0, last_error="")
    moved = {
        "due_at": row.excluded.due_at,
        "version": _TIMER.c.version + 1,
        "attempts": 0,
        "parked_at": None,
        "last_error": "",
    }
    return row.on_conflict_do_update(index_elements=[_TIMER.c.work, _TIMER.c.key], set_=moved)


@cache
def _held(dialect: str) -> Update:
    return update(_TIMER).where(_OURS).values(lease_until_ms=database_now_ms(dialect) + LEASE_MS)


@cache
def _held_on(dialect: str) -> ReturningUpdate[tuple[bool]]:
    return _held(dialect).returning(_SET_AGAIN)


@cache
def _run_again(dialect: str) -> Update:
    then = bindparam("then", type_=_TIMER.c.due_at.type)
    return _held(dialect).values(
        due_at=case((and_(_SET_AGAIN, _TIMER.c.due_at < then), _TIMER.c.due_at), else_=then),
        version=_TIMER.c.version + 1,
        attempts=0,
        parked_at=None,
        last_error="",
    )


@cache
def _claimed(dialect: str) -> Update:
    at_ms = database_now_ms(dialect)
    is_free = or_(_TIMER.c.lease.is_(None), _TIMER.c.lease_until_ms < at_ms)
    waits = (_TIMER.c.due_at <= bindparam("now"), _TIMER.c.parked_at.is_(None), is_free)
    longest_due = select(_TIMER.c.work, _TIMER.c.key).where(*waits).order_by(_TIMER.c.due_at)
    some = longest_due.limit(bindparam("at_most", type_=Integer))
    chosen = some.with_for_update(skip_locked=True).cte("chosen")  # a CTE that locks is run once
    return (
        update(_TIMER)
        .where(tuple_(_TIMER.c.work, _TIMER.c.key).in_(select(chosen)))
        .values(
            lease=cast(_TIMER.c.version, String) + bindparam("lease_ends_on", type_=String),
            lease_until_ms=at_ms + LEASE_MS,
            attempts=_TIMER.c.attempts + 1,
        )
        .returning(_TIMER)
    )
