"""Where a driver stands: loaded in one unit of work, decided by the domain."""

from dataclasses import dataclass
from datetime import datetime

from chargekey.domain.evidence import (
    NOTHING_SEEN,
    ChoseVehicle,
    Handshake,
    KeyStatus,
    Listed,
    NotListed,
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


async def whereabouts(unit: Unit, driver_id: int, known: Vehicle | None = None) -> Whereabouts:
    """Fold what was seen of the driver, his grant and his chosen vehicle into the next step.

    `known`: one that has been read already, and need not be read again if it is the chosen one.
    """
    grant = await unit.garage.grant_of(driver_id)
    chosen = (await unit.evidence.seen(about_driver(driver_id))).fact(ChoseVehicle) if grant else None
    vehicle = known if known and chosen and chosen.vehicle_id == known.id else None
    if chosen and vehicle is None:
        vehicle = await unit.garage.vehicle(chosen.vehicle_id)
    if vehicle and grant and vehicle.grant_id != grant.id:
        vehicle = None
    subjects = [about_grant(grant.id)] if grant else []
    if vehicle:
        subjects.append(about_vehicle(vehicle.id))
    seen = await unit.evidence.seen_of_each(subjects)
    grant_seen = seen[about_grant(grant.id)] if grant else NOTHING_SEEN
    vehicle_seen = seen[about_vehicle(vehicle.id)] if vehicle else NOTHING_SEEN
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
