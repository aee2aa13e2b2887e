"""What he does, drawn by dice: at the car, in Tesla's app, and on our pages."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from tesla_simulator.cars.record import ChargeSchedule
from tests.stories.phone import Phone
from tests.stories.town import Town

ZONE: Final = ZoneInfo("Europe/Amsterdam")
HIS: Final = 1_723_624_800
"""The number of his own schedule, as Tesla's app gives numbers: by the second."""
WORDS: Final = ("Charge now", "Stop charging", "Skip tonight", "Go on with the plan", "Back to the plan", "No pauses")


class Driver:
    """One deed at a time, each with its own weight."""

    def __init__(self, town: Town, phone: Phone, dice: Random) -> None:
        self._town, self._phone, self._dice = town, phone, dice
        self._has_charged_at_home = False
        self._deeds: dict[Callable[[], Awaitable[str]], int] = {
            self._plugs_or_unplugs: 8,
            self._drives_off: 3,
            self._changes_ready_by: 4,
            self._presses_something: 5,
            self._sets_his_own_schedule: 2,
            self._sets_the_limit: 2,
            self._starts_or_stops_it_himself: 2,
            self._loses_or_finds_the_gps: 1,
            self._has_a_day_that_is_not_as_usual: 3,
        }

    async def does_something(self) -> str:
        """Returns what, for whoever reads the diary."""
        (deed,) = self._dice.choices([*self._deeds], weights=[*self._deeds.values()])
        return await deed()

    async def _plugs_or_unplugs(self) -> str:
        car = self._town.car
        if car.record.is_plugged_in:
            km = self._dice.choice((10, 35, 60, 90))
            car.drives(km)
            return f"drove {km} km and is back, not plugged in"
        car.plugs_in()
        self._has_charged_at_home = True
        return "plugged in"

    async def _drives_off(self) -> str:
        self._town.car.drives_away(25)
        if self._dice.random() < 0.3 and self._has_charged_at_home:  # the first place of all is taken for his home
            self._town.car.plugs_in_elsewhere()
            return "plugged in elsewhere"
        return "drove off"

    async def _changes_ready_by(self) -> str:
        ready_by = self._dice.choice(("05:30", "07:00", "08:15"))
        target = self._dice.choice(("70", "80"))
        await self._phone.plans(ready_by=ready_by, target_percent=target)
        return f"wants {target} % by {ready_by}"

    async def _presses_something(self) -> str:
        await self._phone.opens("/tonight")
        there = [words for words in WORDS if words in [one.words.strip() for one in self._phone.page.pressables]]
        if not there:
            return "found nothing to press"
        words = self._dice.choice(there)
        await self._phone.presses(words)
        return f"pressed {words}"

    async def _sets_his_own_schedule(self) -> str:
        record = self._town.car.record
        if record.schedules.pop(HIS, None):
            return "deleted his own schedule"
        home = record.home
        record.schedules[HIS] = ChargeSchedule(
            id=HIS,
            days_of_week=0b0111110,
            start_enabled=True,
            start_minute=self._dice.choice((30, 90, 240)),
            end_enabled=True,
            end_minute=330,
            one_time=False,
            enabled=True,
            latitude=home.latitude,
            longitude=home.longitude,
        )
        return "set a schedule of his own"

    async def _sets_the_limit(self) -> str:
        limit = self._dice.choice((70, 80, 90))
        self._town.car.somebody_sets_the_limit(limit)
        return f"set the limit to {limit} %"

    async def _starts_or_stops_it_himself(self) -> str:
        if self._town.car.charging_state == "Charging":
            self._town.car.somebody_stops_charging()
            return "stopped it on the screen"
        self._town.car.somebody_starts_charging()
        return "started it on the screen"

    async def _loses_or_finds_the_gps(self) -> str:
        if self._town.car.record.gps_lost_at:
            self._town.car.gps_is_fresh_again()
            return "found its GPS"
        self._town.car.gps_goes_stale()
        return "lost its GPS"

    async def _has_a_day_that_is_not_as_usual(self) -> str:
        """Takes back what is set, more often than he sets more."""
        await self._phone.opens("/plan/days")
        if "Take it back" in self._phone.text and self._dice.random() < 0.7:
            await self._phone.presses("Take it back")
            return "took a day back"
        today = self._town.now.astimezone(ZONE).date()
        day = today + timedelta(days=self._dice.choice((0, 1, 1, 2)))
        if self._dice.random() < 0.5:
            last = day + timedelta(days=self._dice.choice((0, 1, 3)))
            await self._phone.presses("Set this", kind="holiday", first=day.isoformat(), last=last.isoformat())
            return f"is on holiday from {day} to {last}"
        ready_by, target = self._dice.choice(("04:30", "09:00", "23:00")), self._dice.choice(("", "90"))
        await self._phone.presses("Set this", kind="one_day", day=day.isoformat(), ready_by=ready_by, target=target)
        return f"wants {target or 'the usual'} by {ready_by} on {day}"
