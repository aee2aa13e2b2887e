"""One harmless plain order to a car that may take them, where nothing else tells (`domain/plain_trial`).

It is part of tending the vehicle, so that only the holder of that timer sends, and it is sent as every order is:
written down first, never twice (`send_command`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Observation, PlainCommandsTaken, Source
from chargekey.domain.findings import TriedPlain
from chargekey.domain.journey import Step
from chargekey.domain.night import Command, Order
from chargekey.domain.plain_trial import harmless_current_a, is_due, points_since
from chargekey.domain.vehicle import Reach
from chargekey.journeys.lasting_faults import again_after, told_for_good, told_of_account
from chargekey.journeys.look_at_car import LookAtCar
from chargekey.journeys.send_command import SendCommand
from chargekey.journeys.standing import Whereabouts, about_driver, about_vehicle, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import (
    Asleep,
    Busy,
    ConsentGone,
    Fault,
    KeyMissing,
    MustBeSigned,
    TakenOver,
    TakesPlain,
    VehicleGone,
)
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import TeslaVehicles

ONCE_AWAKE: Final = timedelta(minutes=15)
"""How soon to look again whether a car that sleeps is awake. Nothing here wakes it."""
TO_SETTLE: Final = timedelta(minutes=1)
"""After an answer that was lost: the car is looked at, as after every such order."""


async def arm_plain_trial(unit: Unit, here: Whereabouts, driver_id: int, now: datetime) -> None:
    """Where something points to a car that takes plain orders, it is tended for that: at once, or once it is due."""
    if here.vehicle is None or here.step is not Step.ADD_KEY:
        return
    driver = await unit.evidence.seen(about_driver(driver_id))
    since = points_since(here.vehicle.id, here.vehicle_seen, driver)
    due = max(since, now) if since else now
    if is_due(here.vehicle.vin, here.vehicle.id, here.vehicle_seen, driver, due):
        await unit.timers.set_no_later(Work.TEND_VEHICLE, here.vehicle.id, due)


class TryPlain:
    """Tends a vehicle that is not ours to charge yet."""

    def __init__(
        self, store: Store, clock: Clock, bus: Bus, vehicles: TeslaVehicles, car: LookAtCar, sender: SendCommand
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._vehicles, self._car, self._sender = vehicles, car, sender

    async def tend(self, vehicle_id: int, open_commands: Sequence[Command]) -> None:
        """Try if that is due, and settle what became of an earlier try. The caller holds the vehicle's timer."""
        left = [one for one in open_commands if one.night_id is None and one.order is Order.SET_CURRENT]
        async with self._store.unit() as unit:
            vehicle = await unit.garage.vehicle(vehicle_id)
            here = await whereabouts(unit, vehicle.driver_id)
            driver = await unit.evidence.seen(about_driver(vehicle.driver_id))
        is_at_it = here.vehicle == vehicle and here.step is Step.ADD_KEY
        due = is_at_it and is_due(vehicle.vin, vehicle.id, here.vehicle_seen, driver, self._clock.now())
        if not due and not left:
            return
        try:
            again_at = await self._try(vehicle, here, left, due=due)
        except TakenOver:
            raise  # whoever has the car now looks and arms
        except (ConsentGone, VehicleGone, KeyMissing, MustBeSigned, TakesPlain) as fault:
            await self._write(told_for_good(fault, vehicle, self._clock.now()))
            again_at = None
        except (Asleep, Busy):
            again_at = self._clock.now() + ONCE_AWAKE
        except Fault as fault:
            await self._write(*told_of_account(fault, vehicle.grant_id, self._clock.now()))
            again_at = self._clock.now() + again_after(fault)
        if again_at:
            async with self._store.unit() as unit:
                await unit.timers.run_again(Work.TEND_VEHICLE, vehicle_id, again_at)
        self._bus.changed(vehicle.driver_id)

    async def _try(self, vehicle: Vehicle, here: Whereabouts, left: Sequence[Command], *, due: bool) -> datetime | None:
        """Returns when to come back, None: never for this."""
        about = about_vehicle(vehicle.id)
        glance = await self._vehicles.glance(vehicle.grant_id, vehicle.vin)
        now = self._clock.now()
        await self._write(Observation(about, glance.value, now, Source.TESLA, glance.request_id))
        if glance.value.reach is not Reach.ONLINE:
            return now + ONCE_AWAKE
        looked = await self._car.look(vehicle, here.grant_seen, here.vehicle_seen.fact(ChargeState))
        await self._write(*looked.all)
        look = looked.charge
        if not isinstance(look.fact, ChargeState):
            return None
        for command in left:
            await self._end(command, look.fact)
        current_a = harmless_current_a(look.fact)
        if due and current_a is not None and not any(one.delivery is Delivery.UNKNOWN for one in left):
            return await self._order(vehicle, current_a)
        await self._write(self._tried(vehicle))
        return None

    async def _end(self, command: Command, charge: ChargeState) -> None:
        """What is left of an earlier try. That the car is set so, as it was before, proves nothing."""
        if command.delivery is Delivery.UNKNOWN:
            command = await self._sender.settle(command, charge)
        if command.delivery is Delivery.DRAFTED:
            await self._sender.drop(command)

    async def _order(self, vehicle: Vehicle, current_a: int) -> datetime | None:
        draft = await self._sender.draft(vehicle, None, Order.SET_CURRENT, current_a)
        try:
            sent = await self._sender.send(vehicle, draft, signed=False)
        except (MustBeSigned, KeyMissing):
            await self._write(self._tried(vehicle))
            raise
        if sent.delivery is Delivery.DONE:
            now, about = self._clock.now(), about_vehicle(vehicle.id)
            await self._write(self._tried(vehicle), Observation(about, PlainCommandsTaken(), now, Source.CAR))
            return None
        await self._write(self._tried(vehicle))
        return self._clock.now() + TO_SETTLE if sent.delivery is Delivery.UNKNOWN else None

    def _tried(self, vehicle: Vehicle) -> Observation:
        return Observation(about_vehicle(vehicle.id), TriedPlain(), self._clock.now(), Source.US)

    async def _write(self, *seen: Observation) -> None:
        async with self._store.unit() as unit:
            await unit.timers.hold_on()
            await unit.evidence.append(seen)
