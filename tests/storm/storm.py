"""Tesla away for hours, with many cars plugged in: what is asked meanwhile, and how all come back. `make storm`.

Both sides are real, over sockets, in one process; time is turned in steps, and whatever is due in a step is done in it.
Every driver presses *Charge now* just before Tesla is back, so that afterwards each car has something to be told.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from chargekey.domain.night import Wish
from tests.stories.town import Town, a_town
from tests.storm.households import COME_APART, move_in, vin_of

STEP: Final = timedelta(minutes=1)
STEP_AFTERWARDS: Final = timedelta(seconds=10)
SETTLES_FOR: Final = timedelta(minutes=12)
"""Before the outage, after the last car was plugged in: each is seen, stopped and planned."""
NOTICED_WITHIN: Final = timedelta(minutes=20)
SERVED_WITHIN: Final = timedelta(minutes=20)
RENEWALS_A_SECOND: Final = 20
"""What Tesla takes from an app (tesla-fleet-api §1.3)."""


@dataclass
class Told:
    """What was asked. `busiest_s`: the most requests a second within a step after the outage, and of those renewals."""

    cars: int
    hours: float
    until_noticed: int = 0
    meanwhile: int = 0
    most_an_hour: int = 0
    afterwards: int = 0
    busiest_s: float = 0.0
    renewals_s: float = 0.0
    served_after: timedelta | None = None
    parked: int = 0
    by_hour: list[int] = field(default_factory=list)

    def lines(self) -> list[str]:
        served = f"{self.served_after.total_seconds() / 60:.1f} minutes" if self.served_after else "never"
        return [
            f"{self.cars} cars, {self.hours:g} hours away",
            f"asked until it was noticed: {self.until_noticed}",
            f"asked from then on: {self.meanwhile}, in an hour at most {self.most_an_hour}",
            f"all cars charge after: {served}, with {self.afterwards} requests",
            f"busiest second afterwards: {self.busiest_s:.1f} requests, of them {self.renewals_s:.1f} for tokens",
            f"work given up: {self.parked}",
        ]


async def storm(town: Town, cars: int, hours: float) -> Told:
    """So many cars through an outage of so many hours."""
    told = Told(cars, hours)
    await move_in(town, cars)
    await _turn(town, cars * COME_APART + SETTLES_FOR, STEP)
    async with town.home.store.unit() as unit:
        drivers = [grant.driver_id for grant in await unit.garage.live_grants()]

    town.world.outages.tesla_goes_down()
    told.until_noticed = sum((await _turn(town, NOTICED_WITHIN, STEP)).values())
    left = timedelta(hours=hours) - NOTICED_WITHIN
    while left > timedelta():
        part = min(left, timedelta(hours=1))
        told.by_hour.append(sum((await _turn(town, part, STEP)).values()))
        left -= part
    told.meanwhile, told.most_an_hour = sum(told.by_hour), max(told.by_hour)
    for driver_id in drivers:
        await town.home.journeys.run_charge.wish(driver_id, Wish.CHARGE_NOW)

    town.world.outages.is_well_again()
    over_at = town.now
    while told.served_after is None and town.now - over_at < SERVED_WITHIN:
        began = town.now
        asked = await _turn(town, STEP_AFTERWARDS, STEP_AFTERWARDS)
        took_s = (town.now - began).total_seconds()  # the clock runs on while they are served
        told.afterwards += sum(asked.values())
        told.busiest_s = max(told.busiest_s, sum(asked.values()) / took_s)
        told.renewals_s = max(told.renewals_s, asked["fleet-auth"] / took_s)
        if all(town.world.cars[vin_of(one)].charging_state == "Charging" for one in range(cars)):
            told.served_after = town.now - over_at
    told.parked = len(await town.home.queue.parked())
    return told


async def _turn(town: Town, long: timedelta, step: timedelta) -> Counter[str]:
    """Let time pass; returns what Tesla was asked on the drivers' behalf meanwhile, by site."""
    asked: Counter[str] = Counter()
    end = town.now + long
    while town.now < end:
        town.world.calls.clear()
        moment = min(town.now + step, end)
        town.world.clock.turn_to(moment)
        await town.home.turn_clock(moment)
        asked.update(call.site for call in town.world.calls if "partner_accounts" not in call.path)
    town.world.calls.clear()  # counted here, by a bound of its own
    return asked


async def _main(cars: int, hours: float) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder)) as town:
            told = await storm(town, cars, hours)
    for line in [*told.lines(), f"took {time.monotonic() - began:.0f} s"]:
        print(line)
    return 0 if told.served_after and not told.parked and told.renewals_s <= RENEWALS_A_SECOND else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2]))))
