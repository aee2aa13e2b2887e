"""Planners to compare today's with (`make candidate PLANNER=tests.month.candidates:at_once`)."""

from dataclasses import replace

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.cost import cost_nano_of
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem


def free_starts(problem: PlanProblem) -> ChargePlan:
    """Today's, as it was before a start cost something."""
    return cheapest(replace(problem, start_cost_micro=0))


def at_once(problem: PlanProblem) -> ChargePlan:
    """Plug in and charge: every hour costs the same, and the night is over as soon as possible."""
    alike = tuple(replace(slot, price_micro_per_kwh=0) for slot in problem.slots)
    plan = cheapest(replace(problem, slots=alike, charging=True))
    return replace(plan, cost_nano=cost_nano_of(problem, plan.windows), starts=plan.starts + 1)


def half_full(problem: PlanProblem) -> ChargePlan:
    """One that is found out: it charges half of what is needed."""
    return cheapest(replace(problem, target_percent=(problem.soc_percent + problem.target_percent) // 2))
