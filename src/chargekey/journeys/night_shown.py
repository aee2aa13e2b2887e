"""What pages are told of tonight, of a night and of many: values and what follows from them, nothing looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chargekey.domain.account import NightAccount, from_grid
from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.carbon import Carbon
from chargekey.domain.charging import Wanted
from chargekey.domain.evidence import ChargeState, Observation
from chargekey.domain.goal import target_at
from chargekey.domain.journey import Proof
from chargekey.domain.ledger import Entry, Figures, Outcome
from chargekey.domain.night import Command, Night, Wish
from chargekey.domain.planning.later import Later
from chargekey.domain.span import Span
from chargekey.domain.spend import Billed, bill_micro_usd
from chargekey.domain.surplus import Surplus
from chargekey.domain.tariff import FlatTariff, Prices
from chargekey.domain.vehicle import Reach
from chargekey.domain.warming import WarmUp
from chargekey.journeys.keep_to_budget import MonthOfCar
from chargekey.journeys.plan_charge import nights_after, target_tonight
from chargekey.journeys.reckon_night import Told, reached_at
from chargekey.ports.charge_log import ChargeSettings, KeptPlan
from chargekey.ports.people import Vehicle


@dataclass(frozen=True, slots=True)
class NightShown:
    """One plug-in: what was planned, what was sent, what came of it, and what Tesla bills for it.

    Once it is booked, `account`, `prices`, `calls`, `carbon` and `surplus` are those of the ledger. `booked` empty: it
    is not.
    """

    told: Told
    account: NightAccount
    prices: Prices
    calls: Mapping[Billed, int]
    booked: Sequence[Entry] = ()
    carbon: Carbon | None = None
    surplus: Surplus | None = None

    @property
    def carbon_avoided_mg(self) -> int | None:
        """What the latest plan and what was drawn by the ones before it stand for less than charging at once.

        None: unknown. What was drawn before the first plan would have been drawn either way.
        """
        if self.first_plan is None or self.plan is None or self.carbon is None:
            return None
        begun, made_at = self.first_plan.made_at, self.plan.made_at
        drawn = [one for one in self.account.readings if begun < one.end <= made_at]
        before_mg, ahead_mg = self.carbon.of(from_grid(drawn)), self.plan.plan.carbon_mg
        at_once_mg = self.first_plan.plan.why.carbon_at_once_mg
        if before_mg is None or ahead_mg is None or at_once_mg is None:
            return None
        return at_once_mg - before_mg - ahead_mg

    @property
    def night(self) -> Night:
        return self.told.night

    @property
    def vehicle(self) -> Vehicle:
        return self.told.vehicle

    @property
    def first_plan(self) -> KeptPlan | None:
        return self.told.first_plan

    @property
    def plan(self) -> KeptPlan | None:
        return self.told.plan

    @property
    def reports(self) -> Sequence[Observation]:
        return self.told.reports

    @property
    def commands(self) -> Sequence[Command]:
        return self.told.commands

    @property
    def target_percent(self) -> int | None:
        return self.told.target_percent

    @property
    def tesla_bill_micro_usd(self) -> int:
        return bill_micro_usd(self.calls)

    def reached_at(self, target_percent: int | None) -> datetime | None:
        """When the car first reported so much; where it stood at it from the start there was nothing to reach."""
        return reached_at(self.reports, self.account.wall_wh, target_percent)

    @property
    def is_priced(self) -> bool:
        """Whether the plan goes by prices, and by estimates only of those that will come out: else it has no cost.

        Nor has one that was made in another currency than today's.
        """
        if self.plan is None:
            return self.prices.none_after is None
        if self.plan.problem.currency != self.prices.currency:
            return False
        return self.plan.problem.knows_a_price and not (self.prices.none_after and self.plan.plan.rests_on_guesses)


@dataclass(frozen=True, slots=True)
class TonightShown:
    """The present: the car as last seen, and the night if the cable is in.

    `charge` None: the car was never looked at. `night` None: not plugged in, or not yet noticed.
    `wanted` is what the car should be doing; `ready_by` None: no day has a time. `rests_until`: the evening until which
    nothing is charged beyond the minimum, None: no holiday is before it. `is_kept_by_car`: it has what is left of the
    plan as its own schedules. `guard`: the one of ours that it waits for whenever it is plugged in; None: it has none,
    and charges at once. `drivers_schedules`: those that somebody else set and it goes by at home. `later`: what
    is saved by another ready-by time; None: nothing worth telling. `warm_up`: how long a start now would warm the
    battery first; None: nobody has asked.
    """

    now: datetime
    vehicle: Vehicle
    settings: ChargeSettings
    reach: Reach
    listed_at: datetime | None
    charge: ChargeState | None
    looked_at: datetime | None
    proof: Proof
    ready_by: datetime | None
    rests_until: datetime | None
    night: NightShown | None
    wanted: Wanted
    prices: Prices
    next_look_at: datetime | None
    month: MonthOfCar
    is_kept_by_car: bool
    guard: CarSchedule | None
    drivers_schedules: tuple[CarSchedule, ...]
    later: Later | None = None
    warm_up: WarmUp | None = None

    @property
    def warms_for(self) -> timedelta:
        """How long the next that is drawn will not arrive."""
        return self.warm_up.left if self.warm_up else timedelta()

    @property
    def plan(self) -> KeptPlan | None:
        """Tonight's latest, None: nothing is planned."""
        return self.night.plan if self.night else None

    @property
    def goal_percent(self) -> int:
        """How full it is to be at ready-by."""
        return target_at(self.settings.goal, self.ready_by)

    @property
    def target_percent(self) -> int:
        """Up to where it is charged: the goal, more where tonight charges for goals ahead, the minimum in a rest."""
        night = self.night.night if self.night else None
        if night is None or night.ready_by is None:
            return self.goal_percent
        return target_tonight(self.settings, self.plan, night.ready_by, night.wish)

    @property
    def nights_ahead(self) -> list[tuple[datetime, datetime]]:
        """Those that tonight may charge for, each from when the car is supposed to be there to when it is to be ready.

        One that both fall together in has no hours to charge in.
        """
        if self.night is None or self.ready_by is None or self.rests_until:
            return []
        return nights_after(self.settings.goal, self.ready_by, self.night.night.plugged_in_at)

    @property
    def is_forecast(self) -> bool:
        """Whether whoever sets the prices forecasts them for all of the night."""
        until = self.prices.forecast_until
        return until is not None and self.ready_by is not None and until >= self.ready_by

    @property
    def goes_by_price(self) -> bool:
        """Whether some hours are chosen for being cheaper than others, and for nothing else."""
        has_sun = self.plan is not None and self.plan.problem.sun is not None
        is_flat = isinstance(self.settings.tariff, FlatTariff) and not has_sun
        if is_flat or self.settings.carbon_micro_per_kg:
            return False
        return self.night.is_priced if self.night else self.prices.none_after is None


@dataclass(frozen=True, slots=True)
class NightSums:
    """A night in short, for lists and files. `booked` empty: it is not over, or was only just."""

    night: Night
    figures: Figures
    outcome: Outcome
    booked: Sequence[Entry] = ()

    @property
    def was_due(self) -> bool:
        """Whether it was to be ready by a time, and was left plugged in and to the plan until then."""
        night = self.night
        if night.ready_by is None or night.wish in (Wish.STOP, Wish.SKIP):
            return False
        return night.unplugged_at is not None and night.unplugged_at >= night.ready_by

    @property
    def was_in_time(self) -> bool:
        """Whether the target was reached by the time that it was wanted."""
        at, ready_by = self.outcome.reached_at, self.night.ready_by
        return at is not None and ready_by is not None and at <= ready_by


@dataclass(frozen=True, slots=True)
class SpanShown:
    """A month or a year: the nights that ended in it and in which the car drew power, in order.

    `has_earlier`: whether a night ended before it.
    """

    span: Span
    vehicle: Vehicle
    settings: ChargeSettings
    nights: tuple[NightSums, ...]
    has_earlier: bool
