"""A vehicle that is ours to charge, and everything written down about it: what a decision is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from chargekey.domain.car_schedules import Given, SchedulesInCar, fits, given_to_car, is_over, next_change
from chargekey.domain.charging import WHOLE_SECOND, Outlook, Window, ends_at_its_limit
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Charging, Listed, Observation, Seen, Source
from chargekey.domain.goal import ends_a_rest
from chargekey.domain.journey import Step
from chargekey.domain.key_watch import KeyWatch
from chargekey.domain.night import Command, Night, Order, Wish, agreed_currents
from chargekey.domain.vehicle import Reach
from chargekey.journeys.plan_anew import windows_wanted
from chargekey.journeys.plan_charge import target_tonight
from chargekey.journeys.standing import Whereabouts, about_vehicle, whereabouts
from chargekey.ports.charge_log import ChargeSettings, KeptPlan
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Unit


@dataclass(frozen=True, slots=True)
class Scene:
    """`night` None: not plugged in. `watch` None: no page of the driver was ever open.

    `looked_since_plug_in`: the car was looked at in this night, and did not only stream.
    """

    vehicle: Vehicle
    grant_seen: Seen
    seen: Seen
    settings: ChargeSettings
    night: Night | None
    plan: KeptPlan | None
    commands: tuple[Command, ...]
    drew_since_start: bool
    watch: KeyWatch | None
    looked_since_plug_in: bool = False

    @property
    def target_percent(self) -> int:
        """Up to where the car is charged tonight."""
        due, wish = (self.night.ready_by, self.night.wish) if self.night else (None, Wish.PLAN)
        return target_tonight(self.settings, self.plan, due, wish)

    @property
    def rests(self) -> bool:
        """Whether it is plugged in for a holiday, with nothing to charge but the minimum."""
        due = self.night.ready_by if self.night else None
        return due is not None and ends_a_rest(self.settings.goal, due)

    @property
    def ends_by_itself(self) -> bool:
        """Whether the limit in the car ends every charge no later than we would."""
        charge = self.seen.fact(ChargeState)
        at_its_limit = charge is not None and ends_at_its_limit(charge, self.settings.goal.least_target_percent)
        return at_its_limit and not self.rests and not self.is_too_dear

    @property
    def is_too_dear(self) -> bool:
        """Whether hours are left out for what they cost, so that it ends with a window and not where it is full."""
        return self.plan is not None and self.plan.plan.barred_wh > 0


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
        looked_since_plug_in=await _looked_since(unit, here.vehicle_seen, vehicle_id, night),
    )


def outlook_of(scene: Scene, now: datetime) -> Outlook:
    listed, night = scene.seen.fact(Listed), scene.night
    current = _current_now(scene, now)
    return Outlook(
        now=now,
        wish=night.wish if night else Wish.PLAN,
        wished_at=night.wished_at if night else now,
        windows=windows_wanted(scene.plan),
        target_percent=scene.target_percent,
        reach=listed.reach if listed else Reach.UNKNOWN,
        charge=_charge_now(scene) if night else None,
        looked_at=scene.seen.when(ChargeState),
        commands=scene.commands,
        current_a=current.current_a,
        drew_since_start=scene.drew_since_start,
        kept_by_car=kept_by_car(scene, now),
        is_too_dear=scene.is_too_dear,
        current_since=current.since,
        currents_change_at=current.changes_at,
        follows_sun=scene.settings.follows_sun,
    )


class CurrentNow(NamedTuple):
    """What the car should draw with, since when that is so, and when it changes."""

    current_a: int | None
    since: datetime | None = None
    changes_at: tuple[datetime, ...] = ()


def _current_now(scene: Scene, now: datetime) -> CurrentNow:
    """The full current, or fewer amps while the plan goes by the sun; each plan may be the reason for another."""
    full_a, plan, night = scene.settings.current_a, scene.plan, scene.night
    if plan is None or night is None or night.wish is not Wish.PLAN or not scene.settings.follows_sun:
        return CurrentNow(full_a)
    lasting = plan.plan.gentle_at(now) or plan.plan.gentle_at(now + WHOLE_SECOND)
    changes = tuple(moment for one in plan.plan.gentle for moment in (one.start, one.end))
    since = max([plan.made_at, *(moment for moment in changes if moment <= now)])
    return CurrentNow(lasting.current_a if lasting else full_a, since, changes)


def schedules_now(scene: Scene, now: datetime | None = None) -> SchedulesInCar | None:
    """What the car has by its last word and by what it agreed to since. None: it never told, or not where it is.

    `now`: those that are over by then are out of force; None: whatever may be in it still.
    """
    told, told_at = scene.seen.fact(SchedulesInCar), scene.seen.when(SchedulesInCar)
    if told is None or told_at is None:
        return None
    given_at: dict[int, datetime] = {}
    for command in scene.commands:
        if command.delivery is not Delivery.DONE or command.settled_at is None or command.schedule is None:
            continue
        if command.settled_at >= told_at:
            is_added = command.order is Order.ADD_SCHEDULE
            told = told.with_added(command.schedule) if is_added else told.with_removed(command.schedule)
            given_at[command.schedule.number] = command.settled_at
    return told if now is None else _in_force(told, given_at, told_at, scene.settings.goal.zone, now)


def charge_before_look(scene: Scene) -> ChargeState | None:
    """Its last word, by which a look tells whether it is the first of a plug-in, whose place may be home.

    A plug-in that was only heard, without a place, has not had that look yet.
    """
    last, charge = scene.seen.latest.get(ChargeState), scene.seen.fact(ChargeState)
    is_heard = last is not None and last.source is Source.TELEMETRY and not scene.looked_since_plug_in
    return None if is_heard and charge and charge.at_home is None else charge


def told_of_schedules_at(seen: Seen) -> datetime | None:
    """When it was last looked at for its schedules, and told them."""
    told = seen.fact(SchedulesInCar)
    return (told.told_at if told else None) or seen.when(SchedulesInCar)


def agreed_schedules(scene: Scene, now: datetime) -> SchedulesInCar | None:
    """What the car has as its night ends, whose orders nobody reads any more; None: it is what it last told."""
    held = schedules_now(scene, now)
    if held is None or held == scene.seen.fact(SchedulesInCar):
        return None
    return replace(held, told_at=told_of_schedules_at(scene.seen))


def _in_force(
    told: SchedulesInCar, given_at: Mapping[int, datetime], told_at: datetime, zone: str, now: datetime
) -> SchedulesInCar:
    """Without those for one day that are over, each since it was given or told of."""
    over = [one for one in told.at_home if is_over(one, given_at.get(one.number, told_at), zone, now)]
    here = tuple(replace(one, enabled=False) if one in over else one for one in told.at_home)
    return replace(told, at_home=here)


def given_now(scene: Scene, present: SchedulesInCar, now: datetime) -> tuple[Given, ...] | None:
    """What the car is to have of the plan still. None: nothing of it, for the driver wants something else, or for the
    car has no room for all of it.
    """
    charge = scene.seen.fact(ChargeState)
    if scene.night is None or scene.night.wish is not Wish.PLAN or charge is None:
        return None
    zone, windows = scene.settings.goal.zone, windows_wanted(scene.plan)
    given = given_to_car(windows, zone, now, ends_by_itself=scene.ends_by_itself)
    return given if given is not None and fits(given, present) else None


def keeps_guard(scene: Scene) -> bool:
    """Whether a schedule of ours for every day may stay: it does no harm, for the car ends at its own limit."""
    wish = scene.night.wish if scene.night else Wish.PLAN
    return scene.ends_by_itself and wish in (Wish.PLAN, Wish.CHARGE_NOW)


def kept_by_car(scene: Scene, now: datetime) -> tuple[Window, ...]:
    """The plan's windows that the car begins and ends by itself: none unless it has all of those that are left.

    One that began when it was planned is begun by us.
    """
    present = schedules_now(scene, now)
    if present is None or scene.plan is None:
        return ()
    given = given_now(scene, present, now)
    if given is None or next_change(given, present, keeps_guard=True):
        return ()
    return tuple(window for window in windows_wanted(scene.plan) if window.start > scene.plan.made_at + WHOLE_SECOND)


def _charge_now(scene: Scene) -> ChargeState | None:
    """The car's last word; but a car that fell asleep since draws no more, whatever it said before."""
    charge, listed = charge_as_ordered(scene), scene.seen.fact(Listed)
    if charge and charge.drawing and listed and listed.reach is Reach.ASLEEP:
        return replace(charge, charging=Charging.STOPPED)
    return charge


