"""A vehicle that is ours to charge, and everything written down about it: what a decision is made from."""

from dataclasses import dataclass, replace
from datetime import datetime

from chargekey.domain.charging import Outlook
from chargekey.domain.evidence import ChargeState, Charging, Listed, Observation, Seen
from chargekey.domain.journey import Step
from chargekey.domain.key_watch import KeyWatch
from chargekey.domain.night import Command, Night, Order, Wish
from chargekey.domain.vehicle import Reach
from chargekey.journeys.plan_charge import windows_wanted
from chargekey.journeys.standing import Whereabouts, about_vehicle, whereabouts
from chargekey.ports.charge_log import ChargeSettings, KeptPlan
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Unit


@dataclass(frozen=True, slots=True)
class Scene:
    """`night` None: not plugged in. `watch` None: no page of the driver was ever open."""

    vehicle: Vehicle
    grant_seen: Seen
    seen: Seen
    settings: ChargeSettings
    night: Night | None
    plan: KeptPlan | None
    commands: tuple[Command, ...]
    drew_since_start: bool
    watch: KeyWatch | None


async def load(unit: Unit, vehicle_id: int) -> Scene | None:
    """None when the vehicle is not, or no more, ours to charge."""
    vehicle = await unit.garage.vehicle(vehicle_id)
    here = await whereabouts(unit, vehicle.driver_id)
    if not _is_ours_to_charge(here, vehicle) or here.settings is None:
        return None
    night = await unit.nights.open_night(vehicle_id)
    plan = await unit.nights.plan_of(night.id) if night else None
    commands = tuple(await unit.commands.commands_of(night.id)) if night else ()
    drew = False
    if last := _last_start(commands):
        reports = await unit.evidence.since(about_vehicle(vehicle_id), ChargeState, last)
        drew = any(_drew(report) for report in reports if report.observed_at >= last)
    watch = await unit.settings.key_watch(vehicle_id)
    return Scene(
        vehicle=vehicle,
        grant_seen=here.grant_seen,
        seen=here.vehicle_seen,
        settings=here.settings,
        night=night,
        plan=plan,
        commands=commands,
        drew_since_start=drew,
        watch=watch,
    )


def outlook_of(scene: Scene, now: datetime) -> Outlook:
    listed = scene.seen.fact(Listed)
    night = scene.night
    return Outlook(
        now=now,
        wish=night.wish if night else Wish.PLAN,
        wished_at=night.wished_at if night else now,
        windows=windows_wanted(scene.plan),
        target_percent=scene.settings.goal.target_percent,
        reach=listed.reach if listed else Reach.UNKNOWN,
        charge=_charge_now(scene) if night else None,
        looked_at=scene.seen.when(ChargeState),
        commands=scene.commands,
        current_a=scene.settings.current_a,
        drew_since_start=scene.drew_since_start,
    )


def _charge_now(scene: Scene) -> ChargeState | None:
    """The car's last word; but a car that fell asleep since draws no more, whatever it said before."""
    charge, listed = scene.seen.fact(ChargeState), scene.seen.fact(Listed)
    if charge and charge.drawing and listed and listed.reach is Reach.ASLEEP:
        return replace(charge, charging=Charging.STOPPED)
    return charge


def rolls_over_at(scene: Scene) -> datetime | None:
    """When this night ends although the cable stays in: at ready-by, or once a late target is reached."""
    if scene.night is None or scene.night.ready_by is None or scene.plan is None:
        return None
    late = scene.plan.plan.missing_wh and scene.night.wish is Wish.PLAN
    return max(scene.night.ready_by, scene.plan.plan.ready_at) if late else scene.night.ready_by


def _is_ours_to_charge(here: Whereabouts, vehicle: Vehicle) -> bool:
    return here.step is Step.TONIGHT and here.vehicle is not None and here.vehicle.id == vehicle.id


def _last_start(commands: tuple[Command, ...]) -> datetime | None:
    starts = [one.settled_at for one in commands if one.order is Order.START and one.settled_at]
    return max(starts, default=None)


def _drew(report: Observation) -> bool:
    return isinstance(report.fact, ChargeState) and report.fact.drawing
