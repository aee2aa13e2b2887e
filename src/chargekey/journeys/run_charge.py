"""A car charges tonight: noticed at plug-in, planned, told when to draw, looked at before and after.

One timer a vehicle brings everything: look, decide (`domain/charging`), act, look again. Whatever stopped us in
between, the next run starts from what is written down and from a fresh look.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from chargekey.domain.car_schedules import SchedulesInCar
from chargekey.domain.charging import Outlook, is_waking, next_boundary, next_order, waits_for_window, woke
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import (
    ChargeState,
    Listed,
    Observation,
    Source,
)
from chargekey.domain.findings import MobileAccess
from chargekey.domain.journey import Proof, proof_of_key
from chargekey.domain.key_watch import KeyWatch, is_open
from chargekey.domain.night import Command, Order, Wish
from chargekey.domain.spend import start_cost_micro
from chargekey.domain.vehicle import Reach
from chargekey.journeys.keep_to_budget import KeepToBudget
from chargekey.journeys.lasting_faults import again_after, told_for_good, told_of_account
from chargekey.journeys.look_at_car import LookAtCar
from chargekey.journeys.plan_charge import PlanCharge
from chargekey.journeys.scene import (
    Scene,
    agreed_schedules,
    charge_as_ordered,
    charge_before_look,
    load,
    outlook_of,
    rolls_over_at,
    sleeps_with_its_plan,
)
from chargekey.journeys.send_command import SendCommand
from chargekey.journeys.standing import about_vehicle, whereabouts
from chargekey.journeys.teach_car import ABOUT_SCHEDULES, TeachCar, is_to_be_woken, keeps_hours
from chargekey.journeys.try_plain import TryPlain
from chargekey.journeys.worth_a_look import (
    AFTER_AN_ORDER,
    LOOK_EVERY,
    LookFor,
    glanced_at_after,
    next_news_after,
    why_look,
)
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.faults import (
    Asleep,
    BudgetSpent,
    Busy,
    ConsentGone,
    Fault,
    KeyMissing,
    MobileAccessOff,
    MustBeSigned,
    ScopeMissing,
    TakenOver,
    TakesPlain,
    VehicleGone,
)
from chargekey.ports.jobs import Work
from chargekey.ports.store import Store
from chargekey.ports.tesla import TeslaVehicles

GLANCE_EVERY: Final = timedelta(minutes=5)
"""The free look that tells awake from asleep; plugging in wakes a car."""
GLANCE_WHILE_PLUGGED_IN: Final = timedelta(minutes=10)
GLANCE_WHILE_WATCHED: Final = timedelta(seconds=15)
GLANCE_WHILE_LEFT_OPEN: Final = timedelta(seconds=60)
"""A page that has been open for five minutes is left open rather than watched."""
FRESHLY_OPEN_FOR: Final = timedelta(minutes=5)
WHILE_WAKING: Final = timedelta(seconds=15)
TELLS_WITHIN: Final = timedelta(minutes=1)
"""Of plug-in a car tells by how many phases it draws: it says *starting* for some seconds, and of phases nothing."""


class RunCharge:
    """Tends plugged-in vehicles."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bus: Bus,
        vehicles: TeslaVehicles,
        car: LookAtCar,
        sender: SendCommand,
        planner: PlanCharge,
        plain: TryPlain,
        budget: KeepToBudget,
        teacher: TeachCar,
    ) -> None:
        self._store, self._clock, self._bus = store, clock, bus
        self._vehicles, self._car, self._sender, self._planner = vehicles, car, sender, planner
        self._plain, self._budget, self._teacher = plain, budget, teacher

    async def tend(self, vehicle_id: int) -> None:
        """The timer's work. Arms itself again as long as there is something to charge.

        One that was stopped for longer than its lease writes nothing any more: `TakenOver`.
        """
        async with self._store.unit() as unit:
            open_commands = await self._sender.take_up(unit, vehicle_id)
            scene = await load(unit, vehicle_id)
        if scene is None:
            await self._plain.tend(vehicle_id, open_commands)
            return
        try:
            scene = await self._look(scene, must=any(one.delivery is Delivery.UNKNOWN for one in open_commands))
            if open_commands:
                await self._settle(scene, open_commands)
                scene = await self._again(scene)
            scene = await self._keep_night(scene)
            again_at = await self._act(scene) if scene.night else self._next_glance(scene)
        except TakenOver:
            raise  # whoever has the car now looks and arms
        except (ConsentGone, VehicleGone, KeyMissing, MustBeSigned, TakesPlain) as fault:
            await self._write(told_for_good(fault, scene.vehicle, self._clock.now()))
            again_at = self._clock.now() + GLANCE_EVERY
        except (Asleep, Busy):
            again_at = self._clock.now() + WHILE_WAKING
        except MobileAccessOff as off:
            now, is_off = self._clock.now(), MobileAccess(allowed=False)
            await self._write(Observation(about_vehicle(vehicle_id), is_off, now, Source.TESLA, off.request_id))
            again_at = self._clock.now() + LOOK_EVERY
        except BudgetSpent as spent:
            await self._budget.ran_out(scene.vehicle)
            again_at = self._clock.now() + again_after(spent)
        except ScopeMissing:  # Tesla says so at random, too: the next fresh token tells what is granted
            again_at = self._clock.now() + LOOK_EVERY
        except Fault as fault:
            await self._write(*told_of_account(fault, scene.vehicle.grant_id, self._clock.now()))
            again_at = self._clock.now() + again_after(fault)
        async with self._store.unit() as unit:
            await unit.timers.run_again(Work.TEND_VEHICLE, vehicle_id, again_at)
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
            due = now if not was_open else now + _pause_while_open(fresh, now)
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

    async def _again(self, scene: Scene) -> Scene:
        async with self._store.unit() as unit:
            return await load(unit, scene.vehicle.id) or scene

    # ── look ─────────────────────────────────────────────────────

    async def _look(self, scene: Scene, *, must: bool) -> Scene:
        """The free look, and the billed one when the car is awake and something may have changed."""
        vehicle, about = scene.vehicle, about_vehicle(scene.vehicle.id)
        glance = await self._vehicles.glance(vehicle.grant_id, vehicle.vin)
        now = self._clock.now()
        news = [Observation(about, glance.value, now, Source.TESLA, glance.request_id)]
        why = await self._why_look(scene, now, must=must) if glance.value.reach is Reach.ONLINE else None
        if why:
            for_order, before = why is LookFor.ORDER, charge_before_look(scene)
            try:
                news += (await self._car.look(vehicle, scene.grant_seen, before, for_order=for_order)).all
            except Asleep:
                news.append(Observation(about, replace(glance.value, reach=Reach.ASLEEP), now, Source.TESLA))
        async with self._store.unit() as unit:
            is_asked_for_more = await unit.timers.hold_on()
            await unit.evidence.append(news)
            is_as_it_was = [one.fact for one in news] == [scene.seen.fact(Listed)]
            if is_as_it_was and not is_asked_for_more:  # whoever changes the rest of the scene sets the timer
                return replace(scene, seen=scene.seen.with_added(news))
            return await load(unit, vehicle.id) or scene

    async def _why_look(self, scene: Scene, now: datetime, *, must: bool) -> LookFor | None:
        """What a billed look is for, as far as the car may say something new and the budget pays for it."""
        if must:
            return LookFor.ORDER
        degree = await self._budget.degree(scene.vehicle, scene.night, scene.seen.when(ChargeState))
        charge = charge_as_ordered(scene)
        until = await self._until_target(scene, charge) if charge and charge.drawing else None
        return why_look(scene, outlook_of(scene, now), until, degree)

    async def _until_target(self, scene: Scene, charge: ChargeState) -> timedelta:
        """How long after its last word a drawing car may have reached the target."""
        return await self._planner.until_target(
            scene.vehicle, scene.night, scene.settings, charge, scene.target_percent
        )

    async def _settle(self, scene: Scene, open_commands: Sequence[Command]) -> None:
        """What the look says of commands whose answer was lost; an older look says nothing of them."""
        charge, looked_at = scene.seen.fact(ChargeState), scene.seen.when(ChargeState)
        glance, glanced_at = scene.seen.fact(Listed), scene.seen.when(Listed)
        for command in open_commands:
            if command.delivery is not Delivery.UNKNOWN or command.sent_at is None:
                continue
            if command.order is Order.WAKE and glance and glanced_at:
                is_awake = woke(command.sent_at, glance.reach, glanced_at)
                if is_awake is not None:
                    await self._sender.settle_wake(command, is_awake=is_awake)
            elif charge and looked_at and looked_at > command.sent_at:
                if command.order not in ABOUT_SCHEDULES:
                    await self._sender.settle(command, charge)
                    continue
                told, told_at = scene.seen.fact(SchedulesInCar), scene.seen.when(SchedulesInCar)
                await self._sender.settle_schedule(command, told if told_at == looked_at else None)

    async def _keep_night(self, scene: Scene) -> Scene:
        """Begin or end the night by what was seen of the cable, and plan what is not yet planned."""
        charge, looked_at = scene.seen.fact(ChargeState), scene.seen.when(ChargeState)
        if charge is None or looked_at is None:
            return scene
        is_in = charge.plugged_in and charge.at_home is not False
        over = rolls_over_at(scene)
        if is_in is (scene.night is None) or (over and over <= self._clock.now()):
            async with self._store.unit() as unit:
                await unit.timers.hold_on()
                if scene.night:
                    if held := agreed_schedules(scene, self._clock.now()):
                        said = Observation(about_vehicle(scene.vehicle.id), held, self._clock.now(), Source.CAR)
                        await unit.evidence.append([said])
                    await unit.nights.end_night(scene.night.id, over if is_in and over else looked_at)
                    await unit.timers.set_no_later(Work.BOOK_NIGHTS, scene.vehicle.id, self._clock.now())
                if is_in:
                    begun = await unit.nights.begin_night(scene.vehicle.id, over or looked_at)
                    if scene.night and over and scene.night.wished_at > over:  # pressed while Tesla was away
                        await unit.nights.wish(begun.id, scene.night.wish, scene.night.wished_at)
                scene = await load(unit, scene.vehicle.id) or scene
        if scene.night and await self._planner.keep_planned(
            scene.vehicle,
            scene.night,
            scene.plan,
            scene.settings,
            charge_as_ordered(scene) or charge,
            looked_at,
            start_cost_micro=partial(self._start_cost_micro, scene),
            sleeps_with_it=sleeps_with_its_plan(scene, self._clock.now()),
        ):
            scene = await self._again(scene)
        return scene

    async def _start_cost_micro(self, scene: Scene) -> int:
        degree = await self._budget.degree(scene.vehicle, scene.night, scene.seen.when(ChargeState))
        return start_cost_micro(scene.settings.tariff.currency, keeps_hours=keeps_hours(scene), degree=degree)

    # ── act ──────────────────────────────────────────────────────

    async def _act(self, scene: Scene) -> datetime:
        """Tell the car what it should do and does not; returns when to look again."""
        now = self._clock.now()
        if await self._is_about_to_tell(scene, now):
            return now + AFTER_AN_ORDER
        if next_order(outlook_of(scene, now)) in (None, Order.STOP) and await self._teacher.teach(scene):
            scene, now = await self._again(scene), self._clock.now()
        if any(command.delivery is Delivery.UNKNOWN for command in scene.commands):
            return now + WHILE_WAKING
        outlook = outlook_of(scene, now)
        order = next_order(outlook) or (Order.WAKE if is_to_be_woken(scene, now) else None)
        current_a = outlook.current_a if order is Order.SET_CURRENT else None
        drafts = [one for one in scene.commands if one.delivery is Delivery.DRAFTED]
        draft = next((one for one in drafts if (one.order, one.current_a) == (order, current_a)), None)
        for command in drafts:
            if command != draft and command.order not in ABOUT_SCHEDULES:
                await self._sender.drop(command)
        if order is None:
            return await self._next_look(scene, outlook)
        if draft is None:
            night_id = scene.night.id if scene.night else None
            draft = await self._sender.draft(scene.vehicle, night_id, order, current_a)
        signed = proof_of_key(scene.vehicle.vin, scene.seen) is not Proof.NOT_NEEDED
        await self._sender.send(scene.vehicle, draft, signed=signed)
        return now + (
            WHILE_WAKING if order is Order.WAKE else timedelta(0) if order is Order.SET_CURRENT else AFTER_AN_ORDER
        )

    async def _is_about_to_tell(self, scene: Scene, now: datetime) -> bool:
        """Whether a car of which nobody knows what it draws has just begun to: so it is left to it until it says.

        At rest it would not tell, and on one phase a plan for three begins hours too late.
        """
        charge, night = scene.seen.fact(ChargeState), scene.night
        if charge is None or night is None or night.wish is not Wish.PLAN:
            return False
        if not charge.drawing or charge.phases is not None:
            return False
        is_new = now - night.plugged_in_at < TELLS_WITHIN
        return is_new and not await self._planner.has_learnt_power(scene.vehicle, night)

    async def _next_look(self, scene: Scene, outlook: Outlook) -> datetime:
        now = outlook.now
        pause = glanced_at_after(scene, now, GLANCE_WHILE_PLUGGED_IN)
        if scene.watch and is_open(scene.watch, now):
            pause = _pause_while_open(scene.watch, now)
        elif outlook.charge and outlook.charge.drawing:
            since = now - (outlook.looked_at or now)
            left = next_news_after(outlook, await self._until_target(scene, outlook.charge)) - since
            was_due = left <= timedelta() and outlook.reach is Reach.ONLINE  # but the budget does not pay for it
            pause = GLANCE_WHILE_PLUGGED_IN if was_due else max(WHILE_WAKING, left)
        if is_waking(outlook) or (waits_for_window(outlook) and outlook.reach is not Reach.ONLINE):
            pause = WHILE_WAKING
        moments = [now + pause, next_boundary(outlook), rolls_over_at(scene)]
        return min(moment for moment in moments if moment and moment > now)

    def _next_glance(self, scene: Scene) -> datetime:
        """While nothing is plugged in."""
        now, watch = self._clock.now(), scene.watch
        if watch and is_open(watch, now):
            return now + _pause_while_open(watch, now)
        return now + glanced_at_after(scene, now, GLANCE_EVERY)

    async def _write(self, *seen: Observation) -> None:
        async with self._store.unit() as unit:
            await unit.timers.hold_on()
            await unit.evidence.append(seen)


def _pause_while_open(watch: KeyWatch, now: datetime) -> timedelta:
    return GLANCE_WHILE_WATCHED if now - watch.opened_at < FRESHLY_OPEN_FOR else GLANCE_WHILE_LEFT_OPEN
