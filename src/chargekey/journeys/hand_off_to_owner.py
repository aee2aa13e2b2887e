"""A driver who does not own the car asks its owner: makes the page, sees what becomes of it, takes it back.

The link is shown once and kept as a hash: whoever reads the database cannot answer in the owner's place. It is a
random number of 256 bits, so looking it up by its hash tells a guesser nothing by the time it takes.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chargekey.domain.causes.case import HandOff
from chargekey.domain.evidence import ChoseVehicle, KeyStatus, Listed, NotListed, Observation, Seen, Source
from chargekey.domain.findings import StaysReadOnly
from chargekey.domain.hand_off import (
    MADE_A_DAY,
    MOST_CARS,
    VALID_FOR,
    Course,
    Reason,
    changed_at,
    has_key,
    is_open,
    readable_name,
    state,
    stays_read_only,
)
from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Access
from chargekey.journeys.pair_vehicle import NoVehicleChosen
from chargekey.journeys.standing import Whereabouts, about_driver, about_vehicle, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.hand_offs import OwnersPage
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit


class AskedTooOften(Exception):
    """The driver made as many pages today as he may."""


class NothingToAsk(Exception):
    """None of the cars named is the driver's and wants a key."""


@dataclass(frozen=True, slots=True)
class CarOfOther:
    """A car, whether our key is on it, and when that was last looked at (None: never)."""

    vehicle: Vehicle
    has_key: bool
    looked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """The latest page about the chosen car. `reason` and `words` go with a no."""

    state: HandOff
    since: datetime
    asks_as: str
    made_at: datetime
    ends_at: datetime
    cars: tuple[CarOfOther, ...]
    reason: Reason | None
    words: str


@dataclass(frozen=True, slots=True)
class NotMine:
    """What the screens of a driver show whose car is somebody else's.

    `wanting`: the account's cars that want a key, the chosen one first. `asked` None: no page was ever made for it.
    """

    vehicle: Vehicle
    access: Access
    listed_at: datetime | None
    key_is_there: bool
    wanting: tuple[CarOfOther, ...]
    asked: Asked | None
    next_look_at: datetime | None
    is_read_only: bool


class HandOffToOwner:
    """The driver's side of it."""

    def __init__(self, store: Store, clock: Clock, bus: Bus) -> None:
        self._store, self._clock, self._bus = store, clock, bus

    async def shown(self, driver_id: int) -> NotMine:
        """Raises `NoVehicleChosen`."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            vehicle = _chosen(here)
            page = await unit.hand_offs.latest_about(vehicle.id)
            driver = await unit.evidence.seen(about_driver(driver_id))
            listed = here.vehicle_seen.fact(Listed)
            return NotMine(
                vehicle=vehicle,
                access=listed.access if listed else Access.UNKNOWN,
                listed_at=here.vehicle_seen.when(Listed),
                key_is_there=has_key(vehicle.vin, here.vehicle_seen),
                wanting=tuple(await _cars_wanting(unit, vehicle)),
                asked=await _asked(unit, page, now) if page else None,
                next_look_at=await unit.timers.due_at(Work.LOOK_FOR_KEY, vehicle.id),
                is_read_only=stays_read_only(driver, vehicle.id),
            )

    async def make(self, driver_id: int, typed_name: str, vehicles: Collection[int]) -> Secret:
        """A new page about these cars; earlier ones about any of them end. Returns what its link is made of.

        Raises `NameUnreadable`, `NothingToAsk`, `AskedTooOften` and `NoVehicleChosen`.
        """
        name, token, now = readable_name(typed_name), Secret(secrets.token_urlsafe(32)), self._clock.now()
        async with self._store.unit() as unit:
            chosen = _chosen(await whereabouts(unit, driver_id))
            wanted = [car.vehicle.id for car in await _cars_wanting(unit, chosen) if car.vehicle.id in vehicles]
            if not wanted or len(wanted) > MOST_CARS:
                raise NothingToAsk
            if await unit.hand_offs.made_since(driver_id, now - timedelta(days=1)) >= MADE_A_DAY:
                raise AskedTooOften
            for page in await unit.hand_offs.of_driver(driver_id):
                if set(page.vehicles) & set(wanted):
                    await unit.hand_offs.revoke(page.id, now)
            await unit.hand_offs.add(driver_id, token.hashed(), name, sorted(wanted), Course(now, now + VALID_FOR))
            await _goes_on_with(unit, driver_id, chosen, now)
        self._bus.changed(driver_id)
        return token

    async def revoke(self, driver_id: int) -> None:
        """Take back the page about the chosen car. What the owner opened in the Tesla app is not ours to close."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            vehicle = _chosen(await whereabouts(unit, driver_id))
            page = await unit.hand_offs.latest_about(vehicle.id)
            if page and page.driver_id == driver_id:
                await unit.hand_offs.revoke(page.id, now)
        self._bus.changed(driver_id)

    async def stay_read_only(self, driver_id: int) -> None:
        """The owner cannot or does not want to, or is not to be asked: nothing is looked for any more."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            vehicle = _chosen(await whereabouts(unit, driver_id))
            stays = StaysReadOnly(vehicle.id)
            await unit.evidence.append([Observation(about_driver(driver_id), stays, now, Source.DRIVER)])
            page = await unit.hand_offs.latest_about(vehicle.id)
            if page:
                await unit.hand_offs.revoke(page.id, now)
            await unit.timers.cancel(Work.LOOK_FOR_KEY, vehicle.id)
        self._bus.changed(driver_id)

    async def try_again(self, driver_id: int) -> None:
        """He wants the key after all."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            await _goes_on_with(unit, driver_id, _chosen(await whereabouts(unit, driver_id)), now)
        self._bus.changed(driver_id)


