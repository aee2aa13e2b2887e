"""The least cost of what the planner supposes, and the least carbon at that cost, told by HiGHS: linear programs."""

import math
from datetime import timedelta
from fractions import Fraction
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from chargekey.domain.planning.problem import PlanProblem
from tests.oracle.program import Program

HOUR: Final = timedelta(hours=1)
Numbers = NDArray[np.float64]
MICRO_OUTWEIGHS: Final = 1_000
"""One micro-unit per kWh outweighs all carbon that any kWh stands for, in tens of grams."""


def linear_program(problem: PlanProblem) -> float:
    """The least cost in currency: as much as fits of the target, the minimum filled from now on."""
    return float(_prices(problem) @ _least(problem, _prices(problem)))


def weighed_program(problem: PlanProblem) -> float:
    """The same with carbon at the driver's price."""
    weighed = _prices(problem) + _grams(problem) * problem.carbon_micro_per_kg / 1e9
    return float(weighed @ _least(problem, weighed))


def least_carbon_mg(problem: PlanProblem) -> float:
    """The least carbon of all that have the least cost, if grams are whole tens: one program that weighs both."""
    both = np.round(_prices(problem) * 1e6) * MICRO_OUTWEIGHS + _grams(problem) / 10
    return float(_grams(problem) @ _least(problem, both)) * 1_000


def ahead_program(problem: PlanProblem) -> float:
    """The least cost of tonight and of all nights ahead: so much at least by each ready-by, or as much as fits."""
    nights = [problem.slots, *(night.slots for night in problem.ahead)]
    percents = [problem.target_percent, *(night.target_percent for night in problem.ahead)]
    program, by_night, reached_kwh, room_kwh = Program(), [], 0.0, 0.0
    owed_s = math.ceil(problem.full_ws_to(problem.minimum_percent) / problem.ac_power_w)
    owed_kwh = min(problem.ac_power_w * owed_s / 3_600_000, problem.full_ws_to(problem.highest_percent) / 3_600_000)
    terms: dict[int, float] = {}
    for slots, percent in zip(nights, percents, strict=True):
        for slot in slots:
            most = (slot.end - slot.start) / HOUR * problem.ac_power_w / 1_000
            amount = program.amount(most, cost=slot.price_micro_per_kwh / 1e6)
            least, owed_kwh = min(owed_kwh, most), max(0.0, owed_kwh - most)
            program.row({amount: 1.0}, least=least if slots is problem.slots else 0.0)
            terms[amount], room_kwh = 1.0, room_kwh + most
        reached_kwh = min(max(reached_kwh, problem.full_ws_to(percent) / 3_600_000), room_kwh)
        by_night.append((dict(terms), reached_kwh))
    for some, least in by_night:
        program.row(some, least=least)
    program.row(terms, least=reached_kwh, most=reached_kwh)
    return program.least()


def sun_program(problem: PlanProblem) -> float:
    """The least cost where the home has sun to spare: any share of each slot at any current, as much as fits.

    Costs are in units of currency, with carbon at the driver's price; what is charged counts as at full current, and
    what a kilowatt-hour of that costs is whole micro-units, as the planner supposes.
    """
    program, sun, terms, room = Program(), problem.sun, dict[int, float](), 0.0
    owed_s = math.ceil(problem.full_ws_to(problem.minimum_percent) / problem.ac_power_w)
    need = problem.full_ws_to(problem.target_percent) / 3_600_000
    owed_h = min(owed_s / 3_600, need * 1_000 / problem.ac_power_w)
    for nth, slot in enumerate(problem.slots):
        hours = (slot.end - slot.start) / HOUR
        surplus_w = sun.surplus_w[nth] if sun else 0
        full = (problem.ac_power_w, problem.ac_power_w)
        below = [(level.wall_w, level.full_w) for level in sun.levels] if sun and surplus_w else []
        times = {}
        for wall_w, full_w in [full, *below]:
            from_sun_w = min(surplus_w, wall_w)
            grid_w, feed_in = wall_w - from_sun_w, sun.feed_in_micro_per_kwh if sun else 0
            micro = round(Fraction(slot.price_micro_per_kwh * grid_w + feed_in * from_sun_w, full_w))
            price = micro / 1e6 * full_w
            if problem.carbon_g_per_kwh:
                grams = round(Fraction(problem.carbon_g_per_kwh[nth] * grid_w, full_w))
                price += grams * problem.carbon_micro_per_kg / 1e9 * full_w
            times[program.amount(hours, cost=price / 1_000)] = full_w / 1_000
        least, owed_h = min(owed_h, hours), max(0.0, owed_h - hours)
        program.row({next(iter(times)): 1.0}, least=least)
        program.row(dict.fromkeys(times, 1.0), most=hours)
        terms |= times
        room += hours * problem.ac_power_w / 1_000
    program.row(terms, least=min(need, room), most=min(need, room))
    return program.least()


def _prices(problem: PlanProblem) -> Numbers:
    return np.array([slot.price_micro_per_kwh / 1e6 for slot in problem.slots])


def _grams(problem: PlanProblem) -> Numbers:
    return np.array(problem.carbon_g_per_kwh, dtype=np.float64)


def _least(problem: PlanProblem, per_kwh: Numbers) -> Numbers:
    """The kWh of each slot at which the sum of what each kWh weighs is least."""
    lengths_h = np.array([(slot.end - slot.start) / HOUR for slot in problem.slots])
    room_kwh = lengths_h * problem.ac_power_w / 1_000
    wanted_kwh = problem.wall_wh_to(problem.target_percent) / 1_000
    owed_s = math.ceil(problem.wall_wh_to(problem.minimum_percent) * 3_600 / problem.ac_power_w)
    owed_kwh = min(problem.ac_power_w * owed_s / 3_600_000, wanted_kwh)
    filled = np.clip(owed_kwh - (np.cumsum(room_kwh) - room_kwh), 0, room_kwh)
    need_kwh = min(wanted_kwh, room_kwh.sum())
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(room_kwh), 1
    program.col_cost_ = per_kwh
    program.col_lower_, program.col_upper_ = filled, room_kwh
    program.row_lower_ = program.row_upper_ = np.array([need_kwh])
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.array([0, len(room_kwh)])
    program.a_matrix_.index_, program.a_matrix_.value_ = np.arange(len(room_kwh)), np.ones(len(room_kwh))
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ValueError(f"no optimum: {solver.getModelStatus()}")
    return np.array(solver.getSolution().col_value)
