"""Cars that stream are heard: what they say becomes evidence, and what may want an order is tended at once.

What was heard of a car is kept here, signal by signal, and added to the last look; after a restart the last word of
the log stands in for that look. Only a car that is ours to charge is written about, and only now and then while
nothing turns. The place goes no further than to tell home from away.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.evidence import ChargeState, Listed, Observation, Source
from chargekey.domain.night import OF_THE_CABLE
from chargekey.domain.telemetry import (
    KEPT_EVERY,
    NOTHING_HEARD,
    Heard,
    Reading,
    Word,
    hear,
    holds_together,
    reaches,
    stirs,
    turns,
    word,
)
from chargekey.domain.vehicle import Reach, Vin
from chargekey.journeys.look_at_car import LookAtCar, may_read_place
from chargekey.journeys.scene import Scene, load
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store

A_LINE_FLAPS_FOR: Final = timedelta(minutes=1)
"""A line that comes and goes brings one free look in that time."""
ASKED_AGAIN_AFTER: Final = timedelta(minutes=5)
"""Whose car it is; a stranger's may be ours by then."""


@dataclass(slots=True)
class _Ear:
    """What was heard of one car. `asked_at`: when the store was last asked whose it is; None: never.

    `weighed_at`: when what it says was last weighed, so that one that says the same after a silence is heard.
    """

    heard: Heard = field(default_factory=dict)
    asked_at: datetime | None = None
    weighed_at: datetime | None = None
    is_ours: bool = True


@dataclass(frozen=True, slots=True)
class _Base:
    """The word that what was heard since is added to. `kept_at`: of the last word that was written here."""

    looked: ChargeState | None
    looked_at: datetime | None
    kept_at: datetime | None


class Listen:
    """One for all cars that stream. Readings are heard one after the other."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, car: LookAtCar) -> None:
        self._store, self._clock, self._bus, self._car = store, clock, bus, car
        self._ears: dict[Vin, _Ear] = {}
        self._bases: dict[int, _Base] = {}

    async def hear(self, reading: Reading) -> None:
        """Of a stranger's car nothing is kept."""
        now = self._clock.now()
        ear = self._ears.setdefault(reading.vin, _Ear())
        was_asked = ear.asked_at is not None and now - ear.asked_at < ASKED_AGAIN_AFTER
        if was_asked and not ear.is_ours:
            return
        before, ear.heard = ear.heard, hear(ear.heard, reading)
        was_weighed = ear.weighed_at is not None and now - ear.weighed_at < ASKED_AGAIN_AFTER
        if was_asked and was_weighed and reading.is_connected is None and not stirs(before, reading):
            return
        if reading.is_connected is None:
            ear.weighed_at = now
        async with self._store.unit() as unit:
            cars = await unit.garage.vehicles_with(reading.vin)
            scenes = [scene for car in cars if (scene := await load(unit, car.id))]
        ear.asked_at, ear.is_ours = now, bool(cars)
        if not cars:
            ear.heard = NOTHING_HEARD
        for scene in scenes:
            if reading.is_connected is None:
                await self._write(scene, ear.heard)
            else:
                await self._line(scene, is_there=reading.is_connected)

    # ── the line to it ───────────────────────────────────────────

    async def _line(self, scene: Scene, *, is_there: bool) -> None:
        """It has come or gone: a free look says whether the car woke, fell asleep or is out of reach."""
        now, listed = self._clock.now(), scene.seen.latest.get(Listed)
        if listed is None or not isinstance(listed.fact, Listed):
            return
        if (listed.fact.reach is Reach.ONLINE) is not is_there and listed.age(now) >= A_LINE_FLAPS_FOR:
            async with self._store.unit() as unit:
                await unit.timers.set_no_later(Work.TEND_VEHICLE, scene.vehicle.id, now)

    # ── what it says ─────────────────────────────────────────────

    async def _write(self, scene: Scene, heard: Heard) -> None:
        car = scene.vehicle
        base = self._bases[car.id] = self._base_of(scene)
        told = word(base.looked, base.looked_at, heard)
        if told is None or not holds_together(told.charge) or not _knows_of_orders(told, base, scene):
            return
        before, kept_at = scene.seen.fact(ChargeState), scene.seen.when(ChargeState)
        here = await self._at_home(car, told, before, may_read=may_read_place(scene.grant_seen))
        charge = here.with_phases_of(before)
        turned = turns(before, charge) or reaches(before, charge, scene.target_percent)
        if not turned and kept_at is not None and told.moment - kept_at < KEPT_EVERY:
            return
        news = [Observation(about_vehicle(car.id), charge, told.moment, Source.TELEMETRY)]
        listed, listed_at = scene.seen.fact(Listed), scene.seen.when(Listed)
        if listed and listed_at and listed.reach is not Reach.ONLINE and told.moment > listed_at:
            online = replace(listed, reach=Reach.ONLINE)
            news.append(Observation(about_vehicle(car.id), online, told.moment, Source.TELEMETRY))
        async with self._store.unit() as unit:
            await unit.evidence.append(news)
            if turned:
                await unit.timers.set_no_later(Work.TEND_VEHICLE, car.id, self._clock.now())
        self._bases[car.id] = replace(base, kept_at=told.moment)
        self._bus.changed(car.driver_id)

    async def _at_home(self, car: Vehicle, told: Word, before: ChargeState | None, *, may_read: bool) -> ChargeState:
        """As looks tell it. Where no place is streamed, what a look has told holds until the cable is out."""
        place = told.place if may_read else None
        if place is None and before is not None and before.plugged_in and told.charge.plugged_in:
            return replace(told.charge, at_home=before.at_home if told.charge.at_home is None else False)
        charge, _ = await self._car.with_home(car, told.charge, place, before)
        return charge

    def _base_of(self, scene: Scene) -> _Base:
        """The last look; a word that we did not write ourselves is as good as one."""
        last, base = scene.seen.latest.get(ChargeState), self._bases.get(scene.vehicle.id)
        is_our_own = last is not None and last.source is Source.TELEMETRY and base and base.kept_at == last.observed_at
        if base and is_our_own:
            return base
        return _Base(scene.seen.fact(ChargeState), last.observed_at if last else None, None)


def _knows_of_orders(told: Word, base: _Base, scene: Scene) -> bool:
    """Not while the car has not spoken of its cable since it was last told something: then only a look says.

    Whatever else it streams meanwhile, what became of the order would be a guess.
    """
    sent = [one.sent_at for one in scene.commands if one.order in OF_THE_CABLE and one.sent_at]
    spoke_at = told.charging_at or base.looked_at
    return not sent or (spoke_at is not None and spoke_at > max(sent))
