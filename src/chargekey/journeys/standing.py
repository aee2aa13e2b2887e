"""Where a driver stands: loaded in one unit of work, decided by the domain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chargekey.domain.evidence import (
    NOTHING_SEEN,
    ChoseVehicle,
    ConsentEnded,
    Handshake,
    KeyStatus,
    Listed,
    NotListed,
    ScopesGranted,
    Seen,
    Subject,
    SubjectKind,
    WentOnUnproved,
)
from chargekey.domain.journey import Standing, Step, next_step
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.jobs import Work
from chargekey.ports.people import Grant, Vehicle
from chargekey.ports.store import Store, Unit

FEW: Final = 3
"""So many cars of one account are read at once: with more, it is quicker to ask first which of them is chosen."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A driver's step, and what it follows from. `grant`, `vehicle`, `settings` None: not there yet."""

    step: Step
    grant: Grant | None
    grant_seen: Seen
    vehicle: Vehicle | None
    vehicle_seen: Seen
    settings: ChargeSettings | None


def about_driver(driver_id: int) -> Subject:
    return Subject(SubjectKind.DRIVER, driver_id)


def about_grant(grant_id: int) -> Subject:
    return Subject(SubjectKind.GRANT, grant_id)


def about_vehicle(vehicle_id: int) -> Subject:
    return Subject(SubjectKind.VEHICLE, vehicle_id)


async def whereabouts(unit: Unit, driver_id: int) -> Whereabouts:
    """Fold what was seen of the driver, his grant and his chosen vehicle into the next step."""
    grant, vehicles = await unit.garage.account_of(driver_id)
    grant_seen, vehicle, vehicle_seen = NOTHING_SEEN, None, NOTHING_SEEN
    if grant:
        driver, account = about_driver(driver_id), about_grant(grant.id)
        few = vehicles if len(vehicles) <= FEW else ()
        seen = await unit.evidence.seen_of_each([driver, account, *(about_vehicle(one.id) for one in few)])
        grant_seen, chosen = seen[account], seen[driver].fact(ChoseVehicle)
        vehicle = next((one for one in vehicles if chosen and one.id == chosen.vehicle_id), None)
        if vehicle:
            about = about_vehicle(vehicle.id)
            vehicle_seen = seen[about] if few else await unit.evidence.seen(about)
    if vehicle_seen.is_later(NotListed, than=Listed):
        vehicle = None
    settings = await unit.settings.settings(vehicle.id) if vehicle else None
    stands = Standing(
        grant=grant_seen if grant else None,
        vin=vehicle.vin if vehicle else None,
        vehicle=vehicle_seen,
        goal_is_set=settings is not None,
        went_on_without_proof=_went_on_after_key(vehicle_seen),
    )
    return Whereabouts(next_step(stands), grant, grant_seen, vehicle, vehicle_seen, settings)


def _went_on_after_key(vehicle: Seen) -> bool:
    """The driver went on while the car slept; that holds until a handshake says something, or the key goes."""
    went_on_at, gone_at = vehicle.when(WentOnUnproved), vehicle.key_gone_at
    if went_on_at is None or (gone_at and gone_at >= went_on_at):
        return False
    return vehicle.is_later(WentOnUnproved, than=Handshake) and vehicle.fact(KeyStatus) is not None


def is_out_of_reach(here: Whereabouts, vehicle: Vehicle, seen: Seen) -> bool:
    """Its account or the car itself is gone at Tesla, or the driver has another account: nothing can be asked of it.

    `here`: where the driver of this vehicle stands, who may have chosen another. `seen`: of the vehicle.
    """
    if here.grant is None or here.grant.id != vehicle.grant_id:
        return True
    has_ended = here.grant_seen.is_later(ConsentEnded, than=ScopesGranted)
    return has_ended or seen.is_later(NotListed, than=Listed)


async def tend_if_ready(unit: Unit, driver_id: int, now: datetime) -> None:
    """Where the guide is done, look at the car: whatever was in the way may just have gone."""
    here = await whereabouts(unit, driver_id)
    if here.vehicle and here.step is Step.TONIGHT:
        await unit.timers.set_no_later(Work.TEND_VEHICLE, here.vehicle.id, now)


class Standings:
    """Asked by every page: where is this driver?"""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, driver_id: int) -> Whereabouts:
        async with self._store.unit() as unit:
            return await whereabouts(unit, driver_id)
