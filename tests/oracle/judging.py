"""Whether a plan is the optimum of what the planner supposes, and how the night ends.

Where power falls near full or a start costs something, a mixed-integer program tells the optimum, to within
`PROVED_NANO`; else a linear one.
"""

from typing import Final, NamedTuple

from chargekey.domain.planning.filling import SECONDS_AN_HOUR, curve_of
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem, Window
from tests.oracle.finest import supposed
from tests.oracle.linear import HOUR, linear_program

ROUNDED_NANO: Final = 0.501
"""A plan's cost is rounded to a whole nano-unit; HiGHS's is not, and adds up in floating point."""

PROVED_NANO: Final = 500.0
"""HiGHS proves a mixed-integer program to a ten-millionth of a euro, and keeps to its rows no better than that."""

THERE_ALREADY: Final = "nothing to charge"
IN_TIME: Final = "reached in time"
OUT_OF_REACH: Final = "out of reach: every slot is used, and what is missing is told"
WRONG: Final = "wrong"
ENDS: Final = (IN_TIME, THERE_ALREADY, OUT_OF_REACH, WRONG)


class Verdict(NamedTuple):
    """How the night ends, and how far from the optimum's the plan's cost is."""

    end: str
    off_nano: float
    weakens: bool = False
    has_starts: bool = False

    @property
    def is_exact(self) -> bool:
        """Equal to the last digit that a plan tells, or that the mixed-integer program proves."""
        return self.off_nano <= (PROVED_NANO if self.weakens or self.has_starts else ROUNDED_NANO)


def judged(problem: PlanProblem, plan: ChargePlan) -> Verdict:
    """Ask the program that can tell."""
    weakens, has_starts = bool(problem.weakens), problem.start_cost_micro > 0
    least = supposed(problem) if weakens or has_starts else linear_program(problem)
    cost_nano = plan.cost_nano + plan.starts * problem.start_cost_micro * 1_000
    return Verdict(end_of(problem, plan), abs(cost_nano - least * 1e9), weakens, has_starts)


def has_choice(verdict: Verdict) -> bool:
    """Whether there was anything to choose that night."""
    return verdict.end == IN_TIME


def end_of(problem: PlanProblem, plan: ChargePlan) -> str:
    """How the night ends, and whether it ends as it must."""
    need_wh, need_ws = problem.wall_wh_to(problem.target_percent), problem.full_ws_to(problem.target_percent)
    room_ws = sum(
        problem.ac_power_w * round((slot.end - slot.start) / HOUR * SECONDS_AN_HOUR) for slot in problem.slots
    )
    if need_ws > room_ws:
        uses_all = plan.windows == (Window(problem.now, problem.ready_by),) and plan.ready_at > problem.ready_by
        all_wh = curve_of(problem.filling, problem.soc_percent, problem.target_percent).wall_ws(room_ws) // 3600
        tells_all = plan.missing_wh == need_wh - all_wh and plan.energy_wh + plan.missing_wh == need_wh
        return OUT_OF_REACH if uses_all and tells_all else WRONG
    if plan.missing_wh or plan.energy_wh != need_wh or plan.ready_at > problem.ready_by:
        return WRONG
    return IN_TIME if need_wh else THERE_ALREADY
