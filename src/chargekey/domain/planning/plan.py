"""What the planner answers: when to charge, what it costs, and why.

Costs are whole nano-units of currency (micro-units per kWh times Wh); `cents` of the tariff room rounds them
once for showing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chargekey.domain.planning.problem import Window
from chargekey.domain.tariff import cents, round_half_even

PLANNER_VERSION: Final = "1"
"""Raised when equal inputs may give another plan. A new input counts for itself: without it, plans are as before."""


@dataclass(frozen=True, slots=True)
class SlotUse:
    """One price slot of the night and what the plan takes in it, 0 where the car rests; `sun_wh` of it is surplus."""

    start: datetime
    end: datetime
    price_micro_per_kwh: int
    wall_wh: int
    sun_wh: int = 0


@dataclass(frozen=True, slots=True)
class Gentle:
    """Charging at fewer amps than the full current, since the sun carries no more.

    `wall_w` is what the car draws, `full_w` what that counts for at full current.
    """

    start: datetime
    end: datetime
    current_a: int
    wall_w: int
    full_w: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why these hours and no others.

    `dearest_price_micro_per_kwh` is the highest price the plan pays by choice (the marginal price; the minimum,
    charged at once, is no choice). `next_price_micro_per_kwh` is the cheapest price with room left. So moving
    one kWh elsewhere costs their difference or more. None: nothing was chosen, or no room is left. Where power falls
    near full, an hour cheaper than the dearest chosen does not count as left. Where carbon has a price, both are with
    it. `carbon_at_once_mg` is what plug-in-and-charge would stand for; None: nobody knows. `starts_spared`: how many
    fewer starts than the cheapest hours alone would take, and `paid_for_that_nano` what more the energy costs for it,
    with carbon where that has a price; then an hour cheaper than the dearest chosen may be left too.
    """

    cost_at_once_nano: int
    dearest_price_micro_per_kwh: int | None
    next_price_micro_per_kwh: int | None
    carbon_at_once_mg: int | None = None
    starts_spared: int = 0
    paid_for_that_nano: int = 0

    @property
    def moving_one_kwh_costs_micro(self) -> int | None:
        """What one kWh elsewhere would cost more, at least. None without a choice."""
        if self.dearest_price_micro_per_kwh is None or self.next_price_micro_per_kwh is None:
            return None
        return self.next_price_micro_per_kwh - self.dearest_price_micro_per_kwh


@dataclass(frozen=True, slots=True)
class ChargePlan:
    """The cheapest plan, or the best one when the goal is out of reach.

    `starts` counts the times the car has to be started; charging that goes on is no start. `ready_at` is when
    the target is reached: beyond ready-by if `missing_wh` (at the wall) is not 0, supposing the cable stays in.
    `carbon_mg`: the CO2 that the energy stands for, in milligrams; None: nobody knows. `barred_wh`: of what is
    missing, what the hours that cost too much would have given. `gentle`: parts of the windows, in order. `sun_wh`: how
    much of the energy is the home's own; its cost is what the grid would have paid for it.
    """

    windows: tuple[Window, ...]
    slots: tuple[SlotUse, ...]
    energy_wh: int
    cost_nano: int
    starts: int
    reached_percent: int
    missing_wh: int
    ready_at: datetime
    rests_on_guesses: bool
    why: Why
    inputs_hash: str
    planner_version: str
    carbon_mg: int | None = None
    barred_wh: int = 0
    gentle: tuple[Gentle, ...] = ()
    sun_wh: int = 0

    @property
    def cost_micro(self) -> int:
        """Whole micro-units. For showing, use `cost_cents`: rounding twice may lose a cent."""
        return round_half_even(self.cost_nano, 1_000)

    @property
    def cost_cents(self) -> int:
        """Rounded once."""
        return cents(self.cost_nano)

    @property
    def cost_at_once_cents(self) -> int:
        """What plug-in-and-charge would cost, rounded once."""
        return cents(self.why.cost_at_once_nano)

    def charges_at(self, moment: datetime) -> bool:
        """Whether the plan wants the car to charge at this moment."""
        return any(window.start <= moment < window.end for window in self.windows)

    def gentle_at(self, moment: datetime) -> Gentle | None:
        """The stretch at fewer amps that lasts then; None: full current, or rest."""
        return next((one for one in self.gentle if one.start <= moment < one.end), None)
