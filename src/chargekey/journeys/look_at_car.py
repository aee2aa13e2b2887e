"""The billed look at a car, and what it says of home.

The place itself goes no further than here and the sealed home: evidence gets at home, not at home, or not known.
"""

from dataclasses import dataclass, replace
from functools import partial

from chargekey.domain.car_schedules import MOST_IN_A_CAR, SchedulesInCar
from chargekey.domain.evidence import ChargeState, Observation, ScopesGranted, Seen, Source
from chargekey.domain.grant import Scope
from chargekey.domain.place import Home, LearntFrom, Place, at_home, is_home, shows_home
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.clock import Clock
from chargekey.ports.faults import ScopeMissing
from chargekey.ports.homes import Homes
from chargekey.ports.people import Vehicle
from chargekey.ports.tesla import Answer, Look, TeslaVehicles


@dataclass(frozen=True, slots=True)
class Looked:
    """To be written down by whoever looked. `schedules` None: the car told none, or none that can be placed."""

    charge: Observation
    schedules: Observation | None = None

    @property
    def all(self) -> list[Observation]:
        return [self.charge, *([self.schedules] if self.schedules else [])]


class LookAtCar:
    """Looks as far as the driver allows, and learns where home is."""

    def __init__(self, clock: Clock, vehicles: TeslaVehicles, homes: Homes) -> None:
        self._clock, self._vehicles, self._homes = clock, vehicles, homes

    async def look(
        self, vehicle: Vehicle, grant_seen: Seen, before: ChargeState | None, *, for_order: bool = False
    ) -> Looked:
        """What the car says now, to be written down by the caller. `before`: its last word until now.

        The first place where it is plugged in becomes home, as long as there is none.
        """
        answer = await self._ask(vehicle, with_place=may_read_place(grant_seen), for_order=for_order)
        charge, home = await self.with_home(vehicle, answer.value.charge, answer.value.place, before)
        seen = self._seen(vehicle, charge.with_phases_of(before), answer.request_id)
        held = schedules_at(home, answer.value) if home else None
        return Looked(seen, replace(seen, fact=held) if held else None)

    async def with_home(
        self, vehicle: Vehicle, charge: ChargeState, place: Place | None, before: ChargeState | None
    ) -> tuple[ChargeState, Place | None]:
        """What the car said, and whether that is at home; and where home is. `place` None: it does not tell."""
        kept = await self._homes.home_of(vehicle.id)
        if kept is None and place is not None and shows_home(charge, before):
            kept = Home(place, LearntFrom.PLUG_IN, self._clock.now())
            await self._homes.keep(vehicle.id, kept)
        home = kept.place if kept else None
        return replace(charge, at_home=at_home(home, place, charge, before)), home

    async def look_and_call_it_home(self, vehicle: Vehicle, before: ChargeState | None) -> Observation | None:
        """The driver says that the car is at home. `before`: its last word until now.

        None: it does not tell where it is, and nothing changed.
        """
        answer = await self._vehicles.look(vehicle.grant_id, vehicle.vin, with_place=True)
        charge, place = answer.value.charge.with_phases_of(before), answer.value.place
        if place is None:
            return None
        await self._homes.keep(vehicle.id, Home(place, LearntFrom.DRIVER, self._clock.now()))
        return self._seen(vehicle, replace(charge, at_home=at_home(place, place, charge, None)), answer.request_id)

    async def _ask(self, vehicle: Vehicle, *, with_place: bool, for_order: bool) -> Answer[Look]:
        """A permission taken back a moment ago is not in the token's scopes yet: then the place is done without."""
        look = partial(self._vehicles.look, vehicle.grant_id, vehicle.vin, for_order=for_order)
        try:
            return await look(with_place=with_place)
        except ScopeMissing:
            if not with_place:
                raise
            return await look(with_place=False)

    def _seen(self, vehicle: Vehicle, charge: ChargeState, request_id: str | None) -> Observation:
        return Observation(about_vehicle(vehicle.id), charge, self._clock.now(), Source.CAR, request_id)


def schedules_at(home: Place, look: Look) -> SchedulesInCar | None:
    """Which of the car's schedules count at home; of the others only how many there are."""
    if look.schedules is None:
        return None
    here = tuple(schedule for schedule, place in look.schedules if is_home(home, place))
    most = MOST_IN_A_CAR if look.most_schedules is None else look.most_schedules
    return SchedulesInCar(here, len(look.schedules) - len(here), most)


def may_read_place(grant_seen: Seen) -> bool:
    """Whether the driver's latest token allows us to ask where the car is."""
    granted = grant_seen.fact(ScopesGranted)
    return granted is not None and Scope.VEHICLE_LOCATION in granted.scopes
