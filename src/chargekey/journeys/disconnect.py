"""A driver leaves: what is gone is checked before we can look no more, and what only he can undo is said.

The order counts. While we may still look, we see whether our key is off the car and whether Tesla still lets us in;
only then the tokens go. The receipt says of each what was verified, what was only asked, and what is not known.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.evidence import ConsentEnded, KeyStatus, Observation, Seen, Source, Subject
from chargekey.domain.journey import need_of_key
from chargekey.domain.vehicle import KeyNeed
from chargekey.journeys.clear_car import ClearCar
from chargekey.journeys.end_account import end_account, let_go
from chargekey.journeys.standing import about_grant, about_vehicle, whereabouts
from chargekey.journeys.tell_to_stream import TellToStream
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import ConsentGone, Fault
from chargekey.ports.people import Grant, Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tesla import TeslaVehicles
from chargekey.ports.vault import Vault

PAUSE: Final = timedelta(seconds=20)
"""However often he asks us to look: a younger look is answered from the log."""


class What(StrEnum):
    """What leaving has to undo."""

    TOKENS = "tokens"
    KEY = "key"
    TESLA_ACCESS = "tesla_access"
    SCHEDULES = "schedules"
    STREAM = "stream"
    HOME = "home"
    DATA = "data"


class Sure(StrEnum):
    """How sure we are that it is undone."""

    VERIFIED = "verified"
    ASKED = "asked"
    NOT_KNOWN = "not_known"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the receipt. `saw` names the words; `at`: when that was seen, None: never."""

    what: What
    sure: Sure
    saw: str
    at: datetime | None = None
    vehicle: Vehicle | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """`rows_erased` None: what we had stored stays; else how many rows of which table went."""

    number: str
    at: datetime
    ticks: tuple[Tick, ...]
    rows_erased: Mapping[str, int] | None
    revoke_url: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """What can be undone before the tokens go. None: there is nothing to leave."""

    ticks: tuple[Tick, ...]
    revoke_url: str


