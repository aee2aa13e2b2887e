"""Tesla away for hours, with many cars plugged in: what is asked meanwhile, and how all come back. `make storm`.

Both sides are real, over sockets, in one process; time is turned in steps, and whatever is due in a step is done in it.
Every driver presses *Charge now* just before Tesla is back, so that afterwards each car has something to be told.
"""

import asyncio
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from structlog.testing import capture_logs

from chargekey.adapters.store import tables
from chargekey.domain.night import Wish
from tests.stories.town import Town, a_town
from tests.storm.households import COME_APART, move_in, vin_of

STEP: Final = timedelta(minutes=1)
STEP_AFTERWARDS: Final = timedelta(seconds=10)
SETTLES_FOR: Final = timedelta(minutes=12)
"""Before the outage, after the last car was plugged in: each is seen, stopped and planned."""
NOTICED_WITHIN: Final = timedelta(minutes=20)
TAKEN_EVERY_S: Final = 1.0
"""The simulated Tesla remembers 5,000 requests, and a thousand cars make more within a step."""
A_SECOND: Final = timedelta(seconds=1)

ASKED_UNTIL_NOTICED: Final = 3
"""By each car at most: its own look, and once more for a judgement."""
ASKED_AN_HOUR: Final = 60
"""From then on, by the whole home: a call a minute."""
LATE_AN_HOUR: Final = 0.1
"""Beside these, by each car: its look was on the way when the outage was noticed."""
SERVED_WITHIN: Final = timedelta(minutes=20)
RENEWALS_A_SECOND: Final = 20
"""What Tesla takes from an app (tesla-fleet-api §1.3)."""
DOLLARS_A_CAR: Final = Decimal(5)
LETTERS: Final = 1
"""To each driver: that it is over."""


@dataclass
class Told:
    """What was asked, and what came of it. `busiest_s`, `renewals_s`: the most within one second after the outage."""

    cars: int
    hours: float
    until_noticed: int = 0
    by_hour: list[int] = field(default_factory=list)
    afterwards: int = 0
    busiest_s: int = 0
    renewals: int = 0
    renewals_s: int = 0
    served_after: timedelta | None = None
    letters: tuple[int, int] = (0, 0)
    parked: int = 0
    errors: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [
            f"{self.cars} cars, {self.hours:g} hours away",
            f"asked until it was noticed: {self.until_noticed}",
            f"asked from then on: {sum(self.by_hour)}, in an hour at most {max(self.by_hour)}",
            f"all cars charge after: {_minutes(self.served_after)}, with {self.afterwards} requests",
            f"busiest second afterwards: {self.busiest_s} requests, of them for tokens at most {self.renewals_s}",
            f"tokens renewed: {self.renewals}",
            f"letters to a driver: {self.letters[0]} to {self.letters[1]}",
            f"work given up: {self.parked}, errors: {len(self.errors)}",
        ]

    def beyond(self) -> list[str]:
        """Each bound that did not hold."""
        held = {
            "asked until it was noticed": self.until_noticed <= ASKED_UNTIL_NOTICED * self.cars,
            "asked meanwhile": max(self.by_hour) <= ASKED_AN_HOUR + LATE_AN_HOUR * self.cars,
            "served": self.served_after is not None,
            "each token renewed once": self.renewals <= self.cars,
            "renewals a second": self.renewals_s <= RENEWALS_A_SECOND,
            "each driver told once": self.letters == (LETTERS, LETTERS),
            "given up": self.parked == 0,
            f"errors: {self.errors[:3]}": not self.errors,
        }
        return [bound for bound, holds in held.items() if not holds]


