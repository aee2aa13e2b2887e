"""A driver says of one date that it has a goal of its own, or that he is on holiday; and takes it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chargekey.domain.days_apart import A_DAY, DaysApart, Holiday, OneOff
from chargekey.domain.goal import ChargeGoal
from chargekey.journeys.plan_charge import NotSetUp
from chargekey.journeys.standing import whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.store import Store


class SetDaysApart:
    """Keeps the dates of the chosen car that are not as their weekday. Each raises `NotSetUp` before it has a goal."""

    def __init__(self, store: Store, clock: Clock, bus: Bus) -> None:
        self._store, self._clock, self._bus = store, clock, bus

    async def set_one_off(self, driver_id: int, day: date, goal: OneOff) -> None:
        """In place of what that date had. Raises `DaysUnclear` for one too many, `GoalUnclear` below the minimum."""
        await self._change(driver_id, lambda apart: apart.with_one_off(day, goal))

    async def set_holiday(self, driver_id: int, holiday: Holiday) -> None:
        """Beside those that there are. Raises `DaysUnclear` for one too many."""
        await self._change(driver_id, lambda apart: apart.with_holiday(holiday))

    async def drop_one_off(self, driver_id: int, day: date) -> None:
        """That date is as its weekday again, or part of a holiday. One that is gone already stays so."""
        await self._change(driver_id, lambda apart: apart.without_one_off(day))

    async def drop_holiday(self, driver_id: int, holiday: Holiday) -> None:
        """Its dates are as their weekdays again. One that is gone already stays so."""
        await self._change(driver_id, lambda apart: apart.without_holiday(holiday))

    async def _change(self, driver_id: int, change: Callable[[DaysApart], DaysApart]) -> None:
        """What is over falls away with it; tonight is looked at anew at once."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            if here.vehicle is None or here.settings is None:
                raise NotSetUp
            goal = here.settings.goal
            changed = replace(goal, apart=change(kept_apart(goal, now)))
            await unit.settings.save_settings(here.vehicle.id, replace(here.settings, goal=changed), now)
            await unit.timers.set(Work.TEND_VEHICLE, here.vehicle.id, now)
        self._bus.changed(driver_id)


def kept_apart(goal: ChargeGoal, now: datetime) -> DaysApart:
    """Those of today and later, and yesterday's: a night that runs late is charged for them still."""
    return goal.apart.since(now.astimezone(ZoneInfo(goal.zone)).date() - A_DAY)
