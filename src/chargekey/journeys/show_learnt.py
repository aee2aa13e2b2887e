"""A driver sees what was learnt of his car, and what is still assumed of it. It looks at nothing outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chargekey.domain.evidence import ChargeState
from chargekey.domain.learnt import DrawKnown, Known, Learnt
from chargekey.domain.lesson import Taper
from chargekey.journeys.learn_of_car import learnt_before
from chargekey.journeys.plan_charge import current_at, known_at
from chargekey.journeys.standing import Whereabouts, about_vehicle
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.clock import Clock
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit


@dataclass(frozen=True, slots=True)
class LearntShown:
    """What the next night is planned with, at the current that it will be charged with, and what is only told.

    `taper` None: assumed. `warm_up_s` None: nothing shows of a cold battery, and it is taken to be warm. `leaves`
    is by weekday, Monday is 0, in minutes after midnight; a missing one has none usual.
    """

    current_a: int
    draw: DrawKnown
    taper: Taper | None
    taper_nights: int
    leaves: Mapping[int, Known]
    warm_up_s: Known | None = None


class ShowLearnt:
    """Of the chosen car for its page, of all for the export."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def of_chosen(self, here: Whereabouts) -> LearntShown | None:
        """None before a car is chosen and a plan is set."""
        if here.vehicle is None or here.settings is None:
            return None
        async with self._store.unit() as unit:
            learnt = await self._learnt(unit, here.vehicle, here.settings)
        return _shown(here.vehicle, here.settings, here.vehicle_seen.fact(ChargeState), learnt)

    async def leaves(self, here: Whereabouts) -> Mapping[int, Known]:
        """When the chosen car usually leaves, for whoever sets its times; empty where that is not known."""
        shown = await self.of_chosen(here)
        return shown.leaves if shown else {}

    async def of_all(self, driver_id: int) -> Sequence[tuple[Vehicle, LearntShown]]:
        """Each car of the driver's that has a plan."""
        found = []
        async with self._store.unit() as unit:
            grant = await unit.garage.grant_of(driver_id)
            for vehicle in await unit.garage.vehicles_of(grant.id) if grant else ():
                settings = await unit.settings.settings(vehicle.id)
                if settings is not None:
                    charge = (await unit.evidence.seen(about_vehicle(vehicle.id))).fact(ChargeState)
                    learnt = await self._learnt(unit, vehicle, settings)
                    found.append((vehicle, _shown(vehicle, settings, charge, learnt)))
        return found

    async def _learnt(self, unit: Unit, vehicle: Vehicle, settings: ChargeSettings) -> Learnt:
        return await learnt_before(unit, vehicle, self._clock.now(), settings.goal.zone)


def _shown(vehicle: Vehicle, settings: ChargeSettings, charge: ChargeState | None, learnt: Learnt) -> LearntShown:
    return LearntShown(
        current_a=current_at(settings.current_a, charge),
        draw=known_at(vehicle, settings.current_a, charge, learnt),
        taper=learnt.taper,
        taper_nights=learnt.taper_nights,
        leaves=learnt.leaves,
        warm_up_s=learnt.warm_up_s,
    )
