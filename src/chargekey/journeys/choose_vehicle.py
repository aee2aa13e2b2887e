"""A driver chooses the car that we charge, from Tesla's list of his account."""

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
from chargekey.domain.journey import need_of_key
from chargekey.domain.vehicle import KeyNeed
from chargekey.journeys.account_list import read_account
from chargekey.journeys.standing import about_driver, about_vehicle, tend_if_ready
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
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
    """The list of cars. `chosen` None: nothing chosen yet. `fault`: Tesla did not answer just now."""

    cars: Sequence[CarShown]
    chosen: int | None
    looked_at: datetime | None
    fault: Fault | None


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
            await unit.evidence.append(
                [Observation(about_driver(driver_id), ChoseVehicle(vehicle_id), now, Source.DRIVER)]
            )
            await tend_if_ready(unit, driver_id, now)
        self._bus.changed(driver_id)

    async def _is_fresh(self, grant: Grant) -> bool:
        async with self._store.unit() as unit:
            known = await unit.garage.vehicles_of(grant.id)
            seen = await unit.evidence.seen_of_each([about_vehicle(vehicle.id) for vehicle in known])
        latest = [view.latest.get(Listed) for view in seen.values()]
        return any(listed is not None and listed.is_fresh(self._clock.now()) for listed in latest)

    async def _shown(self, driver_id: int, grant: Grant, fault: Fault | None) -> Choice:
        async with self._store.unit() as unit:
            vehicles = await unit.garage.vehicles_of(grant.id)
            seen = await unit.evidence.seen_of_each([about_vehicle(vehicle.id) for vehicle in vehicles])
            chosen = (await unit.evidence.seen(about_driver(driver_id))).fact(ChoseVehicle)
        cars = [car for one in vehicles if (car := _car(one, seen[about_vehicle(one.id)]))]
        looked_at = max((car.listed_at for car in cars), default=None)
        return Choice(cars, chosen.vehicle_id if chosen else None, looked_at, fault)


def _car(vehicle: Vehicle, seen: Seen) -> CarShown | None:
    listed, listed_at = seen.fact(Listed), seen.when(Listed)
    if listed is None or listed_at is None or seen.is_later(NotListed, than=Listed):
        return None
    return CarShown(vehicle, listed, need_of_key(vehicle.vin, seen), listed_at)
