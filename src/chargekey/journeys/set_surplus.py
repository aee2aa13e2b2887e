"""A driver has his own sun followed: what the grid pays for it, what the car takes otherwise, and the home's key."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chargekey.domain.secret import Secret
from chargekey.domain.told_surplus import AHEAD, LONGEST, quarter_of
from chargekey.journeys.hear_surplus import goes_on
from chargekey.journeys.plan_charge import NotSetUp
from chargekey.journeys.standing import Whereabouts, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.store import Store, Unit
from chargekey.ports.surplus import KeptSurplus, SurplusKey

LOOKS_BACK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class LastTold:
    """What a home told last. `measured` None: nothing of late. `forecast_until` None: none reaches beyond now."""

    measured: KeptSurplus | None
    forecast_until: datetime | None


@dataclass(frozen=True, slots=True)
class SurplusShown:
    """`key` None: there is none."""

    settings: ChargeSettings
    key: SurplusKey | None
    told: LastTold


class SetSurplus:
    """Of the chosen car. Each raises `NotSetUp` before it has a goal."""

    def __init__(self, store: Store, clock: Clock, bus: Bus) -> None:
        self._store, self._clock, self._bus = store, clock, bus

    async def shown(self, driver_id: int) -> SurplusShown:
        """What is set, and what was told."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            vehicle_id, settings = _set_up(await whereabouts(unit, driver_id))
            key = await unit.surplus_keys.of_vehicle(vehicle_id)
            return SurplusShown(settings, key, await _last_told(unit, vehicle_id, now))

    async def follow(self, driver_id: int, feed_in_micro_per_kwh: int, current_a: int) -> None:
        """From now on hours of surplus cost what the grid would have paid, and other hours are charged at `current_a`.

        Tonight is looked at anew at once.
        """
        await self._change(driver_id, feed_in_micro_per_kwh, current_a)

    async def do_without(self, driver_id: int) -> None:
        """Whatever the home tells, nothing follows from it. The key stays, and so does the current."""
        await self._change(driver_id, None, None)

    async def make_key(self, driver_id: int) -> Secret:
        """In place of the one before. It is told this once, and kept as a hash."""
        key = Secret(secrets.token_urlsafe(32))
        async with self._store.unit() as unit:
            vehicle_id, _ = _set_up(await whereabouts(unit, driver_id))
            await unit.surplus_keys.keep(vehicle_id, key.hashed(), self._clock.now())
        return key

    async def take_key_back(self, driver_id: int) -> None:
        """From now on it is worth nothing. One that is gone already stays so."""
        async with self._store.unit() as unit:
            vehicle_id, _ = _set_up(await whereabouts(unit, driver_id))
            await unit.surplus_keys.take_back(vehicle_id)

    async def _change(self, driver_id: int, feed_in_micro: int | None, current_a: int | None) -> None:
        now = self._clock.now()
        async with self._store.unit() as unit:
            vehicle_id, settings = _set_up(await whereabouts(unit, driver_id))
            changed = replace(settings, feed_in_micro_per_kwh=feed_in_micro, current_a=current_a or settings.current_a)
            await unit.settings.save_settings(vehicle_id, changed, now)
            await unit.timers.set(Work.TEND_VEHICLE, vehicle_id, now)
        self._bus.changed(driver_id)


def _set_up(here: Whereabouts) -> tuple[int, ChargeSettings]:
    if here.vehicle is None or here.settings is None:
        raise NotSetUp
    return here.vehicle.id, here.settings


async def _last_told(unit: Unit, vehicle_id: int, now: datetime) -> LastTold:
    told = await unit.surplus.told(vehicle_id, quarter_of(now) - LOOKS_BACK, now + AHEAD + LONGEST)
    known = {one.slot.start: one for one in told}
    measured = max((one for one in told if one.measured), key=lambda one: one.told_at, default=None)
    ahead = [one.slot.end for one in told if one.slot.end > now and not one.measured and not goes_on(one, known)]
    return LastTold(measured, max(ahead, default=None))
