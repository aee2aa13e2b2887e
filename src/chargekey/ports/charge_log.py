"""What the store keeps of charging: settings, nights, plans, commands, and what Tesla bills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.delivery import Happening
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.key_watch import KeyWatch
from chargekey.domain.night import Command, Night, Order, Wish
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.spend import Billed
from chargekey.domain.tariff import Tariff
from chargekey.domain.vehicle import Vin


@dataclass(frozen=True, slots=True)
class ChargeSettings:
    """What the driver said of one vehicle. `current_a` None: whatever the car is set to.

    `carbon_micro_per_kg`: what he would pay to avoid a kilogram of CO2, in micro-units of the tariff's currency.
    `cap_micro_per_kwh`: the most that he would pay for a kWh; None: whatever it costs. `feed_in_micro_per_kwh`: what
    the grid pays for a kWh of his own sun; None: he has none, or keeps it out of this. With it `current_a` is said.
    """

    goal: ChargeGoal
    tariff: Tariff
    current_a: int | None
    carbon_micro_per_kg: int = 0
    cap_micro_per_kwh: int | None = None
    feed_in_micro_per_kwh: int | None = None

    @property
    def follows_sun(self) -> bool:
        """Whether hours of surplus count, and the current is ours to change in them."""
        return self.feed_in_micro_per_kwh is not None and self.current_a is not None


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan with the problem it solves, so that any night can be worked out again."""

    id: int
    night_id: int
    made_at: datetime
    problem: PlanProblem
    plan: ChargePlan

    @property
    def is_late(self) -> bool:
        """Whether it goes on beyond ready-by until the goal is reached.

        Nobody knows what that will cost, so it does not where a price may be too high.
        """
        return self.plan.missing_wh > 0 and self.problem.cap_micro_per_kwh is None


class SettingsLog(Protocol):
    """What the driver wants, by vehicle, and whether his key page is open."""

    async def settings(self, vehicle_id: int) -> ChargeSettings | None:
        """None until the driver said something."""

    async def save_settings(self, vehicle_id: int, settings: ChargeSettings, now: datetime) -> None:
        """In place of what was there."""

    async def said_at(self, vehicle_id: int) -> datetime | None:
        """When he last said anything of it; None until he did."""

    async def key_watch(self, vehicle_id: int) -> KeyWatch | None:
        """None until the driver first opened the key page."""

    async def save_key_watch(self, vehicle_id: int, watch: KeyWatch) -> None:
        """In place of what was there."""


class NightLog(Protocol):
    """Plug-ins and their plans."""

    async def open_night(self, vehicle_id: int) -> Night | None:
        """The plug-in that lasts, None when the car is not plugged in."""

    async def begin_night(self, vehicle_id: int, plugged_in_at: datetime) -> Night:
        """The cable went in."""

    async def end_night(self, night_id: int, unplugged_at: datetime) -> None:
        """The cable came out."""

    async def wish(self, night_id: int, wish: Wish, now: datetime) -> None:
        """The driver asked for something."""

    async def set_ready_by(self, night_id: int, ready_by: datetime) -> None:
        """What the night is planned for."""

    async def night(self, night_id: int) -> Night | None:
        """By number, None if there is none."""

    async def nights_of(self, vehicle_id: int, limit: int) -> Sequence[Night]:
        """The latest, newest first."""

    async def first_night(self, vehicle_id: int) -> Night | None:
        """The oldest, None before there was any."""

    async def nights_ended(self, vehicle_id: int, begins: datetime, ends: datetime) -> Sequence[Night]:
        """Those that were over from `begins` on and before `ends`, in that order."""

    async def keep_plan(self, night_id: int, problem: PlanProblem, plan: ChargePlan, now: datetime) -> KeptPlan:
        """Add a plan; earlier ones stay."""

    async def plan_of(self, night_id: int) -> KeptPlan | None:
        """The latest plan of the night."""

    async def plans_of(self, night_id: int) -> tuple[KeptPlan | None, KeptPlan | None]:
        """The night's first plan, made at plug-in, and its latest."""

    async def every_plan(self, night_id: int) -> Sequence[KeptPlan | None]:
        """In the order in which they were made. None: another version wrote it, in a shape unknown to this one."""


class CommandLog(Protocol):
    """Commands, written down before they are sent."""

    async def draft(
        self,
        vehicle_id: int,
        night_id: int | None,
        order: Order,
        current_a: int | None,
        now: datetime,
        schedule: CarSchedule | None = None,
    ) -> Command:
        """Write down what we are about to ask."""

    async def happened(self, command_id: int, happening: Happening, now: datetime, detail: str = "") -> Command:
        """Move it by the delivery table. `ImpossibleMove` where the table does not allow it."""

    async def open_commands(self, vehicle_id: int) -> Sequence[Command]:
        """Those that still ask for a send, an answer or a look, oldest first."""

    async def commands_of(self, night_id: int) -> Sequence[Command]:
        """All of a night, oldest first."""


class BillLog(Protocol):
    """Calls that Tesla bills."""

    async def add_call(self, vin: Vin, billed: Billed, at: datetime) -> None:
        """One call of a price category about that vehicle."""

    async def calls(self, vehicle_id: int, start: datetime, end: datetime) -> Mapping[Billed, int]:
        """How many of each, from `start` up to before `end`."""
