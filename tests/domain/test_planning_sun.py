"""Hours of the home's own sun: fewer amps where that is cheaper, and nothing else changes.

Drawn as in `drawn.py`: a quarter at full current is 1 kWh (4 kW, here 16 A at 250 W each) and a digit is cents.
"""

from dataclasses import replace

import pytest

from chargekey.domain.planning.ahead import shared_out
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.cost import charged_ws, cost_nano_of
from chargekey.domain.planning.pieces import cut
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import NightAhead, PlanProblem, ProblemUnclear
from chargekey.domain.planning.sun import Level, SunAhead, levels_below
from chargekey.domain.tariff import PriceSlot
from tests.domain.drawn import NOW, QUARTER, draw, night
from tests.oracle.sunny import sunny_nights, sunny_problem

EVERY_AMP = levels_below(16, 4_000, [(amps, amps * 250, 100) for amps in range(6, 16)], 100)


def sunny(prices: str, quarters: float, surplus_w: str, *, feed_in_cents: int = 1, **also: int) -> PlanProblem:
    """`surplus_w`: by quarter, in hundreds of watts."""
    problem = night(prices, quarters, start_cents=also.get("start_cents", 0), owed=also.get("owed", 0))
    watts = tuple(int(one) * 100 for one in surplus_w.split())
    return replace(problem, sun=SunAhead(watts, feed_in_cents * 10_000, EVERY_AMP))


def amps(plan: ChargePlan) -> list[tuple[float, float, int]]:
    """Each stretch below the full current, in quarters from now."""
    return [((one.start - NOW) / QUARTER, (one.end - NOW) / QUARTER, one.current_a) for one in plan.gentle]


# ── which current ──────────────────────────────────────────────────────────────────────────────────


def test_where_the_sun_carries_fewer_amps_the_car_takes_those() -> None:
    problem = sunny("9 9 9 9 5 5", 1.5, "0 20 20 0 0 0")
    plan = cheapest(problem)
    assert (draw(problem, plan), amps(plan)) == (".##.<.", [(1, 3, 8)])
    assert (plan.sun_wh, plan.energy_wh, plan.cost_nano) == (1_000, 1_500, 1_000 * 10_000 + 500 * 50_000)


def test_a_cheaper_hour_of_the_night_is_taken_before_more_amps() -> None:
    plan = cheapest(sunny("9 9 4 4", 2, "20 20 0 0"))
    assert amps(plan) == [(0, 2, 8)]
    assert plan.why.dearest_price_micro_per_kwh == 40_000
    assert plan.why.next_price_micro_per_kwh == 40_000


def test_where_the_grid_is_no_dearer_than_elsewhere_more_amps_are_taken() -> None:
    plan = cheapest(sunny("3 3 9 9", 2, "20 20 0 0"))
    assert (amps(plan), plan.sun_wh, plan.energy_wh) == ([], 1_000, 2_000)
    assert plan.cost_nano == 1_000 * 10_000 + 1_000 * 30_000


