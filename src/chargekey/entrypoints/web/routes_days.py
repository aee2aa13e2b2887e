"""Dates that are not as their weekday: a goal for one of them, or a holiday."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response

from chargekey.domain.days_apart import Holiday
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.journey import Step
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.web.days_form import one_of, typed, understood, untouched
from chargekey.entrypoints.web.door import Door, DriverPress, FormUnreadable, SignedIn
from chargekey.entrypoints.web.live import Moved
from chargekey.entrypoints.web.screens.days import SetDays, days_set
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, has_reached
from chargekey.ports.clock import Clock

PATH: Final = "/plan/days"


def routes(door: Door, journeys: Journeys, clock: Clock) -> APIRouter:
    """`/plan/days`: the list, adding to it and taking from it."""
    router, page = APIRouter(), _DaysPage(door, journeys, clock)

    @router.get(PATH)
    async def days(me: SignedIn = Depends(door.driver)) -> Response:
        """Those that are set, and a form for another."""
        try:
            return await page.shown(me)
        except Moved as moved:
            return door.go(me.visitor, moved.path)

    @router.post(PATH)
    async def add(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Keeps it, or shows what is wrong beside what was typed."""
        try:
            return await page.added(press.me, press.fields)
        except Moved as moved:
            return door.go(press.me.visitor, moved.path)

    @router.post(f"{PATH}/remove")
    async def remove(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Drops a date or a holiday; one that is gone already stays so."""
        try:
            return await page.removed(press.me, press.fields)
        except Moved as moved:
            return door.go(press.me.visitor, moved.path)

    return router


class _DaysPage:
    """Each raises `Moved` before there is a goal for all other days."""

    def __init__(self, door: Door, journeys: Journeys, clock: Clock) -> None:
        self._door, self._journeys, self._clock = door, journeys, clock

    async def shown(self, me: SignedIn) -> Response:
        car, goal = await self._goal_of(me)
        return self._door.page(me.visitor, _screen(car, goal, self._clock.now()), zone=goal.zone)

    async def added(self, me: SignedIn, fields: Mapping[str, str]) -> Response:
        car, goal = await self._goal_of(me)
        sent, now = typed(fields), self._clock.now()
        read = understood(sent, goal, now)
        if isinstance(read, Mapping):
            again = replace(_screen(car, goal, now), typed=sent, wrong=read)
            return self._door.page(me.visitor, again, status=422, zone=goal.zone)
        if isinstance(read, Holiday):
            await self._journeys.set_days_apart.set_holiday(me.driver.id, read)
        else:
            await self._journeys.set_days_apart.set_one_off(me.driver.id, read.day, read.goal)
        return self._door.go(me.visitor, PATH)

    async def removed(self, me: SignedIn, fields: Mapping[str, str]) -> Response:
        """Raises `FormUnreadable` for what is neither a date nor a holiday."""
        asked = one_of(fields)
        if asked is None:
            raise FormUnreadable
        await self._goal_of(me)
        if isinstance(asked, Holiday):
            await self._journeys.set_days_apart.drop_holiday(me.driver.id, asked)
        else:
            await self._journeys.set_days_apart.drop_one_off(me.driver.id, asked)
        return self._door.go(me.visitor, PATH)

    async def _goal_of(self, me: SignedIn) -> tuple[Vin, ChargeGoal]:
        here = await self._journeys.standings.of(me.driver.id)
        if here.vehicle is None or here.settings is None or not has_reached(here, Step.SET_GOAL):
            raise Moved(PATHS[here.step])
        return here.vehicle.vin, here.settings.goal


def _screen(car: Vin, goal: ChargeGoal, now: datetime) -> SetDays:
    today = now.astimezone(ZoneInfo(goal.zone)).date()
    return SetDays(car, days_set(goal, today), untouched(goal, today), today, goal.minimum_percent, goal.zone)
