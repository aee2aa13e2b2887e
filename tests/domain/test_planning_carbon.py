"""Carbon in the plan: after cost, or as part of it; exact, and not weighed at all where a part of it is missing.

Drawn as other nights are; the second row is carbon, a digit ten grams per kWh.
"""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from chargekey.domain.carbon import Carbon, CarbonSlot
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import PlanProblem, ProblemUnclear, Weighing, pose
from chargekey.domain.tariff import FlatTariff, prices
from tests.domain.drawn import NOW, QUARTER, draw, night
from tests.oracle.linear import least_carbon_mg, weighed_program
from tests.oracle.problems import a_problem, at_full_power, drawn, with_carbon

A_CENT_PER_KG = 10_000


def clean(problem: PlanProblem, carbon: str, micro_per_kg: int = 0) -> PlanProblem:
    grams = tuple(10 * int(tens) for tens in carbon.split())
    return replace(problem, carbon_g_per_kwh=grams[: len(problem.slots)], carbon_micro_per_kg=micro_per_kg)


@pytest.mark.parametrize(
    ("costs", "carbon", "quarters", "chosen"),
    [
        ("5 5 5 5 5 5", "9 9 2 2 9 9", 2, "..##.."),  # at one price the clean hours
        ("5 5 3 3 5 5", "1 1 9 9 1 1", 2, "..##.."),  # cost comes first, however dirty
        ("5 5 3 5 5 5", "9 9 9 9 1 9", 2, "..#.#."),  # what cost leaves open, carbon settles
        ("5 5 5 5 5 5", "9 1 9 1 9 9", 2, ".#.#.."),  # carbon comes before few starts
        ("5 5 5 5 5 5", "4 4 4 4 4 4", 2, "..##.."),  # among equals all is as it was
        ("5 5 5 5 5 5", "9 9 9 2 9 9", 9, "######"),
        ("-1 5 5 5 5 5", "9 1 1 1 1 1", 1, "#....."),
    ],
)
def test_carbon_settles_what_cost_leaves_open(costs: str, carbon: str, quarters: int, chosen: str) -> None:
    problem = clean(night(costs, quarters), carbon)
    plan = cheapest(problem)
    assert draw(problem, plan) == chosen
    assert plan.cost_nano == cheapest(replace(problem, carbon_g_per_kwh=())).cost_nano


def test_differences_that_no_forecast_knows_start_no_car() -> None:
    problem = replace(night("5 5 5 5 5 5", 2), carbon_g_per_kwh=(101, 98, 100, 99, 96, 104))
    assert draw(problem, cheapest(problem)) == draw(problem, cheapest(replace(problem, carbon_g_per_kwh=())))


@pytest.mark.parametrize(
    ("cents_per_kg", "chosen"),
    [
        (0, "..##.."),
        (10, "..##.."),  # 80 g less at 10 ct a kg are 0.8 ct, and cost 1 ct
        (13, "##...."),
    ],
)
def test_a_price_of_carbon_joins_the_cost(cents_per_kg: int, chosen: str) -> None:
    problem = clean(night("5 5 4 4 9 9", 2), "1 1 9 9 1 1", cents_per_kg * A_CENT_PER_KG)
    plan = cheapest(problem)
    assert draw(problem, plan) == chosen
    assert plan.cost_nano == 2 * (5 if chosen.startswith("#") else 4) * 10_000 * 1_000  # money alone
    moved = plan.why.moving_one_kwh_costs_micro
    assert moved is not None
    assert moved >= 0


def test_a_plan_tells_what_it_and_charging_at_once_stand_for() -> None:
    plan = cheapest(clean(night("5 5 3 3 5 5", 2), "7 7 2 3 9 9"))
    assert (plan.carbon_mg, plan.why.carbon_at_once_mg) == (20_000 + 30_000, 140_000)
    unknown = cheapest(night("5 5 3 3 5 5", 2))
    assert (unknown.carbon_mg, unknown.why.carbon_at_once_mg) == (None, None)


