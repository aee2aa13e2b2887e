"""A driver says when he leaves and what power costs; every plug-in gets the cheapest plan that is ready by then."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.aim import Aim, aim_at, goal_tonight, ready_by_of
from chargekey.domain.battery import FULL_CURRENT_A, LEAST_CURRENT_A, near_full
from chargekey.domain.evidence import ChargeState, Charging, Observation
from chargekey.domain.goal import ChargeGoal, nights_to_higher_goals, target_at
from chargekey.domain.learnt import DrawKnown, Learnt, draw_known
from chargekey.domain.lesson import Taper, set_to_a
from chargekey.domain.market import Market
from chargekey.domain.night import Night, Wish
from chargekey.domain.planning.by_sun import with_sun
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.filling import Filling
from chargekey.domain.planning.problem import SECOND, NightAhead, PlanProblem, Weighing, pose
from chargekey.domain.planning.sun import Level, levels_below
from chargekey.domain.surplus import Surplus
from chargekey.domain.tariff import (
    GUESSED_FROM_DAYS,
    DayAheadTariff,
    Prices,
    PriceSlot,
    quarter_hours,
    with_guesses,
)
from chargekey.domain.warming import WarmUp, expected_s, left_s
from chargekey.journeys.learn_of_car import learnt_before
from chargekey.journeys.plan_anew import is_off_course, is_worth_a_wake, rests_on_other
from chargekey.journeys.standing import about_vehicle, whereabouts
from chargekey.ports.bus import Bus
from chargekey.ports.carbon import CarbonIntensity
from chargekey.ports.charge_log import ChargeSettings, KeptPlan
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tariffs import Tariffs

A_DAY: Final = timedelta(days=1)
LOOKS_AHEAD: Final = timedelta(days=4)
"""From plug-in: so far later goals are looked at. A week's shape says little about a day further off."""
GUESSED_FROM: Final = (GUESSED_FROM_DAYS + 1) * A_DAY
STANDS_IN_MICRO: Final = 0
"""In place of a price where none is known, the same for every hour: the planner needs one, and no page shows it
(`PlanProblem.knows_a_price`)."""
LOOK_AGAIN: Final = timedelta(minutes=1)
MORE_THAN_NEEDED: Final = timedelta(hours=2)
"""A car that rests for weeks loses charge meanwhile, about a percent a day, and is not looked at while it sleeps: so
much earlier its rest ends than what it last told would need."""
SINGLE_PHASE_ABOVE_A: Final = 16
"""In Europe more than 16 A means one phase (smart-charging §6.3); said only while the car does not tell."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What the car draws at the wall, how much of it arrives, how much fits, and where power falls near full.

    `taper` None: that is assumed. `levels`: what it draws at fewer amps, where the driver has sun to go by.
    `warm_up_s`: how long it draws before anything arrives.
    """

    power_w: int
    efficiency_percent: int
    usable_wh: int
    taper: Taper | None = None
    levels: tuple[Level, ...] = ()
    warm_up_s: int = 0

    @property
    def filling(self) -> Filling:
        """The battery being filled by it, weaker near full."""
        measured = (self.taper.from_percent, self.taper.left_percent) if self.taper else None
        weakens = near_full(self.power_w, self.efficiency_percent, measured)
        return Filling(self.usable_wh, self.power_w, self.efficiency_percent, weakens, self.warm_up_s)

    def takes(self, start_percent: int, end_percent: int) -> timedelta:
        """How long it draws between two states of charge; nothing where the battery holds as much already."""
        return timedelta(seconds=self.filling.full_ws(start_percent, end_percent) / self.power_w)


@dataclass(frozen=True, slots=True)
class Cold:
    """How long a night's first start warms the battery, and what the car has said since it was plugged in."""

    expected_s: int
    tonight: tuple[Observation, ...]

    def left_s(self, moment: datetime) -> int:
        """What of it was still to come then."""
        return left_s(self.expected_s, self.tonight, moment)

    def of(self, problem: PlanProblem) -> PlanProblem:
        """The same night for a battery that has so much of it before it."""
        ahead = tuple(replace(night, warm_up_s=self.expected_s) for night in problem.ahead)
        return replace(problem, warm_up_s=self.left_s(problem.now), ahead=ahead)


class NotSetUp(Exception):
    """There is no car to plan for yet."""


