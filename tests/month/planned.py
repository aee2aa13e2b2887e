"""The month of one car with our planner and the simulator's physics alone: what neither wire nor service can spoil.

The car obeys to the second. The planner knows what it knows in the service: whole percents, the priors by model, and
prices as they are out at the plug-in.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.domain import battery
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem, Weighing, pose
from chargekey.domain.spend import Degree, start_cost_micro
from chargekey.domain.tariff import retail
from tesla_simulator.cars.car import Car
from tesla_simulator.clock import TurnedClock
from tesla_simulator.sites import Sites
from tesla_simulator.world import World
from tests.month.judged import nights
from tests.month.lives import TARGET_PERCENT, Life
from tests.month.served import TARIFF
from tests.month.street import buys_a_car

MINIMUM_PERCENT: Final = 20
SHIPPED: Final = BundledDayAhead.shipped()
Planner = Callable[[PlanProblem], ChargePlan]


def month_of(
    life: Life, begins: datetime, until: datetime, planner: Planner = cheapest
) -> tuple[Car, Mapping[datetime, float]]:
    """The car as it is afterwards, and its percents when nights began and had to be ready."""
    clock = TurnedClock(system=lambda: begins)
    car = buys_a_car(World(clock, Sites("http://nowhere.example")), life)
    soc_at: dict[datetime, float] = {}
    driven = {stay.plugs_in: stay.km_before for stay in life.stays}
    leaves = {stay.leaves for stay in life.stays}
    for night in nights(life):
        if night.until > until:
            break
        clock.turn_to(night.begins)
        if night.begins in driven:
            car.drives(driven[night.begins])
            car.plugs_in()
            car.somebody_stops_charging()
        soc_at[night.begins] = car.soc_percent
        for window in planner(_problem(life, car, night.begins, night.ready_by)).windows:
            clock.turn_to(window.start)
            car.somebody_starts_charging()
            clock.turn_to(window.end)
            car.somebody_stops_charging()
        clock.turn_to(night.ready_by)
        car.settle()
        soc_at[night.ready_by] = car.soc_percent
        if night.until in leaves:
            clock.turn_to(night.until)
            car.unplugs()
    return car, soc_at


def _problem(life: Life, car: Car, begins: datetime, ready_by: datetime) -> PlanProblem:
    power_w = battery.ac_power_w(life.current_a, life.phases)
    return pose(
        retail(TARIFF, SHIPPED.wholesale(begins, ready_by, begins)),
        now=begins,
        ready_by=ready_by,
        soc_percent=round(car.soc_percent),
        target_percent=TARGET_PERCENT,
        minimum_percent=MINIMUM_PERCENT,
        usable_wh=battery.usable_wh(life.kind.name),
        ac_power_w=power_w,
        efficiency_percent=battery.efficiency_percent(life.current_a, life.phases),
        weighing=Weighing(start_cost_micro=start_cost_micro("EUR", keeps_hours=True, degree=Degree.PLENTY)),
    )