@pytest.mark.parametrize("grams", [(100, 100), (100, 100, -1), (1, 2, 3, 4)])
def test_carbon_of_other_slots_or_below_nothing_is_refused(grams: tuple[int, ...]) -> None:
    with pytest.raises(ProblemUnclear):
        replace(night("1 2 3", 2), carbon_g_per_kwh=grams)
    with pytest.raises(ProblemUnclear):
        replace(night("1 2 3", 2), carbon_micro_per_kg=-1)


def test_carbon_that_nobody_knows_leaves_the_hash_as_it_was_and_carbon_that_is_known_does_not() -> None:
    problem = night("1 2 3", 2)
    assert replace(problem, carbon_micro_per_kg=5).inputs_hash == problem.inputs_hash
    known = clean(problem, "1 2 3")
    hashes = {problem.inputs_hash, known.inputs_hash, replace(known, carbon_micro_per_kg=5).inputs_hash}
    assert len(hashes) == 3


@pytest.mark.parametrize(("reach", "known"), [(8, True), (7.5, False)])
def test_a_night_is_weighed_as_a_whole_or_not_at_all(reach: float, known: bool) -> None:
    problem = posed(reach)
    assert problem.carbon_g_per_kwh == ((100, 100, 101, 101, 102, 102, 103, 103) if known else ())


@pytest.mark.parametrize(
    ("reach", "micro_per_kg", "start_counts_micro"), [(8, 0, 0), (8, 200_000, 5_000), (7.5, 0, 5_000)]
)
def test_a_start_that_costs_something_does_not_outweigh_all_carbon(
    reach: float, micro_per_kg: int, start_counts_micro: int
) -> None:
    assert posed(reach, micro_per_kg).start_counts_micro == start_counts_micro


def posed(reach: float, micro_per_kg: int = 0) -> PlanProblem:
    """A night of eight quarters at one price, with carbon that is known for so many of them."""
    ready_by = NOW + 8 * QUARTER
    half_hours = tuple(
        CarbonSlot(NOW + 2 * n * QUARTER, min(NOW + 2 * (n + 1) * QUARTER, NOW + reach * QUARTER), 100 + n)
        for n in range(4)
    )
    return pose(
        prices(FlatTariff(250_000), NOW, ready_by, "Europe/London"),
        now=NOW + timedelta(seconds=77), ready_by=ready_by, soc_percent=50, target_percent=80, minimum_percent=0,
        usable_wh=57_500, ac_power_w=11_040, efficiency_percent=90, carbon=Carbon(half_hours, NOW, "made up"),
        weighing=Weighing(micro_per_kg, start_cost_micro=5_000),
    )  # fmt: skip


# ── exact ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_hundreds_of_random_nights_are_as_clean_as_the_least_cost_allows() -> None:
    chance = random.Random(20260110)
    for _ in range(300):
        problem = with_carbon(at_full_power(a_problem(chance, drawn(chance))), chance)
        plan = cheapest(problem)
        assert plan.cost_nano == cheapest(replace(problem, carbon_g_per_kwh=())).cost_nano
        assert plan.carbon_mg == pytest.approx(least_carbon_mg(problem), abs=2)


@pytest.mark.slow
def test_hundreds_of_random_nights_with_a_price_of_carbon_cost_what_a_linear_program_costs() -> None:
    chance = random.Random(20260111)
    for _ in range(300):
        problem = replace(
            with_carbon(at_full_power(a_problem(chance, drawn(chance))), chance),
            carbon_micro_per_kg=chance.randint(1, 1_000_000),
        )
        plan = cheapest(problem)
        assert plan.carbon_mg is not None
        weighed = plan.cost_nano / 1e9 + plan.carbon_mg * problem.carbon_micro_per_kg / 1e12
        assert weighed == pytest.approx(weighed_program(problem), rel=1e-6, abs=1e-6)