class PlanCharge:
    """Keeps the driver's settings, and a plan for every night."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, tariffs: Tariffs, carbon: CarbonIntensity) -> None:
        self._store, self._clock, self._bus, self._tariffs, self._carbon = store, clock, bus, tariffs, carbon
        self._learnt: dict[int, tuple[int, Learnt]] = {}

    async def settings(self, driver_id: int) -> ChargeSettings | None:
        """What the driver said of his chosen car, None until he did."""
        async with self._store.unit() as unit:
            return (await whereabouts(unit, driver_id)).settings

    @property
    def markets(self) -> Sequence[Market]:
        """Where prices by the hour come from here, if they are to be had at all; the home's own first."""
        return self._tariffs.markets

    @property
    def weighs_carbon(self) -> bool:
        """Whether somebody tells here how clean power is."""
        return bool(self._carbon.source)

    async def can_go_by_the_hour(self) -> Sequence[Market]:
        """The markets whose prices are to be had for a day from now: with no other is a plan to be begun."""
        return [one for one in self.markets if await self._is_to_be_had(one)]

    async def _is_to_be_had(self, market: Market) -> bool:
        now, bare = self._clock.now(), DayAheadTariff(0, 0, market.currency, market.name)
        return (await self._tariffs.prices(bare, now, now + A_DAY, now)).will_reach(now + A_DAY)

    async def save(self, driver_id: int, settings: ChargeSettings) -> None:
        """Keep what the driver wants, and look at once whether it changes tonight. Raises `NotSetUp`."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            here = await whereabouts(unit, driver_id)
            if here.vehicle is None:
                raise NotSetUp
            await unit.settings.save_settings(here.vehicle.id, settings, now)
            await unit.timers.set(Work.TEND_VEHICLE, here.vehicle.id, now)
        self._bus.changed(driver_id)

    async def keep_planned(
        self,
        vehicle: Vehicle,
        night: Night,
        present: KeptPlan | None,
        settings: ChargeSettings,
        charge: ChargeState,
        looked_at: datetime,
        *,
        start_cost_micro: Callable[[], Awaitable[int]],
        sleeps_with_it: bool = False,
    ) -> bool:
        """Make a plan if there is none, or if what it rests on has changed; returns whether one was made.

        `present` is the night's plan until now. `sleeps_with_it`: the car has it as schedules of its own and sleeps,
        so that another plan costs a wake: where only prices changed, it has to save more than that. `charge` is what
        the car said at `looked_at`; what it drew since is reckoned. `start_cost_micro`: what a
        start is worth not to have; asked only where a plan is made.
        """
        now, goal = self._clock.now(), settings.goal
        ready_by = ready_by_of(goal, night, now)
        if ready_by is None or charge.soc_percent is None or ready_by <= now:
            return False
        learnt = await self._learnt_before(vehicle, night)
        cold = await self._cold(vehicle, night, charge, present, learnt)
        draw, at_present = (
            replace(of(vehicle, settings, charge, learnt), warm_up_s=cold.left_s(looked_at))
            for of in (draw_of, _draw_at_present)
        )
        needs = draw.takes(charge.soc_percent, target_at(goal, ready_by)) + MORE_THAN_NEEDED
        aim = aim_at(goal, ready_by, now, needs=needs, looks_ahead_until=night.plugged_in_at + LOOKS_AHEAD)
        most_percent = target_tonight(settings, present, aim.due, night.wish)
        soc_percent = _soc_now(charge, at_present, most_percent, now - looked_at)
        problem = await self._problem(draw, settings, charge, soc_percent, aim, present)
        problem = await self._with_sun(cold.of(problem), vehicle, settings, draw, aim.nights[-1][1])
        is_short = charge.charging is not Charging.COMPLETE and present and is_off_course(present, problem)
        if present and not rests_on_other(present.problem, problem) and not is_short:
            return await self._is_due_otherwise(night, aim.due)  # as full as it may be is not short, whatever it told
        problem = replace(problem, start_cost_micro=await start_cost_micro())
        plan = cheapest(problem)
        if present and sleeps_with_it and not is_worth_a_wake(present, problem, plan):
            return False
        async with self._store.unit() as unit:
            await unit.nights.set_ready_by(night.id, aim.due)
            await unit.nights.keep_plan(night.id, problem, plan, now)
        return True

    async def _is_due_otherwise(self, night: Night, due: datetime) -> bool:
        """Whether only its end is another: a rest may last longer or shorter and tonight's plan stay what it is."""
        if night.ready_by == due:
            return False
        async with self._store.unit() as unit:
            await unit.nights.set_ready_by(night.id, due)
        return True

    async def until_target(
        self, vehicle: Vehicle, night: Night | None, settings: ChargeSettings, charge: ChargeState, target_percent: int
    ) -> timedelta:
        """How long the car will draw until it reaches the target; a minute at least."""
        learnt = await self._learnt_before(vehicle, night)
        draw = _draw_at_present(vehicle, settings, charge, learnt)
        return max(LOOK_AGAIN, draw.takes(charge.soc_percent or 0, target_percent))

    async def warm_up(self, vehicle: Vehicle, night: Night, present: KeptPlan | None, charge: ChargeState) -> WarmUp:
        """How long tonight's next start would warm the battery first."""
        learnt = await self._learnt_before(vehicle, night)
        cold = await self._cold(vehicle, night, charge, present, learnt)
        nights = learnt.warm_up_s.nights if learnt.warm_up_s and learnt.warm_up_s.value else 0
        return WarmUp(timedelta(seconds=cold.left_s(self._clock.now())), nights)

    async def _cold(
        self, vehicle: Vehicle, night: Night, charge: ChargeState, present: KeptPlan | None, learnt: Learnt
    ) -> Cold:
        """What the car said tonight is read only where something speaks for a cold battery."""
        learnt_s = learnt.warm_up_s.value if learnt.warm_up_s else None
        is_cold = learnt_s or charge.heating_battery or (present is not None and present.problem.is_cold)
        if not is_cold:
            return Cold(0, ())
        async with self._store.unit() as unit:
            told = await unit.evidence.since(about_vehicle(vehicle.id), ChargeState, night.plugged_in_at)
        tonight = tuple(one for one in told if one.observed_at >= night.plugged_in_at)
        return Cold(expected_s(learnt_s, tonight), tonight)

    async def has_learnt_power(self, vehicle: Vehicle, night: Night) -> bool:
        """Whether some earlier night has shown what this car draws at home."""
        return bool((await self._learnt_before(vehicle, night)).power_w)

    async def _learnt_before(self, vehicle: Vehicle, night: Night | None) -> Learnt:
        """What is learnt stands still while a night lasts, so that it is read once a night. None: as of now."""
        number, known = night.id if night else 0, self._learnt.get(vehicle.id)
        if known is None or known[0] != number or night is None:
            moment = night.plugged_in_at if night else self._clock.now()
            async with self._store.unit() as unit:
                known = number, await learnt_before(unit, vehicle, moment)
            self._learnt[vehicle.id] = known
        return known[1]

    async def _problem(
        self,
        draw: Draw,
        settings: ChargeSettings,
        charge: ChargeState,
        soc_percent: int,
        aim: Aim,
        present: KeptPlan | None,
    ) -> PlanProblem:
        (now, ready_by), goal, end = aim.nights[0], settings.goal, aim.nights[-1][1]
        known = await self._tariffs.prices(settings.tariff, now - A_DAY, end, now)
        is_over = known.none_after is not None and known.none_after <= now  # then all hours are alike
        if known.known_until < end and not is_over:
            known = await self._tariffs.prices(settings.tariff, now - GUESSED_FROM, end, now)
        prices = _to_the_end(with_guesses(known, end), now, end)
        running = present.plan.windows if present else ()
        return pose(
            prices,
            now=now,
            ready_by=ready_by,
            soc_percent=soc_percent,
            target_percent=goal.minimum_percent if aim.rests else target_at(goal, ready_by),
            minimum_percent=goal.minimum_percent,
            usable_wh=draw.usable_wh,
            ac_power_w=draw.power_w,
            efficiency_percent=draw.efficiency_percent,
            charging=charge.drawing,
            running=tuple(window for window in running if window.end > now),
            carbon=await self._carbon.carbon(now, ready_by, now),
            weakens=draw.filling.weakens,
            ahead=tuple(
                NightAhead(target_at(goal, to), quarter_hours(prices, back, to)) for back, to in aim.nights[1:]
            ),
            weighing=Weighing(settings.carbon_micro_per_kg, cap_micro_per_kwh=settings.cap_micro_per_kwh),
        )

    async def _with_sun(
        self, problem: PlanProblem, vehicle: Vehicle, settings: ChargeSettings, draw: Draw, end: datetime
    ) -> PlanProblem:
        """The same with what the home has told of its sun, where its driver goes by it."""
        if settings.feed_in_micro_per_kwh is None:
            return problem
        async with self._store.unit() as unit:
            told = await unit.surplus.told(vehicle.id, problem.now, end)
        surplus = Surplus(tuple(one.slot for one in told), settings.feed_in_micro_per_kwh)
        return with_sun(problem, surplus, draw.levels)


