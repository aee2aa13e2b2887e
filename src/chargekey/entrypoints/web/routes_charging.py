"""A connected driver's evenings and mornings: the plan, tonight, why not, nights."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Response

from chargekey.domain.evidence import Handshake
from chargekey.domain.journey import Step
from chargekey.domain.night import Wish
from chargekey.domain.span import month_of
from chargekey.domain.tariff import Currency
from chargekey.entrypoints.web.door import Door, DriverPress, FormUnreadable, SignedIn
from chargekey.entrypoints.web.live import LivePages, Moved
from chargekey.entrypoints.web.markets_form import begun, choice_of, held, read, shown_again
from chargekey.entrypoints.web.plan_form import Misread, typed
from chargekey.entrypoints.web.screens.days import days_set
from chargekey.entrypoints.web.screens.frame import Part
from chargekey.entrypoints.web.screens.planning import SetPlan
from chargekey.entrypoints.web.screens.tonight import Nights, Tonight
from chargekey.entrypoints.web.screens.trouble import NotFound
from chargekey.entrypoints.web.showing_nights import lines, morning
from chargekey.entrypoints.web.showing_tonight import tonight as tonight_screen
from chargekey.entrypoints.web.showing_tonight import why_not
from chargekey.entrypoints.web.showing_trouble import held_up
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, has_reached, trail
from chargekey.entrypoints.web.surplus_form import sun_of
from chargekey.journeys.night_shown import TonightShown
from chargekey.journeys.set_days_apart import kept_apart
from chargekey.journeys.show_charging import NothingToShow
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock

LARGEST_NUMBER: Final = 2**53


def routes(door: Door, journeys: Journeys, bus: Bus, clock: Clock) -> APIRouter:
    """`/plan`, `/tonight` with its live part, `/why`, `/nights`."""
    router = APIRouter()
    _planning(router, door, journeys, clock)
    page = _TonightPage(door, journeys)
    _tonight(router, door, journeys, page)
    LivePages(door, bus).serve(router, "/tonight/live", journeys.run_charge.page_is_open, page.part)
    _why(router, door, journeys)
    _nights(router, door, journeys, clock)
    return router


def _planning(router: APIRouter, door: Door, journeys: Journeys, clock: Clock) -> None:
    async def screen(me: SignedIn) -> SetPlan:
        """The form as it stands. Raises `Moved` before there is a car to plan for."""
        here = await journeys.standings.of(me.driver.id)
        if here.vehicle is None or not has_reached(here, Step.SET_GOAL):
            raise Moved(PATHS[here.step])
        markets, with_prices = journeys.plan_charge.markets, await journeys.plan_charge.can_go_by_the_hour()
        market, by_the_hour = held(here.settings, markets), bool(with_prices)
        goal, now = here.settings.goal if here.settings else None, clock.now()
        zone = goal.zone if goal else door.site.zone
        return SetPlan(
            trail=trail(here, Part.PLAN) if here.step is Step.SET_GOAL else None,
            car=here.vehicle.vin,
            typed=begun(here.settings, market, zone, by_the_hour=by_the_hour),
            by_the_hour=by_the_hour,
            weighs_carbon=journeys.plan_charge.weighs_carbon,
            market=market,
            zone=zone,
            leaves=await journeys.show_learnt.leaves(here),
            days=days_set(goal, now.astimezone(ZoneInfo(goal.zone)).date()) if goal else None,
            apart=kept_apart(goal, now) if goal else None,
            choice=choice_of(markets, with_prices, [zone, door.site.zone], now),
            sun=sun_of(here.settings) if here.settings else None,
        )

    @router.get("/plan")
    async def plan(me: SignedIn = Depends(door.driver)) -> Response:
        """When it must be ready, how full, and what power costs."""
        try:
            return door.page(me.visitor, await screen(me))
        except Moved as moved:
            return door.go(me.visitor, moved.path)

    @router.post("/plan")
    async def save(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Keeps it, or shows what is wrong beside what was typed."""
        me = press.me
        try:
            form = await screen(me)
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        sent = typed(press.fields)
        settings = read(sent, form)
        if isinstance(settings, Misread):
            return door.page(me.visitor, shown_again(form, sent, settings), status=422)
        await journeys.plan_charge.save(me.driver.id, settings)
        return door.go(me.visitor, PATHS[Step.TONIGHT])


