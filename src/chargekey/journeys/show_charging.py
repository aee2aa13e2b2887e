"""What the driver sees of tonight and of the nights behind him. It looks at nothing but what is written down."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.domain.account import NightAccount
from chargekey.domain.aim import awaited
from chargekey.domain.charging import wanted
from chargekey.domain.evidence import ChargeState, Listed, Seen
from chargekey.domain.journey import proof_of_key
from chargekey.domain.ledger import Booking, Voucher, figures_of
from chargekey.domain.night import Night
from chargekey.domain.planning.later import LATEST, Later, leaving_later
from chargekey.domain.span import Span
from chargekey.domain.spend import Billed
from chargekey.domain.surplus import Surplus
from chargekey.domain.tariff import Prices, quarter_hours
from chargekey.domain.vehicle import Reach
from chargekey.journeys.keep_to_budget import KeepToBudget
from chargekey.journeys.night_shown import NightShown, NightSums, SpanShown, TonightShown
from chargekey.journeys.reckon_night import (
    CHART_SPAN,
    Told,
    account_of,
    figures_of_account,
    needs_prices,
    outcome_of,
    surplus_of,
    told_of,
    with_schedules,
)
from chargekey.journeys.scene import Scene, kept_by_car, outlook_of, schedules_now
from chargekey.journeys.standing import whereabouts
from chargekey.ports.carbon import CarbonIntensity
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tariffs import Tariffs

NIGHTS_SHOWN: Final = 60


class NothingToShow(Exception):
    """The driver has no car set up, or the night is not his."""


class ShowCharging:
    """Pages of a connected driver."""

    def __init__(
        self, store: Store, clock: Clock, tariffs: Tariffs, budget: KeepToBudget, carbon: CarbonIntensity
    ) -> None:
        self._store, self._clock, self._tariffs, self._budget = store, clock, tariffs, budget
        self._carbon = carbon

    async def tonight(self, driver_id: int) -> TonightShown:
        """Raises `NothingToShow` before a car and a goal are chosen."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            if here.vehicle is None or here.settings is None:
                raise NothingToShow
            night = await unit.nights.open_night(here.vehicle.id)
            next_look_at = await unit.timers.due_at(Work.TEND_VEHICLE, here.vehicle.id)
            month = await self._budget.of_car(unit, here.vehicle, night, here.vehicle_seen.when(ChargeState))
        settings, seen = here.settings, here.vehicle_seen
        shown = await self._tonight(night, here.vehicle, settings) if night else None
        scene = _scene(here.vehicle, here.grant_seen, seen, settings, shown)
        held = schedules_now(scene)
        next_one = awaited(settings.goal, night.ready_by if night else None, now)
        prices_to = now if next_one.rests_until else next_one.ready_by or now
        listed = seen.fact(Listed)
        return TonightShown(
            now=now,
            vehicle=here.vehicle,
            settings=settings,
            reach=listed.reach if listed else Reach.UNKNOWN,
            listed_at=seen.when(Listed),
            charge=seen.fact(ChargeState),
            looked_at=seen.when(ChargeState),
            proof=proof_of_key(here.vehicle.vin, seen),
            ready_by=next_one.ready_by,
            rests_until=next_one.rests_until,
            night=shown,
            wanted=wanted(outlook_of(scene, now)),
            prices=shown.prices if shown else await self._prices(settings, now, max(prices_to, now + CHART_SPAN)),
            next_look_at=next_look_at,
            month=month,
            is_kept_by_car=bool(kept_by_car(scene, now)),
            guard=held.guard if held else None,
            drivers_schedules=held.drivers if held else (),
            later=await self._later(shown, settings) if shown and not next_one.rests_until else None,
        )

    async def _later(self, shown: NightShown, settings: ChargeSettings) -> Later | None:
        """What leaving later would save of a plan that has not begun."""
        kept, now = shown.plan, self._clock.now()
        if kept is None or not shown.is_priced or not kept.plan.windows or kept.plan.windows[0].start <= now:
            return None
        begins, ends = kept.problem.ready_by, kept.problem.ready_by + LATEST
        known = await self._prices(settings, begins, ends)
        if known.forecast_until is not None:
            return None
        return leaving_later(kept.problem, quarter_hours(known, begins, min(ends, known.known_until)))

    async def nights(self, driver_id: int) -> Sequence[NightSums]:
        """The latest nights of the chosen car in which it drew power, newest first."""
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            if here.vehicle is None or here.settings is None:
                return []
            nights = await unit.nights.nights_of(here.vehicle.id, NIGHTS_SHOWN)
        return await self._in_short(nights, here.vehicle, here.settings)

    async def nights_in(self, driver_id: int, span: Span) -> SpanShown:
        """What the chosen car drew in a month or a year. Raises `NothingToShow` before a car and a goal are chosen."""
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            if here.vehicle is None or here.settings is None:
                raise NothingToShow
            begins, ends = span.bounds(ZoneInfo(here.settings.goal.zone))
            nights = await unit.nights.nights_ended(here.vehicle.id, begins, ends)
            first = await unit.nights.first_night(here.vehicle.id)
        shown = await self._in_short(nights, here.vehicle, here.settings)
        has_earlier = first is not None and first.unplugged_at is not None and first.unplugged_at < begins
        return SpanShown(span, here.vehicle, here.settings, tuple(shown), has_earlier)

    async def night(self, driver_id: int, night_id: int) -> NightShown:
        """One night of the driver's own. Raises `NothingToShow` for any other."""
        async with self._store.unit() as unit:
            night = await unit.nights.night(night_id)
            vehicle = await unit.garage.vehicle(night.vehicle_id) if night else None
            if night is None or vehicle is None or vehicle.driver_id != driver_id:
                raise NothingToShow
            settings = await unit.settings.settings(vehicle.id)
            bookings = await unit.ledger.of_night(night.id) if night.unplugged_at else ()
            now = self._clock.now()
            told = await with_schedules(unit, await told_of(unit, vehicle, night, now))
            surplus = None if bookings else await surplus_of(unit, night, settings, now)
        if bookings and (voucher := bookings[-1].voucher):
            return _as_booked(told, bookings, voucher)
        if settings is None:
            raise NothingToShow
        return await self._reckoned(told, settings, surplus)

    async def tonights_prices(self, settings: ChargeSettings) -> Prices:
        """For a page without a car: the prices from now on."""
        now = self._clock.now()
        return await self._prices(settings, now, now + CHART_SPAN)

    async def _in_short(
        self, nights: Sequence[Night], vehicle: Vehicle, settings: ChargeSettings
    ) -> Sequence[NightSums]:
        """Those in which it drew power, in their order: as booked, and what is not booked as it stands."""
        async with self._store.unit() as unit:
            booked = await unit.ledger.of_nights([one.id for one in nights if one.unplugged_at])
        found = []
        for night in nights:
            if of_it := booked.get(night.id):
                found.append(NightSums(night, figures_of(of_it[0]), of_it[1], of_it[0]))
            else:
                found.append(_sums_of(await self._night(night, vehicle, settings)))
        return [one for one in found if one.figures.wall_wh]

    async def _night(self, night: Night, vehicle: Vehicle, settings: ChargeSettings) -> NightShown:
        """As it stands, at today's tariff."""
        async with self._store.unit() as unit:
            now = self._clock.now()
            told = await told_of(unit, vehicle, night, now)
            surplus = await surplus_of(unit, night, settings, now)
        return await self._reckoned(told, settings, surplus)

    async def _reckoned(self, told: Told, settings: ChargeSettings, surplus: Surplus | None) -> NightShown:
        now = self._clock.now()
        span = needs_prices(told.night, now)
        prices, carbon = await self._prices(settings, *span), await self._carbon.carbon(*span, now)
        sums = account_of(told, prices, settings.current_a, carbon, surplus)
        return NightShown(told, sums, prices, told.calls, carbon=carbon, surplus=surplus)

    async def _tonight(self, night: Night, vehicle: Vehicle, settings: ChargeSettings) -> NightShown:
        """A night with how clean its power was and will be."""
        shown, now = await self._night(night, vehicle, settings), self._clock.now()
        carbon = await self._carbon.carbon(night.plugged_in_at, max(now, night.ready_by or now), now)
        return replace(shown, carbon=carbon)

    async def _prices(self, settings: ChargeSettings, start: datetime, end: datetime) -> Prices:
        return await self._tariffs.prices(settings.tariff, start, end, self._clock.now())


