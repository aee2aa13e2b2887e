"""One month under one way of charging, from the first noon on, and what it came to."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.tariff import retail
from tesla_simulator.bill import bill
from tesla_simulator.cars.car import Car
from tesla_simulator.world import World
from tests.month import planned, polled, served
from tests.month.judged import Judged, judge
from tests.month.lives import Life
from tests.month.served import TARIFF
from tests.month.street import Street
from tests.stories.hearing import Hears, streaming_to
from tests.stories.town import a_town

FIRST_HOUR: Final = 10
"""UTC: noon in Amsterdam in summer."""
TAIL: Final = timedelta(hours=2)
A_DAY: Final = timedelta(days=1)
DAYS_A_MONTH: Final = 30
PLENTY_USD: Final = Decimal(1000)


@dataclass
class Round:
    """`usd`: Tesla's bill for all cars, before its discount; `billed`: what it counts, by category."""

    cars: int
    days: int
    judged: Judged
    usd: float = 0.0
    billed: dict[str, int] = field(default_factory=dict)
    took_s: float = 0.0
    busy_s: float = 0.0

    @property
    def usd_a_car_month(self) -> float:
        return self.usd / self.cars / self.days * DAYS_A_MONTH

    def with_other(self, other: "Round") -> "Round":
        """Of other cars, through the same days."""
        self.judged.add(other.judged)
        billed = {
            name: self.billed.get(name, 0) + other.billed.get(name, 0) for name in {**self.billed, **other.billed}
        }
        return Round(
            self.cars + other.cars,
            self.days,
            self.judged,
            self.usd + other.usd,
            billed,
            max(self.took_s, other.took_s),
            self.busy_s + other.busy_s,
        )


def begins_at(first: date) -> datetime:
    return datetime(first.year, first.month, first.day, FIRST_HOUR, tzinfo=UTC)


def prices_of(first: date, days: int) -> Mapping[datetime, float]:
    """What a driver pays, by the hour, as it turned out."""
    start, end = begins_at(first) - A_DAY, begins_at(first) + (days + 3) * A_DAY
    known = retail(TARIFF, BundledDayAhead.shipped().wholesale(start, end, end + A_DAY))
    return {
        slot.start.replace(minute=0, second=0, microsecond=0): slot.price_micro_per_kwh / 1_000_000
        for slot in known.slots
    }


async def with_chargekey(lives: Sequence[Life], first: date, days: int, *, streams: bool) -> Round:
    """The whole service over HTTP. `streams`: cars are told to stream, and heard."""
    begins, until = begins_at(first), begins_at(first) + days * A_DAY + TAIL
    with tempfile.TemporaryDirectory() as folder:
        at = f"ipc://{folder}/telemetry"
        plenty = {"budget_usd": PLENTY_USD * len(lives), "budget_per_car_usd": PLENTY_USD}
        async with a_town(
            Path(folder), begins, **plenty, **(streaming_to(at, Path(folder), begins) if streams else {})
        ) as town:
            if streams:
                town.world.far_ends.telemetry_is_published(zmq=at)
            await served.move_in(town, lives)
            street, watch = Street(town.world, lives), _Watch()
            await served.live(town, street, until, Hears(town) if streams else None)
            return _round(lives, first, days, town.world, street, watch)


async def with_polls(lives: Sequence[Life], first: date, days: int, way: str) -> Round:
    """Another program over HTTP, one for each car."""
    begins, until = begins_at(first), begins_at(first) + days * A_DAY + TAIL
    async with polled.a_street(lives, begins) as tesla:
        street, watch = Street(tesla.world, lives), _Watch()
        await polled.live(tesla, polled.WAYS[way], street, prices_of(first, days), until)
        return _round(lives, first, days, tesla.world, street, watch)


def with_planner(lives: Sequence[Life], first: date, days: int, planner: planned.Planner = cheapest) -> Round:
    """A planner and the simulator's physics alone: no service, no wire, nothing that Tesla would bill."""
    watch, until = _Watch(), begins_at(first) + days * A_DAY + TAIL
    prices, total = prices_of(first, days), Judged()
    for life in lives:
        car, soc_at = planned.month_of(life, begins_at(first), until, planner)
        total.add(judge(life, car, soc_at, prices, until))
    return Round(len(lives), days, total, took_s=watch.took_s, busy_s=watch.busy_s)


class _Watch:
    def __init__(self) -> None:
        self._began, self._busy = time.monotonic(), time.process_time()

    @property
    def took_s(self) -> float:
        return time.monotonic() - self._began

    @property
    def busy_s(self) -> float:
        return time.process_time() - self._busy


def _round(lives: Sequence[Life], first: date, days: int, world: World, street: Street, watch: _Watch) -> Round:
    until, prices, total = world.now, prices_of(first, days), Judged()
    cars: Mapping[str, Car] = world.cars
    for life in lives:
        total.add(judge(life, cars[life.vin], street.soc_at[life.vin], prices, until))
    billed: dict[str, int] = {}
    for of_month in world.record.billed.values():
        for category, number in of_month.items():
            billed[category] = billed.get(category, 0) + number
    usd = sum(float(str(bill(world.record.billed, month)["usd"])) for month in world.record.billed)
    return Round(len(lives), days, total, usd, billed, watch.took_s, watch.busy_s)
