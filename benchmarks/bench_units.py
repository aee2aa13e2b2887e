"""A unit of work on SQLite: our way to its thread against SQLAlchemy's own, in the same run.

Usage: `make bench`, or `python benchmarks/bench_units.py [units]`. One line a kind of unit and way: units per second,
and units per second of processor time, each the best of five turns, the ways taking turns, and times the plain one.
The second holds on a machine that others use too. `small` writes one row; `glance` reads a row
eight times and writes one, as a look at a car does about. Both ways run the same statements under the same pragmas
on files of their own; what they kept is compared at the end.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Integer, MetaData, String, Table, event, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from chargekey.adapters.store.engine import async_url, open_engine

TURNS: Final = 5
UNITS: Final = 300
READS: Final = 8
METADATA: Final = MetaData()
SEEN: Final = Table("seen", METADATA, Column("id", Integer, primary_key=True), Column("fact", String, nullable=False))

Unit = Callable[[AsyncConnection, int], Awaitable[None]]


async def small(connection: AsyncConnection, nth: int) -> None:
    await connection.execute(insert(SEEN).values(fact=f"fact {nth}"))


async def glance(connection: AsyncConnection, nth: int) -> None:
    for _ in range(READS):
        (await connection.execute(select(SEEN).where(SEEN.c.id == nth))).one_or_none()
    await small(connection, nth)


KINDS: Final[dict[str, Unit]] = {"small": small, "glance": glance}


def plain(url: str) -> AsyncEngine:
    """As it was before: the driver as SQLAlchemy ships it, with BEGIN as a statement of its own."""
    engine = create_async_engine(async_url(url))

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


async def clocked(engine: AsyncEngine, unit: Unit, units: int) -> tuple[float, float]:
    """Seconds a unit, by the clock and of the processor."""
    begun, busy = time.perf_counter(), time.process_time()
    for nth in range(units):
        async with engine.begin() as connection:
            await unit(connection, nth)
    return (time.perf_counter() - begun) / units, (time.process_time() - busy) / units


async def measure(kind: str, unit: Unit, units: int, folder: Path) -> None:
    """Let both go in turns and print how fast each was at its best."""
    ways = {
        "plain": plain(f"sqlite:///{folder / f'{kind}-plain.db'}"),
        "chargekey": open_engine(f"sqlite:///{folder / f'{kind}-ours.db'}"),
    }
    for engine in ways.values():
        async with engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, engine in ways.items():
            took[name].append(await clocked(engine, unit, units))
    kept = set()
    for engine in ways.values():
        async with engine.begin() as connection:
            kept.add(tuple((await connection.execute(select(func.count(), func.max(SEEN.c.fact)))).one()))
        await engine.dispose()
    if len(kept) != 1:
        raise SystemExit("what was kept differs: one of the two loses rows")
    best = {name: [min(column) for column in zip(*turns, strict=True)] for name, turns in took.items()}
    for name, (took_s, busy_s) in best.items():
        ratios = [theirs / ours for theirs, ours in zip(best["plain"], (took_s, busy_s), strict=True)]
        print(
            f"{kind:8} {name:10} {1 / took_s:8.0f} units/s {ratios[0]:5.1f}x"
            f"   {1 / busy_s:8.0f} a processor second {ratios[1]:5.1f}x"
        )


async def main(units: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for kind, unit in KINDS.items():
            await measure(kind, unit, units, Path(folder))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else UNITS))