def _sums_of(shown: NightShown) -> NightSums:
    figures = figures_of_account(shown.account, shown.prices, shown.calls)
    return NightSums(shown.night, figures, outcome_of(shown.told, shown.account))


def _scene(vehicle: Vehicle, grant_seen: Seen, seen: Seen, settings: ChargeSettings, shown: NightShown | None) -> Scene:
    """What a page is shown from, in the words of the room that decides."""
    night, plan = (shown.night, shown.plan) if shown else (None, None)
    commands = tuple(shown.commands) if shown else ()
    return Scene(vehicle, grant_seen, seen, settings, night, plan, commands, drew_since_start=False, watch=None)


def _as_booked(told: Told, bookings: Sequence[Booking], voucher: Voucher) -> NightShown:
    """Its figures by the ledger, at the prices that it was booked with."""
    entries, outcome = [one.entry for one in bookings], bookings[-1].outcome
    figures = figures_of(entries)
    sums = NightAccount(
        readings=voucher.readings,
        wall_wh=figures.wall_wh,
        battery_wh=figures.battery_wh,
        cost_nano=figures.cost_nano,
        at_once_nano=figures.at_once_nano,
        soc_before_percent=outcome.soc_before_percent,
        soc_after_percent=outcome.soc_after_percent,
        done_at=outcome.done_at,
        carbon_mg=figures.carbon_mg,
        carbon_at_once_mg=figures.carbon_at_once_mg,
        sun_wh=figures.sun_wh,
        feed_in_nano=figures.feed_in_nano,
    )
    calls = {Billed.DATA: outcome.looks, Billed.COMMAND: outcome.orders, Billed.WAKE: outcome.wakes}
    return NightShown(told, sums, voucher.prices, calls, entries, voucher.carbon, voucher.surplus)