async def storm(town: Town, cars: int, hours: float) -> Told:
    """So many cars through an outage of so many hours."""
    told = Told(cars, hours)
    with capture_logs() as lines:
        await move_in(town, cars)
        await _turn(town, cars * COME_APART + SETTLES_FOR, STEP)
        town.world.outages.tesla_goes_down()
        await _wait_out(town, told)
        async with town.home.store.unit() as unit:
            drivers = [grant.driver_id for grant in await unit.garage.live_grants()]
        for driver_id in drivers:
            await town.home.journeys.run_charge.wish(driver_id, Wish.CHARGE_NOW)
        town.world.outages.is_well_again()
        await _come_back(town, told)
    told.letters = await _letters(town, cars)
    told.parked = len(await town.home.queue.parked())
    told.errors = [str(line["event"]) for line in lines if line["log_level"] in ("error", "critical")]
    return told


async def _wait_out(town: Town, told: Told) -> None:
    told.until_noticed = len(await _turn(town, NOTICED_WITHIN, STEP))
    left = timedelta(hours=told.hours) - NOTICED_WITHIN
    while left > timedelta():
        part = min(left, timedelta(hours=1))
        told.by_hour.append(len(await _turn(town, part, STEP)))
        left -= part


async def _come_back(town: Town, told: Told) -> None:
    over_at = town.now
    calls: list[tuple[datetime, str]] = []
    while told.served_after is None and town.now - over_at < SERVED_WITHIN:
        calls += await _turn(town, STEP_AFTERWARDS, STEP_AFTERWARDS)
        if all(town.world.cars[vin_of(one)].charging_state == "Charging" for one in range(told.cars)):
            told.served_after = town.now - over_at
    renewals = [at for at, site in calls if site == "fleet-auth"]
    told.afterwards, told.busiest_s = len(calls), _busiest(at for at, _ in calls)
    told.renewals, told.renewals_s = len(renewals), _busiest(renewals)


async def _turn(town: Town, long: timedelta, step: timedelta) -> list[tuple[datetime, str]]:
    """Let time pass; returns when Tesla was asked on the drivers' behalf meanwhile, and at which site."""
    asked: list[tuple[datetime, str]] = []
    end = town.now + long
    while town.now < end:
        town.world.calls.clear()
        moment = min(town.now + step, end)
        town.world.clock.turn_to(moment)
        turning = asyncio.ensure_future(town.home.turn_clock(moment))
        while not turning.done():
            await asyncio.wait({turning}, timeout=TAKEN_EVERY_S)
            asked += [(call.at, call.site) for call in town.world.calls if "partner_accounts" not in call.path]
            town.world.calls.clear()  # counted here, by a bound of its own
        turning.result()
    return asked


def _busiest(moments: Iterable[datetime]) -> int:
    """The most within any one second."""
    within: deque[datetime] = deque()
    most = 0
    for moment in sorted(moments):
        within.append(moment)
        while moment - within[0] >= A_SECOND:
            within.popleft()
        most = max(most, len(within))
    return most


async def _letters(town: Town, cars: int) -> tuple[int, int]:
    """How many letters each driver got, the fewest and the most."""
    to = tables.outbox.c.to
    async with town.home.engine.begin() as connection:
        counted = await connection.execute(select(to, func.count()).group_by(to))
        numbers = [count for _, count in counted]
    return min(numbers, default=0) if len(numbers) == cars else 0, max(numbers, default=0)


def _minutes(long: timedelta | None) -> str:
    return f"{long.total_seconds() / 60:.1f} minutes" if long else "never"


async def _main(cars: int, hours: float) -> int:
    began, busy = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        budget_usd = DOLLARS_A_CAR * cars  # whoever runs a home for so many has set one for so many
        async with a_town(Path(folder), budget_usd=budget_usd) as town:
            told = await storm(town, cars, hours)
    took_s, busy_s = time.monotonic() - began, time.process_time() - busy
    for line in [*told.lines(), f"took {took_s:.0f} s, of them {busy_s:.0f} s of one processor"]:
        print(line)
    for bound in told.beyond():
        print(f"BEYOND ITS BOUND: {bound}")
    return 1 if told.beyond() else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2]))))
