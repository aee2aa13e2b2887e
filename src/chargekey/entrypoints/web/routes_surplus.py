"""Solar surplus: what it is worth to the driver, and the key with which his home tells of it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Depends, Response

from chargekey.domain.journey import Step
from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.api import surplus as door_for_homes
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.live import Moved
from chargekey.entrypoints.web.screens.surplus import HomeKey, KeyMade, SolarSurplus, Spare
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, has_reached
from chargekey.entrypoints.web.surplus_form import SunWanted, as_typed, sun_of, typed, understood
from chargekey.journeys.set_surplus import SurplusShown
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.clock import Clock

PATH: Final = "/plan/surplus"
A_DAY: Final = timedelta(days=1)


def routes(door: Door, journeys: Journeys, clock: Clock) -> APIRouter:
    """`/plan/surplus`: what is set and told, setting it, doing without, and the key."""
    router, page = APIRouter(), _SurplusPage(door, journeys, clock)
    _setting(router, door, journeys, page)
    _key(router, door, journeys, page)
    return router


class _SurplusPage:
    """Each raises `Moved` before there is a plan."""

    def __init__(self, door: Door, journeys: Journeys, clock: Clock) -> None:
        self._door, self._journeys, self._clock = door, journeys, clock

    async def shown(self, me: SignedIn, made: Secret | None = None) -> Response:
        """`made`: a key that was made just now."""
        screen, settings = await self._screen(me)
        if made:
            screen = replace(screen, made=_ready(self._door.site.base_url, made, self._clock.now()))
        return self._drawn(me, screen, settings)

    async def saved(self, me: SignedIn, fields: Mapping[str, str]) -> Response:
        """Or shown again, with what is wrong."""
        screen, settings = await self._screen(me)
        sent = typed(fields)
        read = understood(sent)
        if not isinstance(read, SunWanted):
            return self._drawn(me, replace(screen, typed=sent, wrong=read), settings, status=422)
        await self._journeys.set_surplus.follow(me.driver.id, read.feed_in_micro_per_kwh, read.current_a)
        return self._door.go(me.visitor, PATH)

    async def must_be_there(self, me: SignedIn) -> Vin:
        """The car it is about."""
        here = await self._journeys.standings.of(me.driver.id)
        if here.vehicle is None or here.settings is None or not has_reached(here, Step.SET_GOAL):
            raise Moved(PATHS[here.step])
        return here.vehicle.vin

    async def _screen(self, me: SignedIn) -> tuple[SolarSurplus, ChargeSettings]:
        car = await self.must_be_there(me)
        shown = await self._journeys.set_surplus.shown(me.driver.id)
        return _screen(car, shown), shown.settings

    def _drawn(self, me: SignedIn, screen: SolarSurplus, settings: ChargeSettings, *, status: int = 200) -> Response:
        zone, currency = settings.goal.zone, settings.tariff.currency
        return self._door.page(me.visitor, screen, status=status, zone=zone, currency=currency)


def _setting(router: APIRouter, door: Door, journeys: Journeys, page: _SurplusPage) -> None:
    @router.get(PATH)
    async def surplus(me: SignedIn = Depends(door.driver)) -> Response:
        """What is set, and what the home told."""
        try:
            return await page.shown(me)
        except Moved as moved:
            return door.go(me.visitor, moved.path)

    @router.post(PATH)
    async def save(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Keeps it, or shows what is wrong beside what was typed."""
        try:
            return await page.saved(press.me, press.fields)
        except Moved as moved:
            return door.go(press.me.visitor, moved.path)

    @router.post(f"{PATH}/without")
    async def without(press: DriverPress = Depends(door.driver_press)) -> Response:
        """From now on whatever the home tells changes nothing. The key stays."""
        try:
            await page.must_be_there(press.me)
        except Moved as moved:
            return door.go(press.me.visitor, moved.path)
        await journeys.set_surplus.do_without(press.me.driver.id)
        return door.go(press.me.visitor, PATH)


def _key(router: APIRouter, door: Door, journeys: Journeys, page: _SurplusPage) -> None:
    @router.post(f"{PATH}/key")
    async def make(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Shown in this answer alone, so that it stands in no address and is kept nowhere."""
        try:
            await page.must_be_there(press.me)
            return await page.shown(press.me, await journeys.set_surplus.make_key(press.me.driver.id))
        except Moved as moved:
            return door.go(press.me.visitor, moved.path)

    @router.post(f"{PATH}/key/back")
    async def take_back(press: DriverPress = Depends(door.driver_press)) -> Response:
        """One that is gone already stays so."""
        try:
            await page.must_be_there(press.me)
        except Moved as moved:
            return door.go(press.me.visitor, moved.path)
        await journeys.set_surplus.take_key_back(press.me.driver.id)
        return door.go(press.me.visitor, PATH)


def _screen(car: Vin, shown: SurplusShown) -> SolarSurplus:
    measured = shown.told.measured
    return SolarSurplus(
        car,
        as_typed(shown.settings),
        sun_of(shown.settings),
        Spare(
            measured.slot.surplus_w if measured else None,
            measured.told_at if measured else None,
            shown.told.forecast_until,
        ),
        HomeKey(shown.key.made_at, shown.key.heard_at) if shown.key else None,
    )


def _ready(base_url: str, key: Secret, now: datetime) -> KeyMade:
    """Two lines for a shell. The forecast is of tomorrow noon, so that it may be sent as it stands."""
    address, noon = base_url + door_for_homes.PATH, (now + A_DAY).replace(hour=12, minute=0, second=0, microsecond=0)

    def line(body: object) -> str:
        return f"curl -H 'Authorization: Bearer {key.reveal()}' -d '{json.dumps(body)}' {address}"

    start, end = (f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in (noon, noon + timedelta(hours=2)))
    forecast = {"forecast": [{"start": start, "end": end, "surplus_w": 2_500}]}
    return KeyMade(address, key.reveal(), line({"grid_w": -1_400}), line(forecast))
