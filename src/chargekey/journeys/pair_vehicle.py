"""A driver adds our key to the car, and we make sure that the car knows it.

Tesla tells nobody when a key was added, so we look: often while the page is open, seldom afterwards
(`domain/key_watch`). Fleet status lags, so the proof is the car's own answer to our key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.evidence import (
    ChoseVehicle,
    Handshake,
    KeyStatus,
    Listed,
    Observation,
    PlainCommandsTaken,
    Source,
    WentOnUnproved,
)
from chargekey.domain.journey import Proof, Step, need_of_key, proof_of_key
from chargekey.domain.key_watch import KeyWatch, is_open, next_look
from chargekey.domain.vehicle import Access, KeyNeed, Reach
from chargekey.journeys.standing import Whereabouts, about_driver, about_vehicle, tend_if_ready, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Asleep, Busy, Fault, KeyMissing, TakesPlain
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import PairingLink, TeslaVehicles, VehicleCommands

TRY_AGAIN: Final = timedelta(minutes=5)
"""How soon to greet a car again that slept. Its state is asked first, which is free."""
AFTER_A_FAULT: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeyShown:
    """What the key and test screens show.

    `other_car`: a car of the account that got our key while the chosen one did not, None if there is none.
    `next_look_at` None: nobody looks any more until the page is opened again.
    """

    vehicle: Vehicle
    access: Access
    reach: Reach
    cars_in_account: int
    need: KeyNeed
    proof: Proof
    link: str
    link_shown: str
    looked_at: datetime | None
    proved_at: datetime | None
    next_look_at: datetime | None
    other_car: Vehicle | None


class NoVehicleChosen(Exception):
    """The driver has not chosen a car, or has none."""


class PairVehicle:
    """The key, from the link to the proof."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bus: Bus,
        vehicles: TeslaVehicles,
        commands: VehicleCommands,
        link: PairingLink,
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._vehicles, self._commands, self._link = vehicles, commands, link

    async def page(self, driver_id: int) -> KeyShown:
        """The key of the chosen car. Raises `NoVehicleChosen`."""
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            vehicle = _chosen(here)
            others = [one for one in await unit.garage.vehicles_of(vehicle.grant_id) if one.id != vehicle.id]
            other_car = await _car_that_got_it(unit, driver_id, others)
            timer = Work.LOOK_FOR_KEY if here.step is Step.ADD_KEY else Work.PROVE_KEY
            next_look_at = await unit.timers.due_at(timer, vehicle.id)
        need = need_of_key(vehicle.vin, here.vehicle_seen)
        listed = here.vehicle_seen.fact(Listed)
        return KeyShown(
            vehicle=vehicle,
            access=listed.access if listed else Access.UNKNOWN,
            reach=listed.reach if listed else Reach.UNKNOWN,
            cars_in_account=len(others) + 1,
            need=need,
            proof=proof_of_key(vehicle.vin, here.vehicle_seen),
            link=self._link.for_vehicle(vehicle.vin),
            link_shown=self._link.shown(vehicle.vin),
            looked_at=here.vehicle_seen.when(KeyStatus),
            proved_at=here.vehicle_seen.when(Handshake),
            next_look_at=next_look_at,
            other_car=other_car if need is KeyNeed.NEEDED else None,
        )

    async def page_is_open(self, driver_id: int, *, returned: bool = False) -> None:
        """Some page of the driver shows the key step just now; `returned`: he came back from another app."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            if here.vehicle is None or here.step not in (Step.ADD_KEY, Step.PROVE_KEY):
                return
            number = here.vehicle.id
            watch = await unit.settings.key_watch(number)
            if watch is None or not is_open(watch, now):
                watch = KeyWatch(opened_at=now, last_open_at=now, returned_at=None)
            watch = replace(watch, last_open_at=now, returned_at=now if returned else watch.returned_at)
            await unit.settings.save_key_watch(number, watch)
            looked_at = here.vehicle_seen.when(KeyStatus)
            due = next_look(watch, looked_at or now) or now
            if here.step is Step.ADD_KEY:
                await unit.timers.set_no_later(Work.LOOK_FOR_KEY, number, max(due, now))
            else:
                await unit.timers.set_no_later(Work.PROVE_KEY, number, now if returned else due)

    async def look_for_key(self, vehicle_id: int) -> None:
        """The timer's work: ask fleet status for every car of the account, and arm the next look."""
        async with self._store.unit() as unit:
            vehicle = await unit.garage.vehicle(vehicle_id)
            here = await whereabouts(unit, vehicle.driver_id)
            cars = await unit.garage.vehicles_of(vehicle.grant_id)
        if here.vehicle != vehicle or here.step is not Step.ADD_KEY:
            return
        answer = await self._vehicles.key_statuses(vehicle.grant_id, [car.vin for car in cars])
        now = self._clock.now()
        async with self._store.unit() as unit:
            await unit.evidence.append(
                Observation(about_vehicle(car.id), answer.value[car.vin], now, Source.TESLA, answer.request_id)
                for car in cars
            )
            await self._arm(unit, vehicle, now)
        self._bus.changed(vehicle.driver_id)

    async def prove(self, vehicle_id: int) -> None:
        """Greet the car with our key. Asleep is said so and tried again; nothing here wakes it."""
        async with self._store.unit() as unit:
            vehicle = await unit.garage.vehicle(vehicle_id)
            seen = await unit.evidence.seen(about_vehicle(vehicle_id))
        if proof_of_key(vehicle.vin, seen) is not Proof.NOT_YET_TRIED:
            return
        about, again_at = about_vehicle(vehicle_id), None
        now = self._clock.now()
        try:
            glance = await self._vehicles.glance(vehicle.grant_id, vehicle.vin)
            news = [Observation(about, glance.value, now, Source.TESLA, glance.request_id)]
            if glance.value.reach is Reach.ONLINE:
                news.append(await self._greet(vehicle))
            else:
                again_at = now + TRY_AGAIN
        except (Asleep, Busy):
            news, again_at = [], now + TRY_AGAIN
        except Fault as fault:
            if not fault.worth_repeating and not fault.may_have_happened:
                raise
            news, again_at = [], now + AFTER_A_FAULT
        async with self._store.unit() as unit:
            await unit.evidence.append(news)
            if again_at:
                await unit.timers.set(Work.PROVE_KEY, vehicle_id, again_at)
            else:
                await self._arm(unit, vehicle, self._clock.now())
        self._bus.changed(vehicle.driver_id)

    async def go_on_unproved(self, driver_id: int) -> None:
        """The car sleeps and the driver does not want to wait: the plan can be set, the proof comes later."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            vehicle = _chosen(await whereabouts(unit, driver_id))
            await unit.evidence.append([Observation(about_vehicle(vehicle.id), WentOnUnproved(), now, Source.DRIVER)])
        self._bus.changed(driver_id)

    async def _greet(self, vehicle: Vehicle) -> Observation:
        about = about_vehicle(vehicle.id)
        try:
            answer = await self._commands.prove(vehicle.grant_id, vehicle.vin)
        except KeyMissing as missing:
            return Observation(about, Handshake(False), self._clock.now(), Source.CAR, missing.request_id)
        except TakesPlain as plain:
            return Observation(about, PlainCommandsTaken(), self._clock.now(), Source.TESLA, plain.request_id)
        return Observation(about, Handshake(answer.value), self._clock.now(), Source.CAR, answer.request_id)

    async def _arm(self, unit: Unit, vehicle: Vehicle, now: datetime) -> None:
        """What is to be done next about the key: look again, greet the car, or nothing."""
        step = (await whereabouts(unit, vehicle.driver_id)).step
        watch = await unit.settings.key_watch(vehicle.id)
        if step is Step.ADD_KEY:
            due = next_look(watch, now) if watch else None
            if due:
                await unit.timers.set(Work.LOOK_FOR_KEY, vehicle.id, due)
        elif step is Step.PROVE_KEY:
            await unit.timers.set(Work.PROVE_KEY, vehicle.id, now)
        else:
            await tend_if_ready(unit, vehicle.driver_id, now)


def _chosen(here: Whereabouts) -> Vehicle:
    if here.vehicle is None:
        raise NoVehicleChosen
    return here.vehicle


async def _car_that_got_it(unit: Unit, driver_id: int, others: Sequence[Vehicle]) -> Vehicle | None:
    """A car that was seen without our key, and with it since the driver chose another one."""
    chosen_at = (await unit.evidence.seen(about_driver(driver_id))).when(ChoseVehicle)
    if chosen_at is None:
        return None
    for one in others:
        history = await unit.evidence.since(about_vehicle(one.id), KeyStatus, chosen_at)
        paired = [seen.fact.paired for seen in history if isinstance(seen.fact, KeyStatus)]
        if paired and paired[-1] and not paired[0]:
            return one
    return None
