"""A year of 300 nights told from the ledger, against the same year reckoned anew, in the same run.

Usage: `make bench`, or `python benchmarks/bench_ledger.py [nights]`. A line a way: milliseconds until the year is there
(database and domain, without its page), the best and the median of three turns, the ways taking turns, and how many
times faster than reckoning. Each night has a plan of 48 quarters, eight commands, twenty reports and ten billed calls,
as a night with a car has. Both ways are asked through `ShowCharging`; that they tell the same is compared before
anything is measured. The third line is what booking all of it at once takes, as after an update of an old home.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete

from chargekey.adapters.carbon.kept_carbon import KeptCarbon
from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.ledger_tables import ledger_entry, ledger_line
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.store import KeptStore, KeptUnit
from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.adapters.tariffs.by_kind import TariffsByKind
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.domain.delivery import Happening
from chargekey.domain.evidence import ChargeState, Charging, ChoseVehicle, Observation, Source
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.night import Order
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import pose
from chargekey.domain.span import Span
from chargekey.domain.spend import Billed, Budgets
from chargekey.domain.tariff import DayAheadTariff
from chargekey.domain.vehicle import Vin
from chargekey.journeys.book_nights import BookNights
from chargekey.journeys.keep_to_budget import KeepToBudget
from chargekey.journeys.night_shown import SpanShown
from chargekey.journeys.show_charging import ShowCharging
from chargekey.journeys.standing import about_driver, about_vehicle
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.people import Vehicle
from chargekey.ports.tariffs import Tariffs

TURNS: Final = 3
NIGHTS: Final = 300
YEAR: Final = Span(2024)
FIRST: Final = datetime(2024, 1, 1, 18, tzinfo=UTC)
A_DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TARIFF: Final = DayAheadTariff(125_000, 21)


@dataclass
class Home:
    """One driver with a car, and the journeys that are measured."""

    store: KeptStore
    tariffs: Tariffs
    driver_id: int = 0
    car: Vehicle | None = None
    clock: SystemClock = field(default_factory=SystemClock)

    @property
    def pages(self) -> ShowCharging:
        budget, carbon = KeepToBudget(self.store, self.clock, Budgets(0, 0)), KeptCarbon(self.store, None)
        return ShowCharging(self.store, self.clock, self.tariffs, budget, carbon)

    async def moves_in(self) -> None:
        async with self.store.unit() as unit:
            driver = await unit.people.driver_for("anna@example.org", "en", FIRST)
            grant = await unit.garage.add_grant(driver.id, "hers", "https://eu.tesla.example", FIRST)
            self.driver_id, self.car = driver.id, await unit.garage.add_vehicle(driver.id, grant.id, _VIN)
            chose = Observation(about_driver(driver.id), ChoseVehicle(self.car.id), FIRST, Source.DRIVER)
            await unit.evidence.append([chose])
            goal = ChargeGoal({}, 80, 20, "Europe/Amsterdam")
            await unit.settings.save_settings(self.car.id, ChargeSettings(goal, TARIFF, None), FIRST)

    async def lives(self, begins: datetime) -> None:
        """A night: planned, told and seen."""
        car, ready_by = self.car, begins + 12 * HOUR
        if car is None:
            raise SystemExit("nobody has moved in")
        known = await self.tariffs.prices(TARIFF, begins, ready_by, begins)
        problem = pose(
            known, now=begins, ready_by=ready_by, soc_percent=40, target_percent=80, minimum_percent=20,
            usable_wh=57_500, ac_power_w=11_000, efficiency_percent=91,
        )  # fmt: skip
        async with self.store.unit() as unit:
            night = await unit.nights.begin_night(car.id, begins)
            await unit.nights.set_ready_by(night.id, ready_by)
            await unit.nights.keep_plan(night.id, problem, cheapest(problem), begins)
            await self._is_told(unit, car, night.id, begins)
            seen = [self._report(car, begins + 36 * nth * MINUTE, nth) for nth in range(20)]
            await unit.evidence.append(seen)
            for nth in range(10):
                await unit.bills.add_call(car.vin, Billed.COMMAND if nth % 2 else Billed.DATA, begins + nth * HOUR)
            await unit.nights.end_night(night.id, ready_by)

    async def _is_told(self, unit: KeptUnit, car: Vehicle, night_id: int, begins: datetime) -> None:
        for nth in range(8):
            order = Order.START if nth % 2 else Order.STOP
            sent = await unit.commands.draft(car.id, night_id, order, None, begins + nth * HOUR)
            for happening in (Happening.SENT, Happening.CAR_AGREED):
                await unit.commands.happened(sent.id, happening, begins + nth * HOUR)

    def _report(self, car: Vehicle, at: datetime, nth: int) -> Observation:
        charging = Charging.CHARGING if 8 <= nth < 15 else Charging.STOPPED
        added_wh = min(max(nth - 8, 0), 7) * 3_300
        state = ChargeState(40 + min(nth, 15) * 2, 80, charging, 16, 16, 16, 230, 3, 11_000, added_wh, None)
        return Observation(about_vehicle(car.id), state, at, Source.CAR)

    async def forgets_the_ledger(self) -> None:
        async with self.store._engine.begin() as connection:  # noqa: SLF001  nothing of ours takes away what is booked
            await connection.execute(delete(ledger_line))
            await connection.execute(delete(ledger_entry))

    async def books(self) -> None:
        if self.car:
            await BookNights(self.store, self.clock, InProcessBus(), self.tariffs, KeptCarbon(self.store, None)).book(
                self.car.id
            )

    async def year(self) -> tuple[float, SpanShown]:
        """Seconds, and what is told."""
        begun = time.perf_counter()
        shown = await self.pages.nights_in(self.driver_id, YEAR)
        return time.perf_counter() - begun, shown


_VIN: Final = Vin("5YJ3E7EA1PF123456")


async def measured(home: Home) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {"reckoned": [], "ledger": [], "booked all at once": []}
    for turn in range(TURNS):
        await home.forgets_the_ledger()
        reckoned_s, before = await home.year()
        begun = time.perf_counter()
        await home.books()
        booked_s = time.perf_counter() - begun
        ledger_s, after = await home.year()
        if turn == 0 and [one.figures for one in before.nights] != [one.figures for one in after.nights]:
            raise SystemExit("the ledger tells another year than the evidence")
        for name, seconds in zip(took, (reckoned_s, ledger_s, booked_s), strict=True):
            took[name].append(seconds)
    return took


async def main(nights: int) -> None:
    """Fill a home, then measure."""
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
        took = await measured(home)
        await engine.dispose()
    reckoned = min(took["reckoned"])
    for name, seconds in took.items():
        best, median = min(seconds) * 1000, statistics.median(seconds) * 1000
        print(f"{name:20} {best:8.0f} ms  median {median:8.0f} ms  {reckoned / min(seconds):6.1f} times")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else NIGHTS))
