"""A night reckoned from all that is written down of it: while it lasts for its page, then for the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.account import NightAccount, account
from chargekey.domain.car_schedules import CarSchedule, SchedulesInCar
from chargekey.domain.carbon import Carbon
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Observation
from chargekey.domain.learnt import NOTHING_LEARNT, Learnt
from chargekey.domain.ledger import Figures, Outcome
from chargekey.domain.night import Command, Night, Order, agreed_currents
from chargekey.domain.spend import Billed, bill_micro_usd
from chargekey.domain.surplus import Surplus
from chargekey.domain.tariff import Prices
from chargekey.journeys.learn_of_car import learnt_before
from chargekey.journeys.night_bill import calls_of
from chargekey.journeys.plan_anew import windows_wanted
from chargekey.journeys.plan_charge import draw_at
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.charge_log import ChargeSettings, KeptPlan
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Unit

CHART_SPAN: Final = timedelta(hours=14)
"""How much of the prices a chart shows at least when nothing is planned."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is written down of a night. `first_plan` was made at plug-in, `plan` last; None: nothing was planned.

    `carried`: the car's last word before a night that began with the cable in; None: it began with a look.
    `learnt`: what earlier nights had shown of the car. `schedules`: all that it is known to have had, where that
    was asked for (`with_schedules`).
    """

    night: Night
    vehicle: Vehicle
    first_plan: KeptPlan | None
    plan: KeptPlan | None
    reports: Sequence[Observation]
    commands: Sequence[Command]
    calls: Mapping[Billed, int]
    carried: Observation | None = None
    learnt: Learnt = NOTHING_LEARNT
    schedules: tuple[CarSchedule, ...] = ()

    @property
    def target_percent(self) -> int | None:
        """What the last plan was for."""
        return self.plan.problem.target_percent if self.plan else None


async def told_of(unit: Unit, vehicle: Vehicle, night: Night, now: datetime) -> Told:
    """All of it, up to `now` while it lasts."""
    first_plan, plan = await unit.nights.plans_of(night.id)
    carried, reports = await _reports(unit, vehicle, night)
    return Told(
        night,
        vehicle,
        first_plan,
        plan,
        reports,
        await unit.commands.commands_of(night.id),
        await calls_of(unit, night, now),
        carried,
        await learnt_before(unit, vehicle, night.plugged_in_at),
    )


def needs_prices(night: Night, now: datetime) -> tuple[datetime, datetime]:
    """Of which span the prices are asked for: the night, up to `now` while it lasts, and what a chart shows."""
    over_at = night.unplugged_at or now
    return night.plugged_in_at, max(night.ready_by or over_at, over_at, night.plugged_in_at + CHART_SPAN)


async def surplus_of(unit: Unit, night: Night, settings: ChargeSettings | None, now: datetime) -> Surplus | None:
    """What the home tells of its own sun in that night. None: nothing, or the driver names no feed-in price."""
    if settings is None or settings.feed_in_micro_per_kwh is None:
        return None
    told = await unit.surplus.told(night.vehicle_id, *needs_prices(night, now))
    return Surplus(tuple(one.slot for one in told), settings.feed_in_micro_per_kwh) if told else None


def account_of(
    told: Told, prices: Prices, current_a: int | None, carbon: Carbon | None, surplus: Surplus | None
) -> NightAccount:
    """Added up at these prices. `current_a`: what the driver wanted it to draw; None: whatever the car is set to.

    `carbon` None: nobody tells how clean it was; `surplus` None: nor what the home's own sun gave.
    """
    charge = _charging_state(told.reports)
    draw = draw_at(told.vehicle, current_a, charge, told.learnt)
    return account(
        told.reports,
        told.commands,
        prices,
        plugged_in_at=told.night.plugged_in_at,
        power_w=draw.power_w,
        efficiency_percent=draw.efficiency_percent,
        own_windows=windows_wanted(told.plan) if _was_taught(told.commands) else (),
        carried=told.carried,
        carbon=carbon,
        surplus=surplus,
        efficiencies=_efficiencies(told, charge) if surplus else {},
    )


def _efficiencies(told: Told, charge: ChargeState | None) -> Mapping[int, int]:
    """In percent, at every current that the car agreed to."""
    agreed = {one.current_a for one in agreed_currents(told.commands)}
    return {one: draw_at(told.vehicle, one, charge, told.learnt).efficiency_percent for one in agreed}


def figures_of_account(sums: NightAccount, prices: Prices, calls: Mapping[Billed, int]) -> Figures:
    """As the ledger books them: of an unknown cost neither what was saved is known nor what is feed-in forgone."""
    at_once_nano = None if sums.cost_nano is None else sums.at_once_nano
    return Figures(
        sums.wall_wh,
        sums.battery_wh,
        prices.currency,
        sums.cost_nano,
        at_once_nano,
        bill_micro_usd(calls),
        sums.carbon_mg,
        None if sums.carbon_mg is None else sums.carbon_at_once_mg,
        sums.sun_wh,
        0 if sums.cost_nano is None else sums.feed_in_nano,
    )


def outcome_of(told: Told, sums: NightAccount) -> Outcome:
    """What lists and files say of it besides."""
    plan = told.plan.plan if told.plan else None
    return Outcome(
        soc_before_percent=sums.soc_before_percent,
        soc_after_percent=sums.soc_after_percent,
        target_percent=told.target_percent,
        reached_at=reached_at(told.reports, sums.wall_wh, told.target_percent),
        done_at=sums.done_at,
        measured_at=told.reports[-1].observed_at if told.reports else None,
        looks=told.calls.get(Billed.DATA, 0),
        orders=told.calls.get(Billed.COMMAND, 0),
        wakes=told.calls.get(Billed.WAKE, 0),
        plan_inputs=plan.inputs_hash if plan else None,
        planner_version=plan.planner_version if plan else None,
    )


def reached_at(reports: Sequence[Observation], wall_wh: int, target_percent: int | None) -> datetime | None:
    """When the car first reported so much; where it stood at it from the start there was nothing to reach."""
    if not wall_wh or target_percent is None:
        return None
    return next(
        (
            report.observed_at
            for report in reports
            if isinstance(report.fact, ChargeState) and (report.fact.soc_percent or 0) >= target_percent
        ),
        None,
    )


async def _reports(unit: Unit, vehicle: Vehicle, night: Night) -> tuple[Observation | None, Sequence[Observation]]:
    """What was carried into the night, and its own. One that a look began has nothing of an earlier plug-in."""
    begins, ends = night.plugged_in_at, night.unplugged_at
    reports = await unit.evidence.since(about_vehicle(vehicle.id), ChargeState, begins, until=ends)
    before = [one for one in reports if one.observed_at < begins]
    during = reports[len(before) :]
    began_with_a_look = bool(during) and during[0].observed_at == begins
    carried = next((one for one in before if isinstance(one.fact, ChargeState) and one.fact.plugged_in), None)
    return (None if began_with_a_look else carried), during


async def with_schedules(unit: Unit, told: Told) -> Told:
    """What the car told of in that night, and what it was given, whatever it may have been rid of since."""
    about, night = about_vehicle(told.night.vehicle_id), told.night
    seen = await unit.evidence.since(about, SchedulesInCar, night.plugged_in_at, until=night.unplugged_at)
    held = [one for report in seen if isinstance(report.fact, SchedulesInCar) for one in report.fact.at_home]
    given = [one.schedule for one in told.commands if one.order is Order.ADD_SCHEDULE and one.schedule]
    return replace(told, schedules=(*held, *given))


def _was_taught(commands: Sequence[Command]) -> bool:
    """Whether the car agreed to keep windows by itself."""
    return any(one.order is Order.ADD_SCHEDULE and one.delivery is Delivery.DONE for one in commands)


def _charging_state(reports: Sequence[Observation]) -> ChargeState | None:
    """The report that tells most about the power: a drawing one before a resting one, the later before the earlier."""
    states = [one.fact for one in reports if isinstance(one.fact, ChargeState)]
    drawing = [state for state in states if state.drawing]
    return (drawing or states)[-1] if states else None