def _chosen(here: Whereabouts) -> Vehicle:
    if here.vehicle is None:
        raise NoVehicleChosen
    return here.vehicle


async def _goes_on_with(unit: Unit, driver_id: int, vehicle: Vehicle, now: datetime) -> None:
    """Choosing the car anew is what ends staying read-only."""
    if stays_read_only(await unit.evidence.seen(about_driver(driver_id)), vehicle.id):
        chose = ChoseVehicle(vehicle.id)
        await unit.evidence.append([Observation(about_driver(driver_id), chose, now, Source.DRIVER)])


async def _cars_wanting(unit: Unit, chosen: Vehicle) -> list[CarOfOther]:
    cars = sorted(await unit.garage.vehicles_of(chosen.grant_id), key=lambda car: (car.id != chosen.id, car.id))
    seen = await unit.evidence.seen_of_each([about_vehicle(car.id) for car in cars])
    shown = [_car(car, seen[about_vehicle(car.id)]) for car in cars if _is_listed(seen[about_vehicle(car.id)])]
    return [car for car in shown if not car.has_key]


async def _asked(unit: Unit, page: OwnersPage, now: datetime) -> Asked:
    seen = await unit.evidence.seen_of_each([about_vehicle(number) for number in page.vehicles])
    cars = [_car(await unit.garage.vehicle(number), seen[about_vehicle(number)]) for number in page.vehicles]
    return Asked(
        state=HandOff.DONE if is_open(page.course, now) and _all(cars) else state(page.course, now),
        since=changed_at(page.course, now),
        asks_as=page.asks_as,
        made_at=page.course.made_at,
        ends_at=page.course.ends_at,
        cars=tuple(cars),
        reason=page.reason,
        words=page.words,
    )


def _all(cars: Sequence[CarOfOther]) -> bool:
    return all(car.has_key for car in cars)


def _car(vehicle: Vehicle, seen: Seen) -> CarOfOther:
    return CarOfOther(vehicle, has_key(vehicle.vin, seen), seen.when(KeyStatus))


def _is_listed(seen: Seen) -> bool:
    return seen.fact(Listed) is not None and not seen.is_later(NotListed, than=Listed)
