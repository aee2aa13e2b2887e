"""A car charges tonight: noticed at plug-in, planned, told when to draw, looked at before and after.

One timer a vehicle brings everything: look, decide (`domain/charging`), act, look again. Whatever stopped us in
between, the next run starts from what is written down and from a fresh look.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.charging import Outlook, next_boundary, next_order, waits_for_window
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import (
    ChargeState,
    ConsentEnded,
    Handshake,
    Listed,
    NotListed,
    Observation,
    PlainCommandsTaken,
    ScopesGranted,
    Seen,
    Source,
)
from chargekey.domain.grant import Scope
from chargekey.domain.journey import Proof, Step, proof_of_key
from chargekey.domain.key_watch import KeyWatch, is_open
from chargekey.domain.night import Command, Night, Order, Wish
from chargekey.domain.vehicle import Reach
from chargekey.journeys.plan_charge import PlanCharge, windows_wanted
from chargekey.journeys.send_command import SendCommand
from chargekey.journeys.standing import Whereabouts, about_grant, about_vehicle, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.charge_log import ChargeSettings, KeptPlan
from chargekey.ports.clock import Clock
from chargekey.ports.faults import (
    Asleep,
    Busy,
    ConsentGone,
    Fault,
    KeyMissing,
    MustBeSigned,
    TakesPlain,
    VehicleGone,
)
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tesla import TeslaVehicles

GLANCE_EVERY: Final = timedelta(minutes=5)
"""The free look that tells awake from asleep; plugging in wakes a car."""
LOOK_EVERY: Final = timedelta(minutes=15)
"""The billed look at an awake car. A car that sleeps does not change, so its last word stands."""
LOOK_WHILE_CHARGING: Final = timedelta(minutes=30)
LOOK_WHILE_WATCHED: Final = timedelta(seconds=60)
GLANCE_WHILE_WATCHED: Final = timedelta(seconds=15)
AFTER_AN_ORDER: Final = timedelta(seconds=20)
WHILE_WAKING: Final = timedelta(seconds=15)
AFTER_A_FAULT: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A vehicle that is ours to charge, and everything written down about it."""

    vehicle: Vehicle
    seen: Seen
    settings: ChargeSettings
    night: Night | None
    plan: KeptPlan | None
    commands: tuple[Command, ...]
    drew_since_start: bool
    watch: KeyWatch | None
    may_locate: bool


