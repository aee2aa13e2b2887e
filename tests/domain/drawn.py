"""Nights drawn in one line, for the planner's tests.

One character is a quarter of an hour: a digit is its price in cents per kWh. The car takes 1 kWh in a quarter
(4 kW) and its battery holds 100 kWh without loss, so that percent, kWh and quarters are one number.
In a drawn plan `#` is a quarter of charging, `.` one of rest, `<` its first half, `>` its second.
"""

from datetime import UTC, datetime, timedelta

from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem, Window
from chargekey.domain.tariff import PriceSlot

NOW = datetime(2023, 1, 10, 18, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
MICRO_PER_CENT = 10_000


def slots(prices: str) -> tuple[PriceSlot, ...]:
    """The quarters of a drawn row of prices."""
    return tuple(
        PriceSlot(NOW + n * QUARTER, NOW + (n + 1) * QUARTER, int(cents) * MICRO_PER_CENT)
        for n, cents in enumerate(prices.split())
    )


def night(
    prices: str,
    quarters: float,
    *,
    leave_after: int | None = None,
    owed: int = 0,
    charging: bool = False,
    running: str = "",
    start_cents: int = 0,
) -> PlanProblem:
    """`quarters` of charging are needed (halves allowed), of which `owed` at once; the car leaves after so many."""
    known = slots(prices)
    known = known[: len(known) if leave_after is None else leave_after]
    doubled = int(2 * quarters)  # percent are whole, so a half quarter is one percent of a doubled battery
    return PlanProblem(
        now=NOW,
        ready_by=known[-1].end,
        slots=known,
        prices_known_until=known[-1].end,
        soc_percent=0,
        target_percent=doubled,
        minimum_percent=2 * owed,
        usable_wh=50_000,
        ac_power_w=4_000,
        efficiency_percent=100,
        charging=charging,
        running=windows(running),
        start_cost_micro=start_cents * 10_000,
    )


def windows(drawn: str) -> tuple[Window, ...]:
    """The windows of a drawn plan, one for each quarter: whether they touch is all one."""
    return tuple(Window(NOW + n * QUARTER, NOW + (n + 1) * QUARTER) for n, mark in enumerate(drawn) if mark == "#")


def draw(problem: PlanProblem, plan: ChargePlan) -> str:
    """A plan as a row of marks."""
    return "".join(_mark(slot, plan) for slot in problem.slots)


def _mark(slot: PriceSlot, plan: ChargePlan) -> str:
    middle = slot.start + QUARTER / 2
    eighth = QUARTER / 4
    early, late = plan.charges_at(middle - eighth), plan.charges_at(middle + eighth)
    return {(True, True): "#", (True, False): "<", (False, True): ">", (False, False): "."}[early, late]
