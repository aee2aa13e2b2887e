"""The least cost of what the planner supposes, told by HiGHS: a linear program a night."""

import math
from datetime import timedelta
from typing import Final

import highspy
import numpy as np

from chargekey.domain.planning.problem import PlanProblem

HOUR: Final = timedelta(hours=1)


def linear_program(problem: PlanProblem) -> float:
    """The least cost in currency: as much as fits of the target, the minimum filled from now on."""
    lengths_h = np.array([(slot.end - slot.start) / HOUR for slot in problem.slots])
    room_kwh = lengths_h * problem.ac_power_w / 1_000
    wanted_kwh = problem.wall_wh_to(problem.target_percent) / 1_000
    owed_s = math.ceil(problem.wall_wh_to(problem.minimum_percent) * 3_600 / problem.ac_power_w)
    owed_kwh = min(problem.ac_power_w * owed_s / 3_600_000, wanted_kwh)
    filled = np.clip(owed_kwh - (np.cumsum(room_kwh) - room_kwh), 0, room_kwh)
    need_kwh = min(wanted_kwh, room_kwh.sum())
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(room_kwh), 1
    program.col_cost_ = np.array([slot.price_micro_per_kwh / 1e6 for slot in problem.slots])
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
    return float(solver.getInfo().objective_function_value)
