"""What we put into a car is taken out again before we leave it, as far as it is awake to hear that.

Whose driver leaves altogether does not wait for that; where he only has chosen another car we come back until it is.
This is no order of a night: a worker may be tending the car meanwhile, and an order on its way is his alone. To remove
a schedule twice harms nothing, and what is written down is what the car has.
"""

from datetime import timedelta
from typing import Final

from chargekey.domain.car_schedules import SchedulesInCar
from chargekey.domain.evidence import Observation, Seen, Source
from chargekey.domain.journey import Proof, proof_of_key
from chargekey.domain.vehicle import Reach
from chargekey.journeys.scene import load, schedules_now
from chargekey.journeys.standing import about_vehicle, is_out_of_reach, whereabouts
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tesla import TeslaVehicles, VehicleCommands

LEFT_WITHIN: Final = timedelta(minutes=2)
ONCE_AWAKE: Final = timedelta(minutes=10)
"""Who has driven stays awake for a quarter of an hour; to look is free."""


class ClearCar:
    """Removes our own schedules. It wakes no car."""

    def __init__(self, store: Store, clock: Clock, vehicles: TeslaVehicles, commands: VehicleCommands) -> None:
        self._store, self._clock, self._vehicles, self._commands = store, clock, vehicles, commands

    async def has_ours(self, vehicle: Vehicle) -> bool:
        """Whether a schedule of ours is in the car by its last word and what it agreed to since."""
        _, held = await self._known(vehicle)
        return held is not None and bool(held.ours)

    async def after_exchange(self, vehicle_id: int) -> None:
        """The timer's work, for a car whose driver has chosen another: until it has forgotten them, or is chosen again.

        Where Tesla lets us at it no more there is nothing to be done.
        """
        async with self._store.unit() as unit:
            vehicle = await unit.garage.vehicle(vehicle_id)
            here, seen = await whereabouts(unit, vehicle.driver_id), await unit.evidence.seen(about_vehicle(vehicle_id))
        if is_out_of_reach(here, vehicle, seen) or here.vehicle == vehicle or await self.clear(vehicle):
            return
        async with self._store.unit() as unit:
            await unit.timers.hold_on()
            await unit.timers.set(Work.CLEAR_CAR, vehicle_id, self._clock.now() + ONCE_AWAKE)

    async def clear(self, vehicle: Vehicle) -> bool:
        """Take them out if the car is awake. False: some may still be there."""
        seen, held = await self._known(vehicle)
        if held is None:
            return True
        async with self._store.unit() as unit:  # not given anew meanwhile; who is stopped here is tended on
            await unit.timers.set(Work.TEND_VEHICLE, vehicle.id, self._clock.now() + LEFT_WITHIN)
        try:
            glance = await self._vehicles.glance(vehicle.grant_id, vehicle.vin)
            if glance.value.reach is not Reach.ONLINE:
                return not held.ours
            signed = proof_of_key(vehicle.vin, seen) is not Proof.NOT_NEEDED
            for schedule in held.ours:
                await self._commands.remove_schedule(vehicle.grant_id, vehicle.vin, schedule.number, signed=signed)
                held = held.with_removed(schedule)
                await self._write(vehicle, held)
        except Fault:
            return False
        return True

    async def _known(self, vehicle: Vehicle) -> tuple[Seen, SchedulesInCar | None]:
        async with self._store.unit() as unit:
            seen, scene = await unit.evidence.seen(about_vehicle(vehicle.id)), await load(unit, vehicle.id)
        return seen, schedules_now(scene) if scene else seen.fact(SchedulesInCar)

    async def _write(self, vehicle: Vehicle, held: SchedulesInCar) -> None:
        async with self._store.unit() as unit:
            said = Observation(about_vehicle(vehicle.id), held, self._clock.now(), Source.CAR)
            await unit.evidence.append([said])
