"""What it costs to learn a car from what is written down, after a year of nights.

Usage: `python -m benchmarks.bench_learnt [nights]`, 300 if not said. Milliseconds until everything is learnt that the
next night is planned with, the best and the median of nine turns; for comparison, in the same run, how long the twenty
looks of one night take to be read. The nights are those of `bench_ledger`: a plan, eight commands, twenty reports each.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from benchmarks.bench_ledger import A_DAY, FIRST, HOUR, NIGHTS, Home
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.adapters.tariffs.by_kind import TariffsByKind
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.domain.evidence import ChargeState
from chargekey.journeys.learn_of_car import learnt_before
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.people import Vehicle

TURNS: Final = 9


async def clocked(work: Callable[[], Awaitable[object]]) -> str:
    took = []
    for _ in range(TURNS):
        begun = time.perf_counter()
        await work()
        took.append((time.perf_counter() - begun) * 1_000)
    return f"best {min(took):6.1f} ms   median {statistics.median(took):6.1f} ms"


async def measured(home: Home, car: Vehicle, over: datetime) -> None:
    async def learns() -> object:
        async with home.store.unit() as unit:
            return await learnt_before(unit, car, over)

    async def reads_a_night() -> object:
        async with home.store.unit() as unit:
            return await unit.evidence.since(about_vehicle(car.id), ChargeState, over - A_DAY, until=over)

    print(f"learnt                  {await clocked(learns)}")
    print(f"the looks of one night  {await clocked(reads_a_night)}")
    print(await learns())


async def main(nights: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'year.db'}")
        await migrate(engine)
        tariffs = TariffsByKind(
            FlatPrices("Europe/Amsterdam"), TimeOfUsePrices("Europe/Amsterdam"), BundledDayAhead.shipped()
        )
        home = Home(KeptStore(engine), tariffs)
        await home.moves_in()
        for nth in range(nights):
            await home.lives(FIRST + nth * A_DAY)
        if home.car:
            await measured(home, home.car, FIRST + nights * A_DAY - 11 * HOUR)
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else NIGHTS))
