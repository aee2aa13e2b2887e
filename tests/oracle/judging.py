"""Whether a plan is the optimum of what the planner supposes, and how the night ends."""

from typing import Final, NamedTuple

from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import SECONDS_AN_HOUR, PlanProblem, Window
from tests.oracle.linear import HOUR, linear_program

ROUNDED_NANO: Final = 0.501
"""A plan's cost is rounded to a whole nano-unit; HiGHS's is not, and adds up in floating point."""

THERE_ALREADY: Final = "nothing to charge"
IN_TIME: Final = "reached in time"
OUT_OF_REACH: Final = "out of reach: every slot is used, and what is missing is told"
WRONG: Final = "wrong"
ENDS: Final = (IN_TIME, THERE_ALREADY, OUT_OF_REACH, WRONG)


class Verdict(NamedTuple):
    """How the night ends, and how far from the optimum's the plan's cost is."""

    end: str
    off_nano: float

    @property
    def is_exact(self) -> bool:
        """Equal to the last digit that a plan tells."""
        return self.off_nano <= ROUNDED_NANO


def judged(problem: PlanProblem, plan: ChargePlan) -> Verdict:
    """Ask the linear program."""
    return Verdict(_end(problem, plan), abs(plan.cost_nano - linear_program(problem) * 1e9))


def has_choice(verdict: Verdict) -> bool:
    """Whether there was anything to choose that night."""
    return verdict.end == IN_TIME


def _end(problem: PlanProblem, plan: ChargePlan) -> str:
    need_wh = problem.wall_wh_to(problem.target_percent)
    room_ws = sum(
        problem.ac_power_w * round((slot.end - slot.start) / HOUR * SECONDS_AN_HOUR) for slot in problem.slots
    )
    if need_wh * SECONDS_AN_HOUR > room_ws:
        uses_all = plan.windows == (Window(problem.now, problem.ready_by),) and plan.ready_at > problem.ready_by
        tells_all = (
            plan.missing_wh == need_wh - room_ws // SECONDS_AN_HOUR and plan.energy_wh + plan.missing_wh == need_wh
        )
        return OUT_OF_REACH if uses_all and tells_all else WRONG
    if plan.missing_wh or plan.energy_wh != need_wh or plan.ready_at > problem.ready_by:
        return WRONG
    return IN_TIME if need_wh else THERE_ALREADY