def draw_of(vehicle: Vehicle, settings: ChargeSettings, charge: ChargeState | None, learnt: Learnt) -> Draw:
    """By what the car said of cable and current and by what its nights have shown, else by what is usual."""
    draw = draw_at(vehicle, settings.current_a, charge, learnt)
    if not settings.follows_sun:
        return draw
    full_a = current_at(settings.current_a, charge)
    full_w = draw.power_w // full_a * full_a
    below = [(amps, known_at(vehicle, amps, charge, learnt)) for amps in range(LEAST_CURRENT_A, full_a)]
    draws = [(amps, known.power_w.value, known.efficiency_percent.value) for amps, known in below]
    return replace(draw, power_w=full_w, levels=levels_below(full_a, full_w, draws, draw.efficiency_percent))


def _draw_at_present(vehicle: Vehicle, settings: ChargeSettings, charge: ChargeState, learnt: Learnt) -> Draw:
    """Of a car that draws at fewer amps while the sun carries no more."""
    if not settings.follows_sun or not charge.drawing:
        return draw_of(vehicle, settings, charge, learnt)
    return draw_at(vehicle, set_to_a(charge), charge, learnt)


def draw_at(vehicle: Vehicle, wanted_a: int | None, charge: ChargeState | None, learnt: Learnt) -> Draw:
    """The same; `wanted_a` None: whatever the car is set to."""
    known = known_at(vehicle, wanted_a, charge, learnt)
    return Draw(known.power_w.value, known.efficiency_percent.value, known.usable_wh.value, learnt.taper)