def test_less_sun_than_the_fewest_amps_is_made_up_by_the_grid() -> None:
    plan = cheapest(sunny("9 9 8 8", 0.5, "12 12 0 0"))
    drawn_wh, from_the_sun_wh = 6 * 250 // 4, 300
    assert amps(plan)[0][2] == 6
    assert plan.slots[0].wall_wh in (drawn_wh, 500 - drawn_wh)
    assert plan.slots[0].sun_wh in (from_the_sun_wh, (500 - drawn_wh) * 4 // 5)


def test_more_sun_than_the_car_can_take_is_the_full_current() -> None:
    plan = cheapest(sunny("9 9 1 1", 1, "60 60 0 0", feed_in_cents=0))
    assert (amps(plan), plan.sun_wh, plan.cost_nano) == ([], 1_000, 0)


def test_sun_for_which_the_grid_pays_more_than_it_costs_is_left_alone() -> None:
    problem = sunny("9 9 2 2", 2, "40 40 0 0", feed_in_cents=4)
    assert draw(problem, cheapest(problem)) == "..##"


def test_the_marginal_hour_is_cut_in_two_currents() -> None:
    plan = cheapest(sunny("3 9 9 9", 0.5, "12 0 0 0"))
    assert amps(plan) == [(0, pytest.approx(2 / 3), 9), (pytest.approx(2 / 3), 1, 6)]
    assert (plan.energy_wh, plan.sun_wh) == (500, 300)


# ── beside everything else ─────────────────────────────────────────────────────────────────────────


def test_what_is_owed_is_charged_at_full_current_and_has_its_sun() -> None:
    plan = cheapest(sunny("9 9 0 0", 2, "20 20 0 0", owed=1))
    assert amps(plan) == []
    assert (plan.slots[0].wall_wh, plan.slots[0].sun_wh) == (1_000, 500)


def test_a_price_cap_leaves_the_sun_alone_and_bars_what_goes_beyond_it() -> None:
    problem = replace(sunny("9 9 7 7", 2, "20 20 0 0"), cap_micro_per_kwh=60_000)
    plan = cheapest(problem)
    assert (amps(plan), plan.energy_wh, plan.missing_wh, plan.barred_wh) == ([(0, 2, 8)], 1_000, 1_000, 1_000)
    assert plan.why.next_price_micro_per_kwh is None


def test_sun_stands_for_no_carbon() -> None:
    problem = replace(sunny("9 9 9 9", 1, "20 20 0 0"), carbon_g_per_kwh=(400,) * 4)
    plan = cheapest(problem)
    assert (plan.carbon_mg, plan.why.carbon_at_once_mg) == (0, 500 * 400)


def test_starts_are_spared_among_the_other_hours() -> None:
    free = sunny("9 9 1 3 1 9", 2.5, "20 0 0 0 0 0", feed_in_cents=0)
    dear = replace(free, start_cost_micro=50_000)
    assert draw(free, cheapest(free)) == "#.#.#."
    plan = cheapest(dear)
    assert (draw(dear, plan), amps(plan), plan.why.starts_spared) == ("#.##..", [(0, 1, 8)], 1)


def test_plug_in_and_charge_has_the_sun_of_its_hours() -> None:
    plan = cheapest(sunny("9 9 9 1 1 1", 1, "20 20 0 0 0 0"))
    assert plan.why.cost_at_once_nano == 500 * 10_000 + 500 * 90_000


def test_a_later_night_with_sun_is_waited_for() -> None:
    later = tuple(PriceSlot(NOW + n * QUARTER, NOW + (n + 1) * QUARTER, 90_000) for n in range(20, 24))
    problem = replace(sunny("5 5 5 5", 1, "0 0 0 0"), ahead=(NightAhead(4, later),))
    waiting = replace(problem, ahead=(NightAhead(4, later, surplus_w=(0, 2_000, 2_000, 0)),))
    by_night = [shared_out(one, cut(one)).by_night_ws for one in (problem, waiting)]
    kwh = [[ws // 3_600_000 for ws in nights] for nights in by_night]
    assert kwh == [[2, 0], [1, 1]]


def test_what_windows_cost_knows_their_currents() -> None:
    problem = sunny("9 9 9 9 5 5", 1.5, "0 20 20 0 0 0")
    plan = cheapest(problem)
    assert cost_nano_of(problem, plan.windows, plan.gentle) == plan.cost_nano
    assert charged_ws(problem, plan.windows, plan.gentle) == 1_500 * 3_600


# ── exact ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_random_nights_cost_what_a_linear_program_of_all_currents_costs() -> None:
    nights = list(sunny_nights(300, seed=7))
    assert [number for number, one in enumerate(nights) if not one.is_right] == []
    assert sum(one.is_gentle for one in nights) > 50
    assert sum(one.is_equal for one in nights) > 250


def test_the_same_inputs_are_the_same_plan_and_sun_is_one_of_them() -> None:
    problem = sunny_problem(3, seed=1)
    assert cheapest(problem) == cheapest(problem)
    assert problem.sun is not None
    other = replace(problem, sun=replace(problem.sun, feed_in_micro_per_kwh=1))
    assert len({one.inputs_hash for one in (problem, other, replace(problem, sun=None))}) == 3


def test_a_low_current_counts_for_less_than_it_draws() -> None:
    told = levels_below(16, 11_040, [(6, 4_140, 78), (7, 4_830, 78), (15, 10_350, 90)], 90)
    assert told == (Level(6, 4_140, 3_450), Level(7, 4_830, 4_140), Level(15, 10_350, 10_350))
    assert levels_below(7, 7_000, [(5, 5_000, 85), (6, 6_000, 85)], 100) == (
        Level(5, 5_000, 4_000),
        Level(6, 6_000, 5_000),
    )


@pytest.mark.parametrize(
    ("sun", "says"),
    [
        (SunAhead((1,), 0, EVERY_AMP), "every slot"),
        (SunAhead((0, -1), 0, EVERY_AMP), "below nothing"),
        (SunAhead((0, 1), 0, ()), "rises"),
        (SunAhead((0, 1), 0, (Level(8, 2_000, 2_000), Level(6, 1_500, 1_500))), "rises"),
        (SunAhead((0, 1), 0, (Level(8, 2_000, 4_000),)), "less than the full"),
    ],
)
def test_sun_that_makes_no_problem_is_refused(sun: SunAhead, says: str) -> None:
    with pytest.raises(ProblemUnclear, match=says):
        replace(night("1 1", 1), sun=sun)


def test_of_equal_hours_of_sun_the_first_are_taken() -> None:
    """Another plan ends as late as leaves half an hour; the last of the sun may never come."""
    plan = cheapest(sunny("9 9 9 9 9 9 9 9", 1, "0 20 20 20 20 20 20 20"))
    assert amps(plan) == [(1, 3, 8)]
