"""A driver chooses the car that we charge, from Tesla's list of his account.

Until one is chosen the list is looked at by the hour, with no page open (`stay_connected`): a car may yet come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chargekey.domain.evidence import (
    ChoseVehicle,
    Listed,
    NotListed,
    Observation,
    Seen,
    Source,
)
from chargekey.domain.findings import AccountAnswered
from chargekey.domain.journey import need_of_key
from chargekey.domain.vehicle import KeyNeed
from chargekey.journeys.account_list import read_account
from chargekey.journeys.daily_turn import UNTIL_A_CAR, next_turn
from chargekey.journeys.standing import about_driver, about_grant, about_vehicle, tend_if_ready
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.jobs import Work
from chargekey.ports.people import Grant, Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tesla import TeslaVehicles


class NotYourVehicle(Exception):
    """The number names no vehicle of this driver's account."""


@dataclass(frozen=True, slots=True)
class CarShown:
    """One car of the list, with what we know of it and since when."""

    vehicle: Vehicle
    listed: Listed
    need: KeyNeed
    listed_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """The list of cars. `chosen` None: nothing chosen yet. `fault`: Tesla did not answer just now.

    `again_at`: when we look by ourselves whether another car came; None: one is chosen, and there.
    """

    cars: Sequence[CarShown]
    chosen: int | None
    looked_at: datetime | None
    fault: Fault | None
    again_at: datetime | None = None


class ChooseVehicle:
    """Looks at Tesla's list and the key states of all its cars, and keeps what the driver chose."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, vehicles: TeslaVehicles) -> None:
        self._store, self._clock, self._bus, self._vehicles = store, clock, bus, vehicles

    async def look(self, driver_id: int) -> Choice:
        """Ask Tesla unless it said so seconds ago, and show what is known."""
        async with self._store.unit() as unit:
            grant = await unit.garage.grant_of(driver_id)
        if grant is None:
            return Choice((), None, None, None)
        fault = None
        if not await self._is_fresh(grant):
            try:
                await read_account(self._store, self._clock, self._vehicles, grant)
            except Fault as passing:
                fault = passing
        return await self._shown(driver_id, grant, fault)

    async def choose(self, driver_id: int, vehicle_id: int) -> None:
        """Raises `NotYourVehicle` for a number that is not in this driver's list."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            grant = await unit.garage.grant_of(driver_id)
            of_grant = await unit.garage.vehicles_of(grant.id) if grant else []
            if vehicle_id not in {vehicle.id for vehicle in of_grant}:
                raise NotYourVehicle
            before = (await unit.evidence.seen(about_driver(driver_id))).fact(ChoseVehicle)
            await unit.evidence.append(
                [Observation(about_driver(driver_id), ChoseVehicle(vehicle_id), now, Source.DRIVER)]
            )
            if before and before.vehicle_id != vehicle_id:  # our hours are not to charge it for ever
                await unit.timers.set(Work.CLEAR_CAR, before.vehicle_id, now)
            if grant:  # a car is chosen, so nothing is looked for by the hour
                await unit.timers.set(Work.STAY_CONNECTED, grant.id, next_turn(grant.id, now))
            await tend_if_ready(unit, driver_id, now)
        self._bus.changed(driver_id)

    async def _is_fresh(self, grant: Grant) -> bool:
        async with self._store.unit() as unit:
            answered = (await unit.evidence.seen(about_grant(grant.id))).latest.get(AccountAnswered)
        return answered is not None and answered.is_fresh(self._clock.now())

    async def _shown(self, driver_id: int, grant: Grant, fault: Fault | None) -> Choice:
        async with self._store.unit() as unit:
            vehicles = await unit.garage.vehicles_of(grant.id)
            seen = await unit.evidence.seen_of_each([about_vehicle(vehicle.id) for vehicle in vehicles])
            chosen = (await unit.evidence.seen(about_driver(driver_id))).fact(ChoseVehicle)
            looked_at = (await unit.evidence.seen(about_grant(grant.id))).when(AccountAnswered)
            cars = [car for one in vehicles if (car := _car(one, seen[about_vehicle(one.id)]))]
            is_chosen = any(chosen and car.vehicle.id == chosen.vehicle_id for car in cars)
            if not is_chosen:
                await unit.timers.set_no_later(Work.STAY_CONNECTED, grant.id, self._clock.now() + UNTIL_A_CAR)
            again_at = None if is_chosen else await unit.timers.due_at(Work.STAY_CONNECTED, grant.id)
        return Choice(cars, chosen.vehicle_id if chosen else None, looked_at, fault, again_at)


def _car(vehicle: Vehicle, seen: Seen) -> CarShown | None:
    listed, listed_at = seen.fact(Listed), seen.when(Listed)
    if listed is None or listed_at is None or seen.is_later(NotListed, than=Listed):
        return None
    return CarShown(vehicle, listed, need_of_key(vehicle.vin, seen), listed_at)