class Disconnect:
    """Ends the grant, and, where the driver wants that, erases all that is kept of him."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bus: Bus,
        vault: Vault,
        vehicles: TeslaVehicles,
        clear: ClearCar,
        streaming: TellToStream,
        revoke_url: str,
    ) -> None:
        self._store, self._clock, self._bus, self._vault = store, clock, bus, vault
        self._vehicles, self._clear, self._streaming, self._revoke_url = vehicles, clear, streaming, revoke_url

    # ── before ───────────────────────────────────────────────────

    async def before(self, driver_id: int) -> Leaving | None:
        """What the log says now, without a look."""
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
        if here.grant is None:
            return None
        cars, seen = await self._cars(here.grant, here.vehicle)
        access = Tick(What.TESLA_ACCESS, Sure.ASKED, "asked")
        if here.grant_seen.fact(ConsentEnded):
            access = Tick(What.TESLA_ACCESS, Sure.VERIFIED, "refused", here.grant_seen.when(ConsentEnded))
        hours = [Tick(What.SCHEDULES, Sure.ASKED, "to_be_taken_out", None, car) for car in await self._with_ours(cars)]
        return Leaving((*_keys(cars, seen, self._clock.now()), access, *hours), self._revoke_url)

    async def look(self, driver_id: int) -> None:
        """The driver says that he deleted the key, or removed our access: see whether it is so."""
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
        if here.grant is None:
            return
        cars, seen = await self._cars(here.grant, here.vehicle)
        ages = [seen[about_vehicle(car.id)].when(KeyStatus) for car in cars]
        now = self._clock.now()
        if cars and all(at is not None and now - at < PAUSE for at in ages):
            return
        await self._last_look(here.grant, cars)
        self._bus.changed(driver_id)

    # ── leaving ──────────────────────────────────────────────────

    async def leave(self, driver_id: int, *, erase: bool = False) -> Receipt:
        """Look a last time, erase both tokens and every home, end the grant, stop every timer of its cars.

        `erase`: everything else that is kept of the driver goes too, he himself among it.
        """
        ticks = await self._end(driver_id, "erased_too" if erase else "erased")
        rows_erased = None
        if erase:
            rows_erased = await self._store.erase_driver(driver_id)
            is_gone = not await self._store.everything_of(driver_id)
            ticks.append(Tick(What.DATA, Sure.VERIFIED if is_gone else Sure.NOT_KNOWN, "erased", self._clock.now()))
        else:
            ticks.append(Tick(What.DATA, Sure.KEPT, "kept"))
        self._bus.changed(driver_id)
        return Receipt(_number(), self._clock.now(), tuple(ticks), rows_erased, self._revoke_url)

    async def _end(self, driver_id: int, home_is: str) -> list[Tick]:
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
        if here.grant is None:
            return [Tick(What.TOKENS, Sure.VERIFIED, "none_left")]
        cars, _ = await self._cars(here.grant, here.vehicle)
        access = await self._last_look(here.grant, cars)
        hours = [*await self._clear_all(cars), *await self._stream_no_more(cars)]
        _, seen = await self._cars(here.grant, here.vehicle)
        had_home = await self._close(here.grant)
        tokens = Tick(What.TOKENS, await self._are_gone(here.grant), "erased", self._clock.now())
        home = [Tick(What.HOME, Sure.VERIFIED, home_is)] if had_home else []
        return [tokens, *_keys(cars, seen, self._clock.now()), access, *hours, *home]

    async def _with_ours(self, cars: Sequence[Vehicle]) -> list[Vehicle]:
        return [car for car in cars if await self._clear.has_ours(car)]

    async def _clear_all(self, cars: Sequence[Vehicle]) -> list[Tick]:
        """Our own schedules, out of each car that hears us; of the others, that they are still there."""
        ticks = []
        for car in await self._with_ours(cars):
            is_clear = await self._clear.clear(car)
            done = Tick(What.SCHEDULES, Sure.VERIFIED, "taken_out", self._clock.now(), car)
            ticks.append(done if is_clear else Tick(What.SCHEDULES, Sure.ASKED, "still_in", None, car))
        return ticks

    async def _stream_no_more(self, cars: Sequence[Vehicle]) -> list[Tick]:
        """What cars were told to stream goes with us; of those for which Tesla did not say so, that it may be there."""
        ticks = []
        for car in [car for car in cars if await self._streaming.was_told(car)]:
            is_gone = await self._streaming.leave(car)
            done = Tick(What.STREAM, Sure.VERIFIED, "taken_back", self._clock.now(), car)
            ticks.append(done if is_gone else Tick(What.STREAM, Sure.NOT_KNOWN, "no_answer", None, car))
        return ticks

    async def _close(self, grant: Grant) -> bool:
        """All in one unit of work: whoever is stopped has left, or has not. Returns whether a home was kept, too."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            if other := await unit.undecided.of(grant.driver_id):
                await let_go(unit, other.grant, now)
            return await end_account(unit, grant, now)

    async def _are_gone(self, grant: Grant) -> Sure:
        """Asked of the vault itself: what it cannot hand out any more is gone."""
        try:
            await self._vault.access(grant.id)
        except ConsentGone:
            return Sure.VERIFIED
        return Sure.NOT_KNOWN

    async def _cars(self, grant: Grant, chosen: Vehicle | None) -> tuple[Sequence[Vehicle], Mapping[Subject, Seen]]:
        """The chosen car, and every other that has our key."""
        async with self._store.unit() as unit:
            cars = await unit.garage.vehicles_of(grant.id)
            seen = await unit.evidence.seen_of_each([about_vehicle(car.id) for car in cars])
        ours = [
            car
            for car in cars
            if (chosen and car.id == chosen.id)
            or need_of_key(car.vin, seen[about_vehicle(car.id)]) is KeyNeed.ON_THE_CAR
        ]
        return ours, seen

    async def _last_look(self, grant: Grant, cars: Sequence[Vehicle]) -> Tick:
        """Ask Tesla for the keys, once and free: the answer shows both, and a refusal shows that we are out."""
        try:
            keys = await self._vehicles.key_statuses(grant.id, [car.vin for car in cars])
        except ConsentGone:
            return Tick(What.TESLA_ACCESS, Sure.VERIFIED, "refused", await self._refused(grant))
        except Fault:
            return Tick(What.TESLA_ACCESS, Sure.NOT_KNOWN, "no_answer")
        now = self._clock.now()
        async with self._store.unit() as unit:
            await unit.evidence.append(
                Observation(about_vehicle(car.id), keys.value[car.vin], now, Source.TESLA, keys.request_id)
                for car in cars
            )
        return Tick(What.TESLA_ACCESS, Sure.ASKED, "asked")

    async def _refused(self, grant: Grant) -> datetime:
        now = self._clock.now()
        ended = Observation(about_grant(grant.id), ConsentEnded("revoked"), now, Source.TESLA)
        async with self._store.unit() as unit:
            await unit.evidence.append([ended])
        return now

    async def is_connected(self, driver_id: int) -> bool:
        """Whether there is anything to leave."""
        async with self._store.unit() as unit:
            return (await whereabouts(unit, driver_id)).grant is not None


def _keys(cars: Sequence[Vehicle], seen: Mapping[Subject, Seen], now: datetime) -> list[Tick]:
    """One line a car that takes a key at all. What Tesla said lately counts; older, it is not known."""
    ticks = []
    for car in cars:
        its = seen[about_vehicle(car.id)]
        need, at = need_of_key(car.vin, its), its.when(KeyStatus)
        status = its.fact(KeyStatus)
        if need is KeyNeed.NOT_NEEDED:
            continue
        if need is KeyNeed.ON_THE_CAR:
            ticks.append(Tick(What.KEY, Sure.ASKED, "still_on", at, car))
        elif status is not None and status.paired is False and at is not None and now - at < timedelta(hours=1):
            ticks.append(Tick(What.KEY, Sure.VERIFIED, "gone", at, car))
        else:
            ticks.append(Tick(What.KEY, Sure.NOT_KNOWN, "not_seen", at, car))
    return ticks


def _number() -> str:
    """Only to talk about: it opens nothing and is kept nowhere."""
    return f"CK-{secrets.token_hex(2).upper()}-{secrets.token_hex(2).upper()}"