def known_at(vehicle: Vehicle, wanted_a: int | None, charge: ChargeState | None, learnt: Learnt) -> DrawKnown:
    """The same, each with whether it is assumed or measured."""
    guessed = 1 if _offered_a(charge) > SINGLE_PHASE_ABOVE_A else 3
    told = charge.phases if charge else None
    return draw_known(vehicle.vin.model, current_at(wanted_a, charge), told, guessed, learnt)


def current_at(wanted_a: int | None, charge: ChargeState | None) -> int:
    """In amps, as far as the cable and the charger allow."""
    offered_a = _offered_a(charge)
    return min(wanted_a or (charge and set_to_a(charge)) or offered_a, offered_a)


def _offered_a(charge: ChargeState | None) -> int:
    return (charge and (charge.current_max_a or charge.current_asked_a)) or FULL_CURRENT_A


def target_tonight(
    settings: ChargeSettings, kept: KeptPlan | None, due: datetime | None, wish: Wish = Wish.PLAN
) -> int:
    """Up to where the car is charged: its goal, and more where the plan charges for goals ahead."""
    goal_percent = goal_tonight(settings.goal, due, wish)
    return max(goal_percent, kept.plan.reached_percent) if kept and kept.problem.ahead else goal_percent


def nights_after(goal: ChargeGoal, ready_by: datetime, plugged_in_at: datetime) -> list[tuple[datetime, datetime]]:
    """The later nights that are looked at in a plan for this one."""
    return nights_to_higher_goals(goal, ready_by, plugged_in_at + LOOKS_AHEAD)


def _soc_now(charge: ChargeState, draw: Draw, most_percent: int, since: timedelta) -> int:
    """What the battery holds now, if a car that drew when it was looked at has drawn on since then."""
    then = charge.soc_percent or 0
    if not charge.drawing or since <= timedelta():
        return then
    reached = draw.filling.percent_after(then, draw.power_w * (since // SECOND))
    return max(then, min(reached, most_percent))


def _to_the_end(prices: Prices, now: datetime, ready_by: datetime) -> Prices:
    """Where no price reaches, the last known one goes on: a car without prices is charged all the same.

    A price that is over is none to go by: hours that nobody knows a price of are all alike.
    """
    end = prices.slots[-1].end if prices.slots else now
    if end >= ready_by:
        return prices
    last = prices.slots[-1].price_micro_per_kwh if end > now else STANDS_IN_MICRO
    slots = (*prices.slots, PriceSlot(end, ready_by, last))
    return replace(prices, slots=slots, known_until=min(prices.known_until, end))
