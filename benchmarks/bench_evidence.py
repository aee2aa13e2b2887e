"""What is known of a car, read out of a log that grows: our query against the plain one, in the same run.

Usage: `make bench`, or `python benchmarks/bench_evidence.py [days]`. One line a query and age of the log: reads per
second, the best of five turns, and times the plain one. The log is that of one car: a glance every five minutes, a
look every quarter of an hour, its key once a day. The plain query numbers all rows of the car by their age and takes
the first of each kind; it is what `evidence_log` asked before. Both answers are compared before the clock starts.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.evidence_log import KeptEvidence
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.shapes import name_of, readable_fact
from chargekey.adapters.store.tables import observation
from chargekey.domain.evidence import (
    LASTING,
    ChargeState,
    Charging,
    Fact,
    KeyStatus,
    Listed,
    Observation,
    Seen,
    Source,
    Subject,
    SubjectKind,
    fold,
)
from chargekey.domain.vehicle import Access, Reach

CAR: Final = Subject(SubjectKind.VEHICLE, 1)
BORN: Final = datetime(2024, 1, 1, tzinfo=UTC)
AGES_DAYS: Final = (1, 30, 365)
TURNS: Final = 5
READS: Final = 20

Read = Callable[[AsyncConnection], Awaitable[Seen]]


def a_log(days: int) -> list[Observation]:
    """What is written down in so many days, the oldest first."""
    glance = Listed(Access.OWNER, Reach.ONLINE, None, in_service=False, mobile_access_off=False)
    charge = ChargeState(61, 80, Charging.UNPLUGGED, None, None, None, None, None, None, None, None)
    written = []
    for nth in range(days * 24 * 12):
        at = BORN + nth * timedelta(minutes=5)
        facts: list[Fact] = [glance]
        if nth % 3 == 0:
            facts.append(charge)
        if nth % 288 == 0:
            facts.append(KeyStatus(paired=True, must_sign=True, keys_on_car=2, firmware=None))
        written += [Observation(CAR, fact, at, Source.TESLA) for fact in facts]
    return written


async def ours(connection: AsyncConnection) -> Seen:
    return await KeptEvidence(connection).seen(CAR)


async def plain(connection: AsyncConnection) -> Seen:
    """All rows of the car are numbered; the first of each kind is kept, of lasting kinds the first of each content."""
    log = observation.c
    content = case((log.kind.in_([name_of(kind) for kind in LASTING]), log.fact), else_="")
    order = (log.observed_at.desc(), log.id.desc())
    nth = func.row_number().over(partition_by=(log.kind, content), order_by=order)
    of_car = (log.subject_kind == CAR.kind.value, log.subject_id == CAR.id)
    ranked = select(observation, nth.label("nth")).where(*of_car).subquery()
    found = await connection.execute(select(ranked).where(ranked.c.nth == 1).order_by(ranked.c.id))
    facts = [(row, readable_fact(row.kind, row.fact)) for row in found]
    return fold(Observation(CAR, fact, row.observed_at, Source(row.source)) for row, fact in facts if fact)


async def clocked(connection: AsyncConnection, read: Read) -> float:
    begun = time.perf_counter()
    for _ in range(READS):
        await read(connection)
    return (time.perf_counter() - begun) / READS


async def measure(days: int, folder: Path) -> None:
    """Let both read in turns and print how fast each was at its best."""
    engine = open_engine(f"sqlite:///{folder / f'{days}.db'}")
    await migrate(engine)
    async with engine.begin() as connection:
        written = a_log(days)
        await KeptEvidence(connection).append(written)
        if await ours(connection) != await plain(connection):
            raise SystemExit("the answers differ: one of the two reads wrongly")
        best: dict[str, float] = {}
        for _ in range(TURNS):
            for name, read in (("plain", plain), ("chargekey", ours)):
                best[name] = min(best.get(name, float("inf")), await clocked(connection, read))
    await engine.dispose()
    for name, took_s in best.items():
        print(
            f"{days:4} days, {len(written):6} rows  {name:10} {1 / took_s:8.0f} reads/s  {best['plain'] / took_s:6.1f}x"
        )


async def main(ages_days: Sequence[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for days in ages_days:
            await measure(days, Path(folder))


if __name__ == "__main__":
    asyncio.run(main([int(days) for days in sys.argv[1:]] or AGES_DAYS))