class _TonightPage:
    """Shows the night to come, or the one that is."""

    def __init__(self, door: Door, journeys: Journeys) -> None:
        self._door, self._journeys = door, journeys

    async def screen(self, me: SignedIn) -> tuple[Tonight, str, Currency]:
        """The screen, and the zone and currency it is told in. Raises `Moved` when something comes before tonight."""
        here = await self._journeys.standings.of(me.driver.id)
        if here.step is not Step.TONIGHT:
            raise Moved(PATHS[here.step])
        try:
            shown = await _shown(self._journeys, me.driver.id)
        except NothingToShow as nothing:
            raise Moved("/go") from nothing
        trouble = await self._journeys.troubleshoot.shown(me.driver.id)
        screen = replace(tonight_screen(shown, await _left(self._journeys, shown)), held=held_up(trouble))
        return screen, shown.settings.goal.zone, shown.prices.currency

    async def part(self, me: SignedIn, _show: str) -> str:
        """The part that changes."""
        shown, zone, currency = await self.screen(me)
        return self._door.fragment(me.visitor, shown, zone=zone, currency=currency)


async def _shown(journeys: Journeys, driver_id: int) -> TonightShown:
    """With how long a start now would warm the battery. Raises `NothingToShow`."""
    shown = await journeys.show_charging.tonight(driver_id)
    if shown.night is None or shown.charge is None:
        return shown
    cold = await journeys.plan_charge.warm_up(shown.vehicle, shown.night.night, shown.plan, shown.charge)
    return replace(shown, warm_up=cold)


async def _left(journeys: Journeys, shown: TonightShown) -> timedelta | None:
    """How long charging at once would take from now, None before the battery was ever seen."""
    if shown.charge is None:
        return None
    night = shown.night.night if shown.night else None
    draws = await journeys.plan_charge.until_target(
        shown.vehicle, night, shown.settings, shown.charge, shown.target_percent
    )
    return shown.warms_for + draws


def _tonight(router: APIRouter, door: Door, journeys: Journeys, page: _TonightPage) -> None:
    @router.get("/tonight")
    async def tonight(me: SignedIn = Depends(door.driver)) -> Response:
        """The night to come, or the one that is."""
        await journeys.run_charge.page_is_open(me.driver.id)
        try:
            shown, zone, currency = await page.screen(me)
        except Moved as moved:
            return door.go(me.visitor, moved.path)
        return door.page(me.visitor, shown, zone=zone, currency=currency)

    @router.post("/tonight/wish")
    async def wish(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Charge now, stop, skip tonight, or back to the plan."""
        asked = press.fields.get("wish", "")
        if asked not in set(Wish):
            raise FormUnreadable
        await journeys.run_charge.wish(press.me.driver.id, Wish(asked))
        return door.go(press.me.visitor, PATHS[Step.TONIGHT])


def _why(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/why")
    async def why(me: SignedIn = Depends(door.driver)) -> Response:
        """Why it is not charging just now."""
        here = await journeys.standings.of(me.driver.id)
        if here.step is not Step.TONIGHT:
            return door.go(me.visitor, PATHS[here.step])
        try:
            shown = await _shown(journeys, me.driver.id)
        except NothingToShow:
            return door.go(me.visitor, "/go")
        screen = why_not(shown, await _left(journeys, shown), here.vehicle_seen.when(Handshake))
        return door.page(me.visitor, screen, zone=shown.settings.goal.zone, currency=shown.prices.currency)


def _nights(router: APIRouter, door: Door, journeys: Journeys, clock: Clock) -> None:
    @router.get("/nights")
    async def nights(me: SignedIn = Depends(door.driver)) -> Response:
        """The latest nights, newest first."""
        here = await journeys.standings.of(me.driver.id)
        if here.vehicle is None or here.settings is None:
            return door.go(me.visitor, PATHS[here.step])
        zone = here.settings.goal.zone
        currency, today = here.settings.tariff.currency, clock.now().astimezone(ZoneInfo(zone)).date()
        shown = lines(await journeys.show_charging.nights(me.driver.id), zone, currency)
        month = month_of(shown[0].day if shown else today)  # the latest that has one
        return door.page(me.visitor, Nights(here.vehicle.vin, shown, month), zone=zone, currency=currency)

    @router.get("/nights/last")
    async def last_night(me: SignedIn = Depends(door.driver)) -> Response:
        """The latest night in which something was charged and that is over."""
        nights = await journeys.show_charging.nights(me.driver.id)
        over = [one.night.id for one in nights if one.night.unplugged_at]
        return door.go(me.visitor, f"/nights/{over[0]}" if over else "/nights")

    @router.get("/nights/{night_id}")
    async def night(night_id: int = Path(ge=1, le=LARGEST_NUMBER), me: SignedIn = Depends(door.driver)) -> Response:
        """One night: energy, cost, saving, what was sent to the car, and what Tesla bills for it."""
        settings = await journeys.plan_charge.settings(me.driver.id)
        zone = settings.goal.zone if settings else door.site.zone
        try:
            shown = await journeys.show_charging.night(me.driver.id, night_id)
        except NothingToShow:
            return door.page(me.visitor, NotFound(), status=404)
        screen = morning(shown, clock.now(), zone)
        return door.page(me.visitor, screen, zone=zone, currency=shown.prices.currency)
