"""A driver leaves: our access is erased here; what only he can undo is said."""

from dataclasses import dataclass
from datetime import datetime

from chargekey.domain.evidence import ConsentEnded, Listed, Observation, Source
from chargekey.domain.journey import need_of_key
from chargekey.domain.vehicle import KeyNeed
from chargekey.journeys.standing import about_grant, about_vehicle, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store
from chargekey.ports.vault import Vault


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is gone and what is not. `keys_left`: cars that held our key when last looked."""

    at: datetime
    tokens_erased: bool
    keys_left: tuple[Vehicle, ...]
    revoke_url: str


class Disconnect:
    """Ends the grant. The log of what was seen stays until the driver asks for its erasure."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, vault: Vault, revoke_url: str) -> None:
        self._store, self._clock, self._bus, self._vault = store, clock, bus, vault
        self._revoke_url = revoke_url

    async def leave(self, driver_id: int) -> Receipt:
        """Erase both tokens, end the grant, stop every timer of its cars."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            grant = await unit.garage.grant_of(driver_id)
        if grant is None:
            return Receipt(now, False, (), self._revoke_url)
        await self._vault.forget(grant.id)
        async with self._store.unit() as unit:
            cars = await unit.garage.vehicles_of(grant.id)
            seen = await unit.evidence.seen_of_each([about_vehicle(car.id) for car in cars])
            for car in cars:
                for work in Work:
                    await unit.timers.cancel(work, car.id)
            await unit.evidence.append([Observation(about_grant(grant.id), ConsentEnded("left"), now, Source.DRIVER)])
            await unit.garage.end_grant(grant.id, now)
        self._bus.changed(driver_id)
        keys_left = tuple(
            car
            for car in cars
            if seen[about_vehicle(car.id)].fact(Listed)
            and need_of_key(car.vin, seen[about_vehicle(car.id)]) is KeyNeed.ON_THE_CAR
        )
        return Receipt(now, True, keys_left, self._revoke_url)

    async def is_connected(self, driver_id: int) -> bool:
        """Whether there is anything to leave."""
        async with self._store.unit() as unit:
            return (await whereabouts(unit, driver_id)).grant is not None
