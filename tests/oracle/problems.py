"""Nights to plan, drawn by chance: the same seed and number, the same night."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.domain.battery import efficiency_percent, near_full
from chargekey.domain.planning.problem import PlanProblem, pose
from chargekey.domain.planning.sun import SunAhead, levels_below
from chargekey.domain.tariff import Prices, PriceSlot

START: Final = datetime(2023, 1, 10, 15, 0, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
HOURS: Final = 30
FIRST_AFTERNOON: Final = 16
"""The first hour that is shipped begins at 23:00 UTC."""
MICRO_PER_CENT: Final = 10_000
CARS: Final = {1_380: 75, 3_680: 87, 7_360: 87, 8_970: 90, 11_040: 90}
"""Watts at the wall, and percent of them that get into the battery: 6, 16 and 32 A, and 13 and 16 A on three phases."""

CURRENTS: Final = {1_380: 6, 3_680: 16, 7_360: 32, 8_970: 13, 11_040: 16}
"""Of the same cars, in amps."""

START_COSTS_MICRO: Final = (0, 0, 0, 2_000, 10_000, 60_000)
WARM_UPS_S: Final = (0, 0, 0, 900, 1_800, 2_700, 1_337)
"""In winter heating takes all of the power for 15 to 45 minutes (smart-charging §6.3)."""
HAS_PERHAPS_ENOUGH: Final = 0.1
"""How many cars may come with more than they want; all others want some."""

BELOW_ZERO: Final = "drawn, many below zero"
ABOVE_ZERO: Final = "drawn, none below zero"
DUTCH: Final = "Dutch day-ahead prices"
KINDS: Final = (BELOW_ZERO, ABOVE_ZERO, DUTCH)
"""Where the prices of a night come from."""


def problem_number(number: int, seed: int) -> tuple[str, PlanProblem]:
    """The kind of this night, and the night. Kinds take turns; in some a start costs something, some are cold.

    Not where power falls near full too: of such nights the mixed-integer program needs minutes for some.
    """
    chance = random.Random(f"{seed}:{number}")
    kind = KINDS[number % len(KINDS)]
    problem = a_problem(chance, dutch(chance) if kind is DUTCH else drawn(chance, -20 if kind is BELOW_ZERO else 5))
    start_cost_micro = chance.choice(START_COSTS_MICRO)
    problem = in_the_cold(problem, chance)
    return kind, problem if problem.weakens else replace(problem, start_cost_micro=start_cost_micro)


def drawn(chance: random.Random, least_cents: int = -20) -> list[int]:
    """Prices of hours in micro-units per kWh, some of them equal."""
    cents = [chance.choice([chance.randint(least_cents, 60), 25]) for _ in range(HOURS)]
    return [price * MICRO_PER_CENT + chance.choice([0, 0, 1_370]) for price in cents]


def at_full_power(problem: PlanProblem) -> PlanProblem:
    """The same night with a battery that takes as much to the end: what a linear program can tell."""
    return replace(problem, weakens=())


def in_the_cold(problem: PlanProblem, chance: random.Random) -> PlanProblem:
    """The same night with a battery that may have to be warmed first."""
    return replace(problem, warm_up_s=chance.choice(WARM_UPS_S))


def with_carbon(problem: PlanProblem, chance: random.Random) -> PlanProblem:
    """The same night with an intensity for each slot in whole tens of grams, some of them equal."""
    grams = tuple(chance.choice([10 * chance.randint(0, 60), 200]) for _ in problem.slots)
    return replace(problem, carbon_g_per_kwh=grams)


def with_sun(problem: PlanProblem, chance: random.Random) -> PlanProblem:
    """The same night with sun in some of its slots, at any feed-in price, for a car on one phase or on three."""
    full_a = CURRENTS[problem.ac_power_w]
    one_amp_w, phases = problem.ac_power_w // full_a, 3 if problem.ac_power_w % 690 == 0 else 1
    draws = [
        (current_a, current_a * one_amp_w, efficiency_percent(current_a, phases)) for current_a in range(6, full_a)
    ]
    levels = levels_below(full_a, problem.ac_power_w, draws, problem.efficiency_percent)
    begins, most_w = chance.randrange(len(problem.slots) or 1), chance.choice([800, 4_000, 9_000, 15_000])
    surplus_w = tuple(
        chance.randint(0, most_w) if begins <= nth < begins + chance.choice([4, 12, 40]) else 0
        for nth, _ in enumerate(problem.slots)
    )
    feed_in = chance.choice([0, 70_000, 82_350, 250_000])
    return replace(problem, sun=SunAhead(surplus_w, feed_in, levels)) if levels else problem


def dutch(chance: random.Random) -> list[int]:
    """As many hours of 2023 or 2024, from an afternoon on: day-ahead prices, without tax."""
    hours = _dutch_hours()
    first = chance.randrange(FIRST_AFTERNOON, len(hours) - HOURS, 24)
    return list(hours[first : first + HOURS])


@cache
def _dutch_hours() -> tuple[int, ...]:
    bundled = BundledDayAhead.shipped()
    start, end = bundled.span
    return tuple(slot.price_micro_per_kwh for slot in bundled.wholesale(start, end, end).slots)


def a_problem(chance: random.Random, micro_per_kwh: Sequence[int]) -> PlanProblem:
    """Any evening with these prices: any second of arrival, any need, any minimum."""
    slots = tuple(PriceSlot(START + n * HOUR, START + (n + 1) * HOUR, price) for n, price in enumerate(micro_per_kwh))
    soc = chance.randint(0, 99)
    target = chance.randint(0, 100) if chance.random() < HAS_PERHAPS_ENOUGH else chance.randint(soc + 1, 100)
    power_w = chance.choice(list(CARS))
    return pose(
        Prices(slots, START + HOURS * HOUR, "made up", "Europe/Amsterdam"),
        now=START + timedelta(seconds=chance.randint(0, 8 * 3600)),
        ready_by=START + timedelta(minutes=chance.randint(9 * 60, 30 * 60)),
        soc_percent=soc,
        target_percent=target,
        minimum_percent=chance.choice([0, 0, chance.randint(0, target)]),
        usable_wh=chance.choice([52_500, 57_500, 75_000, 95_000]),
        ac_power_w=power_w,
        efficiency_percent=CARS[power_w],
        charging=chance.random() < 0.5,
        weakens=near_full(power_w, CARS[power_w]),
    )
