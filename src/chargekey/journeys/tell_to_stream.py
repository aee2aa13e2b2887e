"""Cars are told to stream by themselves what they do, where the operator has a server for it.

What was asked is written down before and after (`domain/told_to_stream`), so that no restart asks twice. Whoever tends
a car sets this timer where none is set. Nothing here wakes a car.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.evidence import ChargeState, KeyStatus, Listed, Observation, Source
from chargekey.domain.journey import Proof, Step, proof_of_key
from chargekey.domain.streaming import LASTS, StreamConfig, StreamTo, config_for
from chargekey.domain.told_to_stream import (
    A_DAY,
    AT_TESLA,
    Deed,
    Stands,
    Streamer,
    ToldToStream,
    due_at,
    is_too_old,
    next_deed,
    stands_by,
    went,
)
from chargekey.domain.vehicle import Reach
from chargekey.journeys.lasting_faults import LATER, again_after, told_for_good
from chargekey.journeys.look_at_car import may_read_place
from chargekey.journeys.standing import about_vehicle, is_out_of_reach, whereabouts
from chargekey.ports.clock import Clock
from chargekey.ports.faults import (
    ConsentGone,
    Fault,
    OperatorFault,
    OverLimit,
    Puzzling,
    Refused,
    TakenOver,
    VehicleGone,
)
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import TelemetrySettings

LEFT_WITHIN: Final = timedelta(minutes=2)
NOTHING_ASKED: Final = ""
CARS_READ: Final = 20_000
"""The newest of what was written: a car has a few lines of it in months."""


@dataclass(frozen=True, slots=True)
class _Car:
    """`config` None: it shall stream no more."""

    vehicle: Vehicle
    config: StreamConfig | None
    sees: Streamer


class TellToStream:
    """`to` None: no car is to stream, and what one was told before is taken back."""

    def __init__(self, store: Store, clock: Clock, settings: TelemetrySettings, to: StreamTo | None) -> None:
        self._store, self._clock, self._settings, self._to = store, clock, settings, to

    # ── when ─────────────────────────────────────────────────────

    async def begin(self) -> None:
        """At the start: where the setting has changed, cars that were told before are told anew, or no more."""
        async with self._store.unit() as unit:
            grants = await unit.garage.live_grants()
            cars = await unit.garage.vehicles_of_each([grant.id for grant in grants])
            seen = await unit.evidence.seen_of_each([about_vehicle(car.id) for car in cars])
            for car in cars:
                if seen[about_vehicle(car.id)].fact(ToldToStream):
                    await unit.timers.set_no_later(Work.TELL_TO_STREAM, car.id, self._clock.now())

    def beside(self, tend: Callable[[int], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
        """The work, and then the timer of the car that it is about, where none is set."""
        if self._to is None:
            return tend

        async def tended(vehicle_id: int) -> None:
            await tend(vehicle_id)
            async with self._store.unit() as unit:
                is_set = await unit.timers.due_at(Work.TELL_TO_STREAM, vehicle_id) is not None
                car = None if is_set else await self._load(unit, vehicle_id)
                if car and any(next_deed(car.sees)):
                    await unit.timers.set(Work.TELL_TO_STREAM, vehicle_id, self._clock.now())

        return tended

    async def tell(self, vehicle_id: int) -> None:
        """The timer's work. It sets itself again as long as the car is ours to charge."""
        async with self._store.unit() as unit:
            car = await self._load(unit, vehicle_id)
        if car is None:
            return
        deed, again_at = next_deed(car.sees)
        if deed:
            again_at = await self._do(deed, car)
        if again_at:
            async with self._store.unit() as unit:
                await unit.timers.hold_on()
                await unit.timers.set(Work.TELL_TO_STREAM, vehicle_id, again_at)

    async def _load(self, unit: Unit, vehicle_id: int) -> _Car | None:
        """None: it is to be left alone, until it is ours to charge again."""
        vehicle = await unit.garage.vehicle(vehicle_id)
        here = await whereabouts(unit, vehicle.driver_id)
        seen, now = await unit.evidence.seen(about_vehicle(vehicle_id)), self._clock.now()
        if is_out_of_reach(here, vehicle, seen):
            return None
        config = None
        if self._to and here.vehicle == vehicle:
            if here.step is not Step.TONIGHT or proof_of_key(vehicle.vin, seen) not in (Proof.PROVED, Proof.NOT_NEEDED):
                return None
            config = config_for(self._to, with_place=may_read_place(here.grant_seen))
        words = await unit.evidence.since(about_vehicle(vehicle_id), ChargeState, now - A_DAY)
        heard = [one.observed_at for one in words if one.source is Source.TELEMETRY]
        listed, status = seen.fact(Listed), seen.fact(KeyStatus)
        sees = Streamer(
            now=now,
            wanted=config.name if config else None,
            told=seen.fact(ToldToStream),
            told_at=seen.when(ToldToStream),
            heard_at=max(heard, default=None),
            is_online=listed is not None and listed.reach is Reach.ONLINE,
            too_old=is_too_old(vehicle.vin, status.firmware if status else None),
        )
        return _Car(vehicle, config, sees)

    # ── what ─────────────────────────────────────────────────────

    async def _do(self, deed: Deed, car: _Car) -> datetime | None:
        """Returns when to see again. A consent that is gone took the config along."""
        try:
            if car.config is None:
                await self._take_back(car.vehicle)
                return None
            if deed is Deed.ASK and car.sees.told:
                told = await self._ask(car, car.sees.told)
            elif deed is Deed.TELL:
                told = await self._tell(car, car.config)
            else:
                told = went(car.sees.told, self._clock.now(), Stands.FIRMWARE, car.config.name)
        except TakenOver:
            raise  # whoever has it now sees to it
        except ConsentGone as gone:
            async with self._store.unit() as unit:
                await unit.evidence.append([told_for_good(gone, car.vehicle, self._clock.now())])
            return None
        except Fault as fault:
            return self._clock.now() + max(again_after(fault), LATER)
        return due_at(told, await self._write(car.vehicle, told))

    async def _tell(self, car: _Car, config: StreamConfig) -> ToldToStream:
        """Written down before it leaves; a fault after which it certainly did not is raised anew."""
        before, now = car.sees.told, self._clock.now()
        until, name = now + LASTS, config.name
        await self._write(car.vehicle, replace(went(before, now, Stands.ASKED, name), until=until))
        try:
            answer = await self._settings.tell(car.vehicle.grant_id, car.vehicle.vin, config, until)
        except VehicleGone:
            return went(before, self._clock.now(), Stands.NOT_HIS, name)
        except Fault as fault:
            if isinstance(fault, Refused | Puzzling | OperatorFault) and not isinstance(fault, OverLimit):
                return replace(went(before, self._clock.now(), Stands.REFUSED, name), trouble=fault.detail)
            if not fault.may_have_happened:
                await self._write(car.vehicle, before or ToldToStream(Stands.NOTHING, name, now))
            raise
        told = went(before, self._clock.now(), answer.value, name)
        return replace(told, until=until) if told.stands is Stands.WAITS else told

    async def _ask(self, car: _Car, before: ToldToStream) -> ToldToStream:
        """How far it got; and of a car that does not stream although it was told, what it says against it."""
        grant_id, vin = car.vehicle.grant_id, car.vehicle.vin
        stands, trouble = stands_by((await self._settings.how_far(grant_id, vin)).value), ""
        if stands is Stands.REJECTED or (stands is Stands.TAKEN and before.stands is Stands.TAKEN):
            trouble = (await self._settings.trouble(grant_id, vin, before.since)).value
        told = replace(went(before, self._clock.now(), stands, before.what), trouble=trouble)
        return replace(told, until=before.until) if stands in AT_TESLA else told

    async def _write(self, vehicle: Vehicle, told: ToldToStream) -> datetime:
        """Returns the moment."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            await unit.timers.hold_on()
            await unit.evidence.append([Observation(about_vehicle(vehicle.id), told, now, Source.TESLA)])
        return now

    # ── no more ──────────────────────────────────────────────────

    async def was_told(self, vehicle: Vehicle) -> bool:
        """Whether Tesla may have a config of ours for this car."""
        async with self._store.unit() as unit:
            told = (await unit.evidence.seen(about_vehicle(vehicle.id))).fact(ToldToStream)
        return told is not None and told.stands in AT_TESLA

    async def leave(self, vehicle: Vehicle) -> bool:
        """Before we leave this car. False: it may stream still, until Tesla itself takes the config out."""
        async with self._store.unit() as unit:  # not told anew meanwhile; who is stopped here is told on
            await unit.timers.set(Work.TELL_TO_STREAM, vehicle.id, self._clock.now() + LEFT_WITHIN)
        try:
            await self._take_back(vehicle)
        except Fault:
            return False
        return True

    async def _take_back(self, vehicle: Vehicle) -> None:
        """Where there was nothing any more, that is as well."""
        with suppress(VehicleGone):
            await self._settings.take_back(vehicle.grant_id, vehicle.vin)
        now = self._clock.now()
        async with self._store.unit() as unit:
            nothing = ToldToStream(Stands.NOTHING, NOTHING_ASKED, now)
            await unit.evidence.append([Observation(about_vehicle(vehicle.id), nothing, now, Source.TESLA)])


async def told_cars(unit: Unit) -> Sequence[tuple[str, ToldToStream]]:
    """Each car that was told and is in an account still, by its last four, and how far that got."""
    newest = {one.subject.id: one.fact for one in reversed(await unit.evidence.newest(ToldToStream, CARS_READ))}
    grants = await unit.garage.live_grants()
    cars = await unit.garage.vehicles_of_each([grant.id for grant in grants]) if newest else ()
    told = [(f"…{car.vin.last_four}", newest.get(car.id)) for car in cars]
    return [(car, fact) for car, fact in told if isinstance(fact, ToldToStream) and fact.what]
