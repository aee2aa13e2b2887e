"""A driver says where home is, or that we shall forget it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.evidence import ChargeState, Observation, Seen, Source
from chargekey.domain.findings import AskedForHome
from chargekey.domain.place import LearntFrom
from chargekey.domain.vehicle import Reach
from chargekey.journeys.look_at_car import LookAtCar, may_read_place
from chargekey.journeys.standing import about_vehicle, tend_if_ready, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Asleep, BudgetSpent, Busy, ScopeMissing
from chargekey.ports.homes import Homes
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tesla import TeslaVehicles

ASKED_ENOUGH_FOR: Final = timedelta(minutes=1)
"""Where a car is, it is asked no more often, however often he presses: each such look is billed."""


class Said(StrEnum):
    """What came of *home is where the car is now*. `LATELY`: it was asked a moment ago, and home forgotten since."""

    KEPT = "kept"
    ASLEEP = "asleep"
    BUDGET_SPENT = "budget_spent"
    HIDDEN = "hidden"
    LATELY = "lately"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class HomeShown:
    """How we know where home is, never where. `learnt_at` None: we do not know it."""

    may_read_place: bool
    learnt_at: datetime | None
    learnt_from: LearntFrom | None


class KeepHome:
    """The home of the chosen car."""

    def __init__(
        self, store: Store, clock: Clock, bus: Bus, vehicles: TeslaVehicles, look: LookAtCar, homes: Homes
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._vehicles, self._look, self._homes = vehicles, look, homes

    async def shown(self, driver_id: int) -> HomeShown:
        """What a page may say of it."""
        vehicle, may_read, _ = await self._chosen(driver_id)
        home = await self._homes.home_of(vehicle.id) if vehicle else None
        return HomeShown(may_read, home.learnt_at if home else None, home.learnt_from if home else None)

    async def is_where_the_car_is(self, driver_id: int) -> Said:
        """Look where the car is, if it is awake, and keep that as home. It is not woken for this."""
        vehicle, may_read, seen = await self._chosen(driver_id)
        if vehicle is None or not may_read:
            return Said.NOT_ALLOWED
        if said_lately := await self._lately(vehicle, seen):
            return said_lately
        glance = await self._vehicles.glance(vehicle.grant_id, vehicle.vin)
        about, now = about_vehicle(vehicle.id), self._clock.now()
        news = [Observation(about, glance.value, now, Source.TESLA, glance.request_id)]
        said = Said.ASLEEP
        if glance.value.reach is Reach.ONLINE:
            try:
                look = await self._look.look_and_call_it_home(vehicle, seen.fact(ChargeState))
                said = Said.KEPT if look else Said.HIDDEN
                asked = AskedForHome(told=look is not None)
                news += [*([look] if look else []), Observation(about, asked, self._clock.now(), Source.DRIVER)]
            except (Asleep, Busy):
                said = Said.ASLEEP
            except ScopeMissing:
                said = Said.NOT_ALLOWED
            except BudgetSpent:
                said = Said.BUDGET_SPENT
        await self._write_down(driver_id, news)
        return said

    async def forget(self, driver_id: int) -> None:
        """From the next look on, plugged in means at home again, until another plug-in shows a place."""
        vehicle, _, _ = await self._chosen(driver_id)
        if vehicle:
            await self._homes.forget(vehicle.id)
            await self._write_down(driver_id, [])

    async def _lately(self, vehicle: Vehicle, seen: Seen) -> Said | None:
        """What came of it a moment ago; None: it was not asked just now."""
        asked, at = seen.fact(AskedForHome), seen.when(AskedForHome)
        if asked is None or at is None or self._clock.now() - at >= ASKED_ENOUGH_FOR:
            return None
        if not asked.told:
            return Said.HIDDEN
        return Said.KEPT if await self._homes.home_of(vehicle.id) else Said.LATELY

    async def _chosen(self, driver_id: int) -> tuple[Vehicle | None, bool, Seen]:
        """The car, whether we may ask where it is, and what is known of it."""
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
        return here.vehicle, may_read_place(here.grant_seen), here.vehicle_seen

    async def _write_down(self, driver_id: int, news: list[Observation]) -> None:
        async with self._store.unit() as unit:
            await unit.evidence.append(news)
            await tend_if_ready(unit, driver_id, self._clock.now())
        self._bus.changed(driver_id)
