"""Nights with sun to spare: does the planner charge them at the currents at which they cost least?

A linear program may take any share of each slot at any current. A plan may be off by a second of full power, between
the dearest and the cheapest that a kilowatt-hour costs that night (`by_sun.py`).
"""

import random
from collections.abc import Iterable
from typing import Final, NamedTuple

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import PlanProblem
from tests.oracle.judging import ROUNDED_NANO
from tests.oracle.linear import sun_program
from tests.oracle.problems import a_problem, at_full_power, drawn, with_sun

HIGHS_NANO: Final = 100.0
"""As near as HiGHS goes to an optimum with so many columns."""
WS_OF_A_KWH: Final = 3_600_000


class SunnyNight(NamedTuple):
    """How far from the optimum a plan is, how far it may be, and whether it charges below the full current."""

    off_nano: float
    may_be_off_nano: float
    is_gentle: bool

    @property
    def is_right(self) -> bool:
        """No dearer than that, and no cheaper than can be."""
        return -HIGHS_NANO <= self.off_nano <= self.may_be_off_nano + HIGHS_NANO

    @property
    def is_equal(self) -> bool:
        """To the last digit that a plan tells."""
        return abs(self.off_nano) <= ROUNDED_NANO


def sunny_nights(problems: int, seed: int) -> Iterable[SunnyNight]:
    """So many of them, always the same ones."""
    for number in range(problems):
        yield _judged(sunny_problem(number, seed))


def sunny_problem(number: int, seed: int) -> PlanProblem:
    """A night at full power to the end, at prices of which some lie below zero and some at what the grid pays."""
    chance = random.Random(f"sun {seed}:{number}")
    return with_sun(at_full_power(a_problem(chance, drawn(chance, chance.choice([-20, 5])))), chance)


def told_of(nights: Iterable[SunnyNight]) -> Iterable[str]:
    """A table of one line."""
    seen = list(nights)
    gentle = sum(night.is_gentle for night in seen)
    equal, right = sum(night.is_equal for night in seen), sum(night.is_right for night in seen)
    furthest = max((night.off_nano for night in seen), default=0.0)
    yield "| nights with sun | at fewer amps | equal to the optimum | within a second of it | furthest, in nano-units |"
    yield "|---|---|---|---|---|"
    yield f"| {len(seen):,} | {gentle:,} | {equal:,} | {right:,} | {furthest:,.0f} |"


def _judged(problem: PlanProblem) -> SunnyNight:
    plan = cheapest(problem)
    feed_in = [problem.sun.feed_in_micro_per_kwh] if problem.sun else []
    prices = [*(slot.price_micro_per_kwh for slot in problem.slots), *feed_in]
    second = problem.ac_power_w * (max(prices, default=0) - min(prices, default=0)) * 1_000 / WS_OF_A_KWH
    return SunnyNight(plan.cost_nano - sun_program(problem) * 1e9, second, bool(plan.gentle))