class RunCharge:
    """Tends plugged-in vehicles."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bus: Bus,
        vehicles: TeslaVehicles,
        sender: SendCommand,
        planner: PlanCharge,
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._vehicles, self._sender, self._planner = vehicles, sender, planner

    async def tend(self, vehicle_id: int) -> None:
        """The timer's work. Arms itself again as long as there is something to charge."""
        open_commands = await self._sender.take_up(vehicle_id)
        scene = await self._scene(vehicle_id)
        if scene is None:
            return
        try:
            scene = await self._look(scene, must=any(one.delivery is Delivery.UNKNOWN for one in open_commands))
            await self._settle(scene, open_commands)
            scene = await self._keep_night(await self._again(scene))
            again_at = await self._act(scene) if scene.night else None
        except (ConsentGone, VehicleGone, KeyMissing, MustBeSigned, TakesPlain) as fault:
            await self._write_down(scene.vehicle, fault)
            again_at = self._clock.now() + GLANCE_EVERY
        except (Asleep, Busy):
            again_at = self._clock.now() + WHILE_WAKING
        except Fault as fault:
            if not fault.worth_repeating and not fault.may_have_happened:
                raise
            again_at = self._clock.now() + AFTER_A_FAULT
        await self._arm(vehicle_id, again_at)
        self._bus.changed(scene.vehicle.driver_id)

    async def page_is_open(self, driver_id: int) -> None:
        """Some page shows tonight: look more often, as long as it does."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            if here.vehicle is None or here.settings is None:
                return
            watch = await unit.settings.key_watch(here.vehicle.id)
            was_open = watch is not None and is_open(watch, now)
            fresh = watch if watch and was_open else KeyWatch(now, now, None)
            await unit.settings.save_key_watch(here.vehicle.id, replace(fresh, last_open_at=now))
            due = now if not was_open else now + GLANCE_WHILE_WATCHED
            await unit.timers.set_no_later(Work.TEND_VEHICLE, here.vehicle.id, due)

    async def wish(self, driver_id: int, wish: Wish) -> None:
        """The driver presses *charge now*, *stop*, *skip tonight* or *go on with the plan*."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            night = await unit.nights.open_night(here.vehicle.id) if here.vehicle else None
            if here.vehicle is None or night is None:
                return
            await unit.nights.wish(night.id, wish, now)
            await unit.timers.set(Work.TEND_VEHICLE, here.vehicle.id, now)
        self._bus.changed(driver_id)

    # ── what is written down ─────────────────────────────────────

    async def _scene(self, vehicle_id: int) -> _Scene | None:
        async with self._store.unit() as unit:
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
            granted = here.grant_seen.fact(ScopesGranted)
        return _Scene(
            vehicle=vehicle,
            seen=here.vehicle_seen,
            settings=here.settings,
            night=night,
            plan=plan,
            commands=commands,
            drew_since_start=drew,
            watch=watch,
            may_locate=bool(granted and Scope.VEHICLE_LOCATION in granted.scopes),
        )

    async def _again(self, scene: _Scene) -> _Scene:
        return await self._scene(scene.vehicle.id) or scene

    # ── look ─────────────────────────────────────────────────────

    async def _look(self, scene: _Scene, *, must: bool) -> _Scene:
        """The free look, and the billed one when the car is awake and something may have changed."""
        vehicle, about = scene.vehicle, about_vehicle(scene.vehicle.id)
        glance = await self._vehicles.glance(vehicle.grant_id, vehicle.vin)
        now = self._clock.now()
        news = [Observation(about, glance.value, now, Source.TESLA, glance.request_id)]
        if glance.value.reach is Reach.ONLINE and (must or self._is_worth_paying(scene, now)):
            try:
                look = await self._vehicles.charge_state(vehicle.grant_id, vehicle.vin, with_location=scene.may_locate)
                news.append(Observation(about, look.value, self._clock.now(), Source.CAR, look.request_id))
            except Asleep:
                news.append(Observation(about, replace(glance.value, reach=Reach.ASLEEP), now, Source.TESLA))
        async with self._store.unit() as unit:
            await unit.evidence.append(news)
        return await self._again(scene)

    def _is_worth_paying(self, scene: _Scene, now: datetime) -> bool:
        """Whether the car may say something new: see the constants of this room."""
        looked_at, charge = scene.seen.when(ChargeState), scene.seen.fact(ChargeState)
        before = scene.seen.fact(Listed)
        if looked_at is None or charge is None or before is None or before.reach is not Reach.ONLINE:
            return True
        if any(one.settled_at and one.settled_at >= looked_at for one in scene.commands):
            return True
        outlook = _outlook(scene, now)
        if next_order(outlook) is not None:
            return now - looked_at > AFTER_AN_ORDER
        if scene.watch and is_open(scene.watch, now):
            return now - looked_at >= LOOK_WHILE_WATCHED
        return now - looked_at >= (LOOK_WHILE_CHARGING if charge.drawing else LOOK_EVERY)

    async def _settle(self, scene: _Scene, open_commands: Sequence[Command]) -> None:
        """What the look says of commands whose answer was lost; an older look says nothing of them."""
        charge, looked_at = scene.seen.fact(ChargeState), scene.seen.when(ChargeState)
        for command in open_commands:
            is_newer = bool(looked_at and command.sent_at and looked_at > command.sent_at)
            if command.delivery is Delivery.UNKNOWN and charge and is_newer:
                await self._sender.settle(command, charge)

    async def _keep_night(self, scene: _Scene) -> _Scene:
        """Begin or end the night by what was seen of the cable, and plan what is not yet planned."""
        charge, looked_at = scene.seen.fact(ChargeState), scene.seen.when(ChargeState)
        if charge is None or looked_at is None:
            return scene
        is_in = charge.plugged_in and charge.at_home is not False
        async with self._store.unit() as unit:
            if is_in and scene.night is None:
                await unit.nights.begin_night(scene.vehicle.id, looked_at)
            elif not is_in and scene.night:
                await unit.nights.end_night(scene.night.id, looked_at)
            elif scene.night and (over := _rolls_over_at(scene)) and over <= self._clock.now():
                await unit.nights.end_night(scene.night.id, over)
                await unit.nights.begin_night(scene.vehicle.id, over)
        scene = await self._again(scene)
        if scene.night and await self._planner.keep_planned(scene.vehicle, scene.night, scene.settings, charge):
            scene = await self._again(scene)
        return scene

    # ── act ──────────────────────────────────────────────────────

    async def _act(self, scene: _Scene) -> datetime | None:
        """Tell the car what it should do and does not; returns when to look again."""
        now = self._clock.now()
        outlook = _outlook(scene, now)
        order = next_order(outlook)
        for command in scene.commands:
            if command.delivery is Delivery.UNKNOWN:
                return now + WHILE_WAKING
            if command.delivery is Delivery.DRAFTED and command.order is not order:
                await self._sender.drop(command)
        if order is None:
            return self._next_look(scene, outlook)
        draft = next((one for one in scene.commands if one.delivery is Delivery.DRAFTED and one.order is order), None)
        if draft is None:
            current_a = scene.settings.current_a if order is Order.SET_CURRENT else None
            night_id = scene.night.id if scene.night else None
            draft = await self._sender.draft(scene.vehicle, night_id, order, current_a)
        signed = proof_of_key(scene.vehicle.vin, scene.seen) is not Proof.NOT_NEEDED
        await self._sender.send(scene.vehicle, draft, signed=signed)
        return now + (
            WHILE_WAKING if order is Order.WAKE else timedelta(0) if order is Order.SET_CURRENT else AFTER_AN_ORDER
        )

    def _next_look(self, scene: _Scene, outlook: Outlook) -> datetime:
        now = outlook.now
        pause = GLANCE_EVERY
        if scene.watch and is_open(scene.watch, now):
            pause = GLANCE_WHILE_WATCHED
        elif outlook.charge and outlook.charge.drawing:
            pause = min(LOOK_WHILE_CHARGING, self._planner.until_target(scene.vehicle, scene.settings, outlook.charge))
        if waits_for_window(outlook) and outlook.reach is not Reach.ONLINE:
            pause = WHILE_WAKING
        moments = [now + pause, next_boundary(outlook), _rolls_over_at(scene)]
        return min(moment for moment in moments if moment and moment > now)

    async def _arm(self, vehicle_id: int, again_at: datetime | None) -> None:
        scene = await self._scene(vehicle_id)
        if scene is None:
            return
        now = self._clock.now()
        watched = scene.watch and is_open(scene.watch, now)
        due = again_at or now + (GLANCE_WHILE_WATCHED if watched else GLANCE_EVERY)
        async with self._store.unit() as unit:
            await unit.timers.set(Work.TEND_VEHICLE, vehicle_id, due)

    async def _write_down(self, vehicle: Vehicle, fault: Fault) -> None:
        """A fault that says something lasting about the grant, the car or the key."""
        now, about = self._clock.now(), about_vehicle(vehicle.id)
        told = {
            ConsentGone: Observation(
                about_grant(vehicle.grant_id), ConsentEnded(fault.detail), now, Source.TESLA, fault.request_id
            ),
            VehicleGone: Observation(about, NotListed(), now, Source.TESLA, fault.request_id),
            KeyMissing: Observation(about, Handshake(False), now, Source.CAR, fault.request_id),
            MustBeSigned: Observation(about, Handshake(False), now, Source.TESLA, fault.request_id),
            TakesPlain: Observation(about, PlainCommandsTaken(), now, Source.TESLA, fault.request_id),
        }
        async with self._store.unit() as unit:
            await unit.evidence.append([told[type(fault)]])


def _outlook(scene: _Scene, now: datetime) -> Outlook:
    listed = scene.seen.fact(Listed)
    night = scene.night
    return Outlook(
        now=now,
        wish=night.wish if night else Wish.PLAN,
        wished_at=night.wished_at if night else now,
        windows=windows_wanted(scene.plan),
        target_percent=scene.settings.goal.target_percent,
        reach=listed.reach if listed else Reach.UNKNOWN,
        charge=scene.seen.fact(ChargeState) if night else None,
        looked_at=scene.seen.when(ChargeState),
        commands=scene.commands,
        current_a=scene.settings.current_a,
        drew_since_start=scene.drew_since_start,
    )


def _rolls_over_at(scene: _Scene) -> datetime | None:
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
