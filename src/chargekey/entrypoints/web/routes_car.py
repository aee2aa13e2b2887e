"""The car's page: all that is known of it, its key and its home."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response

from chargekey.domain.evidence import ChargeState, Handshake, KeyStatus, Listed, ScopesGranted
from chargekey.domain.journey import Proof, Step, need_of_key, proof_of_key
from chargekey.domain.tariff import DayAheadTariff, FlatTariff
from chargekey.domain.vehicle import Access, Reach
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.live import LivePages, Moved
from chargekey.entrypoints.web.screens.car import Car, HomeNotKept
from chargekey.entrypoints.web.screens.days import DaysSet, days_set
from chargekey.entrypoints.web.showing_trouble import shortcomings
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, has_reached
from chargekey.journeys.keep_home import HomeShown, Said
from chargekey.journeys.pair_vehicle import KeyShown
from chargekey.journeys.standing import Whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.people import Driver


def routes(door: Door, journeys: Journeys, bus: Bus, clock: Clock) -> APIRouter:
    """`/car` with its live part, its key and its home."""
    router = APIRouter()
    page = _CarPage(door, journeys, clock)
    _car(router, door, journeys, page)
    LivePages(door, bus).serve(router, "/car/live", journeys.pair_vehicle.page_is_open, page.part)
    _home(router, door, journeys)
    return router


class _CarPage:
    """Shows everything known of the chosen car, each claim with its age."""

    def __init__(self, door: Door, journeys: Journeys, clock: Clock) -> None:
        self._door, self._journeys, self._clock = door, journeys, clock

    async def screen(self, me: SignedIn) -> tuple[Car, str | None]:
        """With the driver's zone. Raises `Moved` before there is a car that knows our key."""
        here = await self._journeys.standings.of(me.driver.id)
        if here.vehicle is None or not has_reached(here, Step.SET_GOAL):
            raise Moved(PATHS[here.step])
        key = await self._journeys.pair_vehicle.page(me.driver.id)
        home = await self._journeys.keep_home.shown(me.driver.id)
        goal = here.settings.goal if here.settings else None
        zone = goal.zone if goal else None
        days = days_set(goal, self._clock.now().astimezone(ZoneInfo(goal.zone)).date()) if goal else DaysSet()
        known = shortcomings((await self._journeys.troubleshoot.shown(me.driver.id)).diagnosis)
        looked_at = here.vehicle_seen.when(ChargeState)
        month = await self._journeys.keep_to_budget.of_chosen(here.vehicle, looked_at)
        learnt = await self._journeys.show_learnt.of_chosen(here)
        return replace(_screen(here, key, me.driver, home), known=known, month=month, learnt=learnt, days=days), zone

    async def part(self, me: SignedIn, _show: str) -> str:
        """The part that changes."""
        screen, zone = await self.screen(me)
        return self._door.fragment(me.visitor, screen, zone=zone)


def _car(router: APIRouter, door: Door, journeys: Journeys, page: _CarPage) -> None:
    @router.get("/car")
    async def car(me: SignedIn = Depends(door.driver)) -> Response:
        """Everything known of the chosen car."""
        try:
            screen, zone = await page.screen(me)
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        return door.page(me.visitor, screen, zone=zone)

    @router.post("/car/try-key")
    async def try_key(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Asks the car whether it knows our key, as soon as it is awake."""
        me = press.me
        here = await journeys.standings.of(me.driver.id)
        if here.vehicle is None or not has_reached(here, Step.SET_GOAL):
            return door.go(me.visitor, PATHS[here.step])
        await journeys.pair_vehicle.prove_again(me.driver.id)
        return door.go(me.visitor, "/car")


def _home(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.post("/car/home")
    async def is_here(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Home is where the car is now, if it says where that is."""
        me = press.me
        here = await journeys.standings.of(me.driver.id)
        if here.vehicle is None or not has_reached(here, Step.SET_GOAL):
            return door.go(me.visitor, PATHS[here.step])
        said = await journeys.keep_home.is_where_the_car_is(me.driver.id)
        if said is not Said.KEPT:
            return door.page(me.visitor, HomeNotKept(here.vehicle.vin, said), status=409)
        return door.go(me.visitor, "/car")

    @router.post("/car/home/forget")
    async def forget(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Erases the place of home."""
        await journeys.keep_home.forget(press.me.driver.id)
        return door.go(press.me.visitor, "/car")


def _screen(here: Whereabouts, key: KeyShown, driver: Driver, home: HomeShown) -> Car:
    vehicle, seen, settings = key.vehicle, here.vehicle_seen, here.settings
    listed, charge, status = seen.fact(Listed), seen.fact(ChargeState), seen.fact(KeyStatus)
    granted, goal = here.grant_seen.fact(ScopesGranted), settings.goal if settings else None
    proof = proof_of_key(vehicle.vin, seen)
    return Car(
        vin=vehicle.vin,
        name=listed.display_name if listed else None,
        access=listed.access if listed else Access.UNKNOWN,
        reach=listed.reach if listed else Reach.UNKNOWN,
        listed_at=seen.when(Listed),
        need=need_of_key(vehicle.vin, seen),
        key_seen_at=seen.when(KeyStatus),
        proof=proof,
        proved_at=seen.when(Handshake) if proof is Proof.PROVED else None,
        soc_percent=charge.soc_percent if charge else None,
        limit_percent=charge.limit_percent if charge else None,
        plugged_in=charge.plugged_in if charge else None,
        charge_seen_at=seen.when(ChargeState),
        firmware=status.firmware if status else None,
        target_percent=goal.target_percent if goal else None,
        minimum_percent=goal.minimum_percent if goal else None,
        ready_by=tuple(goal.ready_by[day] for day in range(7)) if goal else (None,) * 7,
        target_by_day=tuple(goal.target_by_day.get(day) for day in range(7)) if goal else (None,) * 7,
        tariff=_kind(settings.tariff) if settings else None,
        scopes=granted.scopes if granted else frozenset(),
        scopes_read_at=here.grant_seen.when(ScopesGranted),
        signed_in_as=driver.email,
        cars_in_account=key.cars_in_account,
        home=home,
        is_asked=key.is_asked,
        next_try_at=key.next_look_at,
    )


def _kind(tariff: object) -> str:
    return "flat" if isinstance(tariff, FlatTariff) else "day_ahead" if isinstance(tariff, DayAheadTariff) else "zones"
