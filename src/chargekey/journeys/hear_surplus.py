"""A home tells of its own sun: what its meter shows, or a forecast. The plan is looked at anew where that changes it.

Rules of this room:

1. A home is known by its key alone: a random number of 256 bits, kept as a hash. One that is wrong, taken back or none
   is refused alike, and looking it up by its hash tells a guesser nothing by the time it takes.
2. What is told counts every few minutes at most, and only where it is other than what is known: each time it counts,
   the car may be told something.
3. A home that talks without end is told to wait before anything of it is written.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState
from chargekey.domain.night import OF_THE_CABLE, agreed_currents
from chargekey.domain.secret import Secret
from chargekey.domain.surplus import SurplusSlot
from chargekey.domain.tariff import QUARTER
from chargekey.domain.told_surplus import (
    DrawUnknown,
    Unheard,
    car_draws_w,
    forecast_slots,
    is_alike,
    measured_slots,
    quarter_of,
    without_car,
)
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.store import Store, Unit
from chargekey.ports.surplus import KeptSurplus

COUNTS_EVERY: Final = timedelta(minutes=5)
PACED_OVER: Final = timedelta(minutes=1)
WORDS_IN_IT: Final = 20
"""A meter that speaks every three seconds is let through; one that does so every second is asked to wait."""
CERTAIN: Final = (Delivery.DONE, Delivery.REFUSED)
"""Of an order to set the current: it draws so much, or as before."""


class KeyUnknown(Exception):
    """No key of ours, or not any more."""


class TooManyWords(Exception):
    """That home has told so much within the minute that nothing of it is heard for now."""


@dataclass(frozen=True, slots=True)
class SurplusTold:
    """What came at once. `surplus_w`: measured, without the car; `grid_w`: as the house's meter shows it, below 0 what
    is fed in. Of the two at most one is there. `forecast`: as it came.
    """

    surplus_w: int | None = None
    grid_w: int | None = None
    forecast: Sequence[SurplusSlot] = ()

    @property
    def is_measured(self) -> bool:
        return self.surplus_w is not None or self.grid_w is not None


@dataclass(frozen=True, slots=True)
class SurplusHeard:
    """Whether anything of it counts, and why the rest does not."""

    counted: bool
    why: tuple[Unheard, ...] = ()


class HearSurplus:
    """Hears all homes; each at its pace."""

    def __init__(self, store: Store, clock: Clock, bus: Bus) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._words: dict[int, deque[datetime]] = {}

    async def let_in(self, key: Secret | None) -> int:
        """Which vehicle's home it is. Raises `KeyUnknown` or `TooManyWords`."""
        async with self._store.unit() as unit:
            vehicle_id = await unit.surplus_keys.whose(key.hashed()) if key else None
        if vehicle_id is None:
            raise KeyUnknown
        self._pace(vehicle_id, self._clock.now())
        return vehicle_id

    async def hear(self, vehicle_id: int, key: Secret, told: SurplusTold) -> SurplusHeard:
        """Of a home that was let in. Raises `KeyUnknown`, and `SurplusUnclear` for a forecast that is none."""
        now = self._clock.now()
        ahead = forecast_slots(told.forecast, now) if told.forecast else ()
        async with self._store.unit() as unit:
            if not await unit.surplus_keys.heard(vehicle_id, key.hashed(), now):
                raise KeyUnknown
            why: list[Unheard | None] = []
            if told.forecast:
                why.append(await _keep_forecast(unit, vehicle_id, ahead, now))
            if told.is_measured:
                why.append(await _keep_measured(unit, vehicle_id, told, now))
            counted = None in why
            settings = await unit.settings.settings(vehicle_id)
            if counted and settings and settings.follows_sun:
                await unit.timers.set_no_later(Work.TEND_VEHICLE, vehicle_id, now)
            driver_id = (await unit.garage.vehicle(vehicle_id)).driver_id
        if counted:
            self._bus.changed(driver_id)
        return SurplusHeard(counted, tuple(one for one in why if one))

    def _pace(self, vehicle_id: int, now: datetime) -> None:
        words = self._words.setdefault(vehicle_id, deque(maxlen=WORDS_IN_IT))
        if len(words) == WORDS_IN_IT and timedelta() <= now - words[0] < PACED_OVER:
            raise TooManyWords
        words.append(now)


async def _keep_forecast(unit: Unit, vehicle_id: int, ahead: Sequence[SurplusSlot], now: datetime) -> Unheard | None:
    """None: it counts."""
    if not ahead:
        return Unheard.OVER
    told = await unit.surplus.told(vehicle_id, quarter_of(now) - QUARTER, ahead[-1].end)
    known = {one.slot.start: one for one in told}
    if all((there := known.get(one.start)) and (there.measured or there.slot == one) for one in ahead):
        return Unheard.ALIKE
    forecast = [there for one in ahead if (there := known.get(one.start)) and not goes_on(there, known)]
    if any(not one.measured and _is_fresh(one, now) for one in forecast):
        return Unheard.TOO_SOON
    await unit.surplus.keep(vehicle_id, ahead, now, measured=False)
    return None


async def _keep_measured(unit: Unit, vehicle_id: int, told: SurplusTold, now: datetime) -> Unheard | None:
    """None: it counts."""
    known = await unit.surplus.told(vehicle_id, quarter_of(now) - COUNTS_EVERY, quarter_of(now) + 2 * QUARTER)
    if any(one.measured and _is_fresh(one, now) for one in known):
        return Unheard.TOO_SOON
    try:
        surplus_w = told.surplus_w if told.surplus_w is not None else await _without_car(unit, vehicle_id, told, now)
    except DrawUnknown as unknown:
        return unknown.why
    present, following = measured_slots(surplus_w, now)
    if is_alike((present, following), {one.slot.start: one.slot.surplus_w for one in known}):
        return Unheard.ALIKE
    await unit.surplus.keep(vehicle_id, [present], now, measured=True)
    await unit.surplus.keep(vehicle_id, [following], now, measured=False)
    return None


def goes_on(kept: KeptSurplus, known: Mapping[datetime, KeptSurplus]) -> bool:
    """Whether it was not forecast, but measured in the quarter of an hour before. `known`: by their beginning."""
    before = known.get(kept.slot.start - QUARTER)
    return not kept.measured and before is not None and before.measured and before.told_at == kept.told_at


def _is_fresh(kept: KeptSurplus, now: datetime) -> bool:
    return timedelta() <= now - kept.told_at < COUNTS_EVERY


async def _without_car(unit: Unit, vehicle_id: int, told: SurplusTold, now: datetime) -> int:
    """By the house's meter. Raises `DrawUnknown`."""
    seen = await unit.evidence.seen(about_vehicle(vehicle_id))
    night = await unit.nights.open_night(vehicle_id)
    orders = list(await unit.commands.open_commands(vehicle_id))
    orders += await unit.commands.commands_of(night.id) if night else ()
    orders = [one for one in orders if one.order in OF_THE_CABLE]
    others = [one for one in orders if not (one.current_a and one.delivery in CERTAIN)]
    moments = [moment for one in others if (moment := one.settled_at or one.sent_at)]
    ordered_at, agreed = max(moments, default=None), max(agreed_currents(orders), default=None)
    car_w = car_draws_w(seen.fact(ChargeState), seen.when(ChargeState), ordered_at, now, agreed)
    return without_car(told.grid_w or 0, car_w)