def charge_as_ordered(scene: Scene) -> ChargeState | None:
    """The car's last word, set to the current that it agreed to since."""
    charge, looked_at = scene.seen.fact(ChargeState), scene.seen.when(ChargeState)
    if charge is None or looked_at is None:
        return None
    agreed = [one for one in agreed_currents(scene.commands) if one.at > looked_at]
    return replace(charge, current_asked_a=agreed[-1].current_a) if agreed else charge


def sleeps_with_its_plan(scene: Scene, now: datetime) -> bool:
    """Whether changing the plan would cost a wake."""
    listed = scene.seen.fact(Listed)
    return listed is not None and listed.reach is Reach.ASLEEP and bool(kept_by_car(scene, now))


def rolls_over_at(scene: Scene) -> datetime | None:
    """When this night ends although the cable stays in: at ready-by, or once a late target is reached."""
    if scene.night is None or scene.night.ready_by is None or scene.plan is None:
        return None
    late = scene.plan.is_late and scene.night.wish is Wish.PLAN
    return max(scene.night.ready_by, scene.plan.plan.ready_at) if late else scene.night.ready_by


def _is_ours_to_charge(here: Whereabouts, vehicle: Vehicle) -> bool:
    return here.step is Step.TONIGHT and here.vehicle is not None and here.vehicle.id == vehicle.id


async def _looked_since(unit: Unit, seen: Seen, vehicle_id: int, night: Night | None) -> bool:
    last, told_at = seen.latest.get(ChargeState), told_of_schedules_at(seen)
    if night is None or last is None:
        return False
    if last.source is not Source.TELEMETRY or (told_at is not None and told_at >= night.plugged_in_at):
        return True
    reports = await unit.evidence.since(about_vehicle(vehicle_id), ChargeState, night.plugged_in_at)
    return any(one.source is not Source.TELEMETRY and one.observed_at >= night.plugged_in_at for one in reports)


def _last_start(commands: tuple[Command, ...]) -> datetime | None:
    starts = [one.settled_at for one in commands if one.order is Order.START and one.settled_at]
    return max(starts, default=None)


def _drew(report: Observation) -> bool:
    return isinstance(report.fact, ChargeState) and report.fact.drawing
