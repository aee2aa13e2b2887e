"""Another Tesla account came back than the one in use: the driver says which of the two it shall be.

Rules of this room:

1. Until he has said so nothing of the account in use is touched: its car is charged as before.
2. The cars of the other are asked for once, and again only where Tesla did not tell and he goes over. Its tokens are
   never renewed, and go after an hour (`LET_ACCOUNT_GO`).
3. Each decision is one unit of work: whoever is stopped in the middle is still undecided, or has decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chargekey.domain.evidence import ConsentEnded, Listed, NotListed, Observation, ScopesGranted, Source
from chargekey.domain.findings import AccountAnswered, ConsentTrip, Trip
from chargekey.domain.other_account import Compared, compared, suggests_other
from chargekey.domain.vehicle import Vin
from chargekey.journeys.account_list import read_account
from chargekey.journeys.daily_turn import next_turn
from chargekey.journeys.end_account import end_account, let_go
from chargekey.journeys.lasting_faults import told_of_account
from chargekey.journeys.standing import about_driver, about_grant, about_vehicle, tend_if_ready, whereabouts
from chargekey.journeys.tell_once import tell
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.jobs import Work
from chargekey.ports.notices import NoticeKind
from chargekey.ports.people import Grant, Vehicle
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import TeslaVehicles
from chargekey.ports.undecided import Undecided


@dataclass(frozen=True, slots=True)
class TwoAccounts:
    """What the choice is between. `charged` None: no car is in our care yet.

    `ended_at`: since when Tesla no longer honours the account in use, None: it does, as far as we know.
    """

    cars: Compared
    charged: Vin | None
    ended_at: datetime | None
    came_at: datetime
    ends_at: datetime
    suggests_other: bool


class ChooseAccount:
    """Shows both accounts, and keeps one of them."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, vehicles: TeslaVehicles) -> None:
        self._store, self._clock, self._bus, self._vehicles = store, clock, bus, vehicles

    async def open_until(self, driver_id: int) -> datetime | None:
        """Until when he may choose; None: there is nothing to choose."""
        async with self._store.unit() as unit:
            other = await _open(unit, driver_id, self._clock.now())
        return other.ends_at if other else None

    async def look(self, driver_id: int) -> TwoAccounts | None:
        """Both accounts with their cars; the other's are asked for by the first look alone."""
        async with self._store.unit() as unit:
            other = await _open(unit, driver_id, self._clock.now())
        if other and other.looked_at is None:
            await self._ask_for_cars(other.grant)
        async with self._store.unit() as unit:
            other = await _open(unit, driver_id, self._clock.now())
            here = await whereabouts(unit, driver_id)
            ours = await _listed(unit, here.grant) if here.grant else []
        if other is None:
            return None
        has_ended = here.grant_seen.is_later(ConsentEnded, than=ScopesGranted)
        cars = compared([car.vin for car in ours], other.cars)
        return TwoAccounts(
            cars=cars,
            charged=here.vehicle.vin if here.vehicle and here.settings else None,
            ended_at=here.grant_seen.when(ConsentEnded) if has_ended else None,
            came_at=other.came_at,
            ends_at=other.ends_at,
            suggests_other=suggests_other(cars, has_ended=has_ended),
        )

    # ── deciding ─────────────────────────────────────────────────

    async def stay(self, driver_id: int) -> None:
        """With the account in use; what came of the other is erased. After the hour it is so by itself."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            other = await _open(unit, driver_id, now)
            if other is None or not await let_go(unit, other.grant, now):
                return
            await _write(unit, driver_id, Trip.KEPT_ACCOUNT, Source.DRIVER, now)
        self._bus.changed(driver_id)

    async def go_over(self, driver_id: int) -> None:
        """To the other account. Cars that are in both keep their settings, nights and timers; the rest is left."""
        async with self._store.unit() as unit:
            other = await _open(unit, driver_id, self._clock.now())
        if other and other.cars is None:  # which cars go along is worth a second call
            await self._ask_for_cars(other.grant)
        now = self._clock.now()
        async with self._store.unit() as unit:
            other = await _open(unit, driver_id, now)
            before = await unit.garage.grant_of(driver_id)
            if other is None or not await unit.undecided.settle(other.grant.id):
                return
            if before:
                await _move(unit, before, other, now)
            await unit.timers.cancel(Work.LET_ACCOUNT_GO, other.grant.id)
            await unit.timers.set(Work.STAY_CONNECTED, other.grant.id, next_turn(other.grant.id, now))
            await unit.notices.read(driver_id, now)  # what was told there was of the account that he leaves
            await _write(unit, driver_id, Trip.CHANGED_ACCOUNT, Source.DRIVER, now)
            await tend_if_ready(unit, driver_id, now)
        await self._read_list(other.grant)
        self._bus.changed(driver_id)

    async def let_go(self, grant_id: int) -> None:
        """The timer's work: nobody chose within the hour, so all stays as it was, and the driver is told."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            grant = await unit.garage.grant(grant_id)
            if not await let_go(unit, grant, now):
                return
            await _write(unit, grant.driver_id, Trip.KEPT_ACCOUNT, Source.US, now)
            await tell(unit, grant.driver_id, NoticeKind.OTHER_ACCOUNT_LET_GO, f"other_account:{grant_id}", {}, now)
        self._bus.changed(grant.driver_id)

    async def _read_list(self, grant: Grant) -> None:
        """As for any account that connects: who may do what with which car, and where our key is."""
        try:
            await read_account(self._store, self._clock, self._vehicles, grant)
        except Fault:
            return  # the page of the list, asked for next, says why

    async def _ask_for_cars(self, grant: Grant) -> None:
        """One call, of which the answer or the lack of one is kept."""
        cars: list[Vin] | None = None
        news: Sequence[Observation]
        try:
            listing = await self._vehicles.listing(grant.id)
        except Fault as fault:
            now = self._clock.now()
            news = told_of_account(fault, grant.id, now)
        else:
            now, cars = self._clock.now(), [vin for vin, _ in listing.value]
            answered = AccountAnswered(len(cars))
            news = [Observation(about_grant(grant.id), answered, now, Source.TESLA, listing.request_id)]
        async with self._store.unit() as unit:
            await unit.undecided.looked(grant.id, cars, now)
            await unit.evidence.append(news)


async def _open(unit: Unit, driver_id: int, now: datetime) -> Undecided | None:
    """What is still his to decide. After its hour nothing is, even if the timer is late."""
    other = await unit.undecided.of(driver_id)
    return other if other and now < other.ends_at else None


async def _listed(unit: Unit, grant: Grant) -> Sequence[Vehicle]:
    """The account's cars by Tesla's last word, without asking."""
    cars = await unit.garage.vehicles_of(grant.id)
    seen = await unit.evidence.seen_of_each([about_vehicle(car.id) for car in cars])
    return [car for car in cars if not seen[about_vehicle(car.id)].is_later(NotListed, than=Listed)]


async def _move(unit: Unit, before: Grant, other: Undecided, now: datetime) -> None:
    """Cars of both accounts go along; the others are left behind with the account that ends."""
    for car in await unit.garage.vehicles_of(before.id):
        if car.vin in (other.cars or ()):
            await unit.garage.add_vehicle(before.driver_id, other.grant.id, car.vin)
    await end_account(unit, before, now)


async def _write(unit: Unit, driver_id: int, came: Trip, source: Source, now: datetime) -> None:
    await unit.evidence.append([Observation(about_driver(driver_id), ConsentTrip(came), now, source)])
