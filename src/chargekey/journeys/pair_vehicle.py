"""A driver adds our key to the car, and we make sure that the car knows it.

Tesla tells nobody when a key was added, so we look: often while the page is open, seldom afterwards
(`domain/key_watch`). Fleet status lags, so the proof is the car's own answer to our key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.evidence import (
    AskedForProof,
    ChoseVehicle,
    Handshake,
    KeyStatus,
    Listed,
    Observation,
    PlainCommandsTaken,
    Seen,
    Source,
    WentOnUnproved,
)
from chargekey.domain.hand_off import Stop, stops_link
from chargekey.domain.journey import Proof, Step, need_of_key, proof_of_key, waits_for_answer
from chargekey.domain.key_watch import next_look
from chargekey.domain.page_to_phone import mails_again_at, one_more
from chargekey.domain.vehicle import Access, KeyNeed, Reach
from chargekey.journeys.account_list import told_of_cars
from chargekey.journeys.keep_to_budget import KeepToBudget
from chargekey.journeys.key_watching import finish_pages, owner_is_at_it, page_shows_key
from chargekey.journeys.lasting_faults import again_after, told_for_good, told_of_account
from chargekey.journeys.lost_key import KeyLost, got_key_at, lost_key
from chargekey.journeys.standing import Whereabouts, about_driver, about_vehicle, tend_if_ready, whereabouts
from chargekey.journeys.try_plain import arm_plain_trial
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Asleep, BudgetSpent, Busy, ConsentGone, Fault, KeyMissing, TakesPlain, VehicleGone
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import PairingLink, TeslaVehicles, VehicleCommands

TRY_AGAIN: Final = timedelta(minutes=5)
"""How soon to greet a car again that slept. Its state is asked first, which is free."""
LIST_EVERY: Final = timedelta(minutes=1)
IN_THE_LIST: Final = frozenset({Stop.MOBILE_ACCESS_OFF, Stop.IN_SERVICE})
"""What the list tells of a car, and fleet status does not."""
ASKED_ENOUGH_FOR: Final = timedelta(minutes=1)
"""A car that answered, or was asked for, so recently is not asked once more: each greeting is billed."""


@dataclass(frozen=True, slots=True)
class KeyShown:
    """What the key and test screens show.

    `other_car`: a car of the account that got our key while the chosen one did not, None if there is none.
    `next_look_at` None: nobody looks any more until the page is opened again.
    `is_asked`: the driver wants a fresh proof and the car has not answered yet.
    `lost`: the key was on the car, and is not.
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
    is_asked: bool
    lost: KeyLost | None


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
        budget: KeepToBudget,
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._vehicles, self._commands, self._link, self._budget = vehicles, commands, link, budget

    async def page(self, driver_id: int) -> KeyShown:
        """The key of the chosen car. Raises `NoVehicleChosen`."""
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            vehicle = _chosen(here)
            others = [one for one in await unit.garage.vehicles_of(vehicle.grant_id) if one.id != vehicle.id]
            other_car = await _car_that_got_it(unit, driver_id, others)
            timer = Work.LOOK_FOR_KEY if here.step is Step.ADD_KEY else Work.PROVE_KEY
            next_look_at = await unit.timers.due_at(timer, vehicle.id)
            lost = await lost_key(unit, vehicle, here.vehicle_seen, self._commands.key)
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
            is_asked=waits_for_answer(vehicle.vin, here.vehicle_seen),
            lost=lost,
        )

    async def may_mail_page(self, driver_id: int) -> bool:
        """Whether the way to the key page is mailed to him once more; it is written down before it leaves."""
        about, now = about_driver(driver_id), self._clock.now()
        async with self._store.unit() as unit:
            seen = await unit.evidence.seen(about)
            if mails_again_at(seen, now):
                return False
            await unit.evidence.append([Observation(about, one_more(seen, now), now, Source.DRIVER)])
        return True

    async def page_is_open(self, driver_id: int, *, returned: bool = False) -> None:
        """Some page of the driver shows the key step just now; `returned`: he came back from another app."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            if here.vehicle is None or here.step not in (Step.ADD_KEY, Step.PROVE_KEY):
                return
            number = here.vehicle.id
            due = await page_shows_key(unit, number, now, returned=returned)
            if here.step is Step.ADD_KEY:
                await unit.timers.set_no_later(Work.LOOK_FOR_KEY, number, due)
            else:
                await unit.timers.set_no_later(Work.PROVE_KEY, number, now if returned else due)

    async def look_for_key(self, vehicle_id: int) -> None:
        """The timer's work: ask fleet status for every car of the account, and arm the next look.

        Nothing is asked once neither the driver nor an owner who said yes waits for a key.
        """
        async with self._store.unit() as unit:
            vehicle = await unit.garage.vehicle(vehicle_id)
            here = await whereabouts(unit, vehicle.driver_id)
            cars = await unit.garage.vehicles_of(vehicle.grant_id)
            seen = await unit.evidence.seen_of_each([about_vehicle(car.id) for car in cars])
            is_driver_at_it = here.vehicle == vehicle and here.step is Step.ADD_KEY
            if not is_driver_at_it and not await owner_is_at_it(unit, vehicle, self._clock.now()):
                return
        try:
            answer = await self._vehicles.key_statuses(vehicle.grant_id, [car.vin for car in cars])
            opened = await self._opened_again(vehicle.grant_id, cars, seen.values())
        except Fault as fault:
            await self._did_not_see(vehicle, fault)
            return
        now = self._clock.now()
        statuses = [
            Observation(about_vehicle(car.id), answer.value[car.vin], now, Source.TESLA, answer.request_id)
            for car in cars
        ]
        async with self._store.unit() as unit:
            await unit.evidence.append([*statuses, *opened])
            await finish_pages(unit, vehicle.driver_id, now)
            await self._arm(unit, vehicle, now)
        self._bus.changed(vehicle.driver_id)

    async def _opened_again(self, grant_id: int, cars: Sequence[Vehicle], seen: Iterable[Seen]) -> list[Observation]:
        """Whether a way that was stopped is open again: the list says so, and is asked once a minute while one is."""
        now = self._clock.now()
        listed_at = [one.when(Listed) for one in seen if stops_link(one) in IN_THE_LIST]
        if not any(at is None or now - at >= LIST_EVERY for at in listed_at):
            return []
        return told_of_cars(cars, await self._vehicles.listing(grant_id), self._clock.now())

    async def _did_not_see(self, vehicle: Vehicle, fault: Fault) -> None:
        """What the fault says, and when to look again; a consent or a car that is gone is not looked for."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            if isinstance(fault, ConsentGone | VehicleGone):
                await unit.evidence.append([told_for_good(fault, vehicle, now)])
                return
            await unit.evidence.append(told_of_account(fault, vehicle.grant_id, now))
            watch = await unit.settings.key_watch(vehicle.id)
            if watch and (due := next_look(watch, now)):
                await unit.timers.set(Work.LOOK_FOR_KEY, vehicle.id, max(due, now + again_after(fault)))
        self._bus.changed(vehicle.driver_id)

    async def prove(self, vehicle_id: int) -> None:
        """Greet the car with our key. Asleep is said so and tried again; nothing here wakes it."""
        async with self._store.unit() as unit:
            vehicle = await unit.garage.vehicle(vehicle_id)
            seen = await unit.evidence.seen(about_vehicle(vehicle_id))
        if proof_of_key(vehicle.vin, seen) is not Proof.NOT_YET_TRIED and not waits_for_answer(vehicle.vin, seen):
            return
        about, again_at = about_vehicle(vehicle_id), None
        now = self._clock.now()
        news: Sequence[Observation]
        try:
            glance = await self._vehicles.glance(vehicle.grant_id, vehicle.vin)
            news = [Observation(about, glance.value, now, Source.TESLA, glance.request_id)]
            if glance.value.reach is Reach.ONLINE:
                news = [*news, await self._greet(vehicle)]
            else:
                again_at = now + TRY_AGAIN
        except (Asleep, Busy):
            news, again_at = [], now + TRY_AGAIN
        except (ConsentGone, VehicleGone) as gone:
            news = [told_for_good(gone, vehicle, now)]
        except BudgetSpent as spent:
            await self._budget.ran_out(vehicle)
            news, again_at = [], now + again_after(spent)
        except Fault as fault:
            news, again_at = told_of_account(fault, vehicle.grant_id, now), now + again_after(fault)
        async with self._store.unit() as unit:
            await unit.evidence.append(news)
            if again_at:
                await unit.timers.set(Work.PROVE_KEY, vehicle_id, again_at)
            else:
                await self._arm(unit, vehicle, self._clock.now())
        self._bus.changed(vehicle.driver_id)

    async def prove_again(self, driver_id: int) -> None:
        """The driver wants a fresh proof: the car is greeted as soon as it is awake. Nothing here wakes it.

        Nothing is asked where the car answered a moment ago, nor of a car without our key.
        """
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            vehicle, seen = _chosen(here), here.vehicle_seen
            lately = [at for kind in (Handshake, AskedForProof) if (at := seen.when(kind))]
            if any(now - at < ASKED_ENOUGH_FOR for at in lately):
                return
            if need_of_key(vehicle.vin, seen) is not KeyNeed.ON_THE_CAR:
                return
            await unit.evidence.append([Observation(about_vehicle(vehicle.id), AskedForProof(), now, Source.DRIVER)])
            await unit.timers.set(Work.PROVE_KEY, vehicle.id, now)
        self._bus.changed(driver_id)

    async def go_on_unproved(self, driver_id: int) -> None:
        """The car sleeps and the driver does not want to wait: the plan can be set, the proof comes later."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            vehicle = _chosen(await whereabouts(unit, driver_id))
            await unit.evidence.append([Observation(about_vehicle(vehicle.id), WentOnUnproved(), now, Source.DRIVER)])
        self._bus.changed(driver_id)

    async def _greet(self, vehicle: Vehicle) -> Observation:
        about, key = about_vehicle(vehicle.id), self._commands.key
        try:
            answer = await self._commands.prove(vehicle.grant_id, vehicle.vin)
        except KeyMissing as missing:
            return Observation(about, Handshake(False, key), self._clock.now(), Source.CAR, missing.request_id)
        except TakesPlain as plain:
            return Observation(about, PlainCommandsTaken(), self._clock.now(), Source.TESLA, plain.request_id)
        return Observation(about, Handshake(answer.value, key), self._clock.now(), Source.CAR, answer.request_id)

    async def _arm(self, unit: Unit, vehicle: Vehicle, now: datetime) -> None:
        """What is to be done next about the key: look again, greet the car, or nothing."""
        here = await whereabouts(unit, vehicle.driver_id)
        watch = await unit.settings.key_watch(vehicle.id)
        waits = here.step is Step.ADD_KEY or await owner_is_at_it(unit, vehicle, now)
        if waits and watch and (due := next_look(watch, now)):
            await unit.timers.set(Work.LOOK_FOR_KEY, vehicle.id, due)
        if here.step is Step.PROVE_KEY and here.vehicle:
            await unit.timers.set(Work.PROVE_KEY, here.vehicle.id, now)
        elif here.step is not Step.ADD_KEY:
            await tend_if_ready(unit, vehicle.driver_id, now)
        else:
            await arm_plain_trial(unit, here, vehicle.driver_id, now)


def _chosen(here: Whereabouts) -> Vehicle:
    if here.vehicle is None:
        raise NoVehicleChosen
    return here.vehicle


async def _car_that_got_it(unit: Unit, driver_id: int, others: Sequence[Vehicle]) -> Vehicle | None:
    """A car that was seen without our key, and with it since the driver chose another one."""
    seen = await unit.evidence.seen_of_each([about_driver(driver_id), *(about_vehicle(one.id) for one in others)])
    chosen_at = seen[about_driver(driver_id)].when(ChoseVehicle)
    for one in others:
        if await got_key_at(unit, one, seen[about_vehicle(one.id)], chosen_at):
            return one
    return None
