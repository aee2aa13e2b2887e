"""`make candidate`: a year of cars and real prices through today's planner, and through one that would replace it.

    python -m tests.month.candidate package.module:planner [--cars 100] [--first 2024-01-01] [--days 365]

A planner is a function from `PlanProblem` to `ChargePlan`. Both live through the year by themselves, each with the
battery that its own nights left behind; then the candidate solves once more every problem that today's planner met, so
that single plans can be compared. Ends with 1 if the candidate has a car late that need not be. Without a name it is
today's planner itself, which differs from itself in nothing.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from pkgutil import resolve_name
from typing import Final

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.cost import cost_nano_of
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import SECOND, PlanProblem
from tests.month.lives import lives
from tests.month.planned import Planner
from tests.month.rounds import Round, with_planner

TODAYS: Final = "chargekey.domain.planning.cheapest:cheapest"
PROCESSES: Final = 2
ROUNDED_S: Final = 1
ROUNDED_NANO: Final = 1_000_000
"""A plan ends with a whole second: at 11 kW and 30 ct a kWh that is a tenth of a cent."""


@dataclass
class Met:
    """A planner, and the problems that it met."""

    planner: Planner
    problems: list[PlanProblem] = field(default_factory=list)

    def __call__(self, problem: PlanProblem) -> ChargePlan:
        self.problems.append(problem)
        return self.planner(problem)


@dataclass
class Compared:
    """One candidate beside today's planner. Counts are of plans for the same problem."""

    todays: Round
    candidates: Round
    plans: int = 0
    alike: int = 0
    cheaper: int = 0
    dearer: int = 0
    short: int = 0
    took_s: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def with_other(self, other: "Compared") -> "Compared":
        for name in ("plans", "alike", "cheaper", "dearer", "short"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.took_s = [one + two for one, two in zip(self.took_s, other.took_s, strict=True)]
        self.todays, self.candidates = (
            self.todays.with_other(other.todays),
            self.candidates.with_other(other.candidates),
        )
        return self

    def add(self, problem: PlanProblem, candidate: Planner) -> None:
        """What each makes of it, by its windows alone. Starts count as the problem weighs them."""
        (then, then_s), (now, now_s) = _timed(cheapest, problem), _timed(candidate, problem)
        self.took_s = [self.took_s[0] + then_s, self.took_s[1] + now_s]
        self.plans += 1
        self.alike += now.windows == then.windows
        lacks_s = _charges_s(then) - _charges_s(now)
        self.short += lacks_s > ROUNDED_S
        saves_nano = _weighed_nano(problem, then) - _weighed_nano(problem, now)
        if abs(lacks_s) <= ROUNDED_S:
            self.cheaper += saves_nano > ROUNDED_NANO
            self.dearer += saves_nano < -ROUNDED_NANO


def compared(name: str, share: int, of: int, cars: int, days: int, first: date) -> Compared:
    """A process's part: every `of`th car from `share` on."""
    candidate: Planner = resolve_name(name)
    theirs, met = lives(cars, first, days)[share::of], Met(cheapest)
    told = Compared(with_planner(theirs, first, days, met), with_planner(theirs, first, days, candidate))
    for problem in met.problems:
        told.add(problem, candidate)
    return told


def report(told: Compared) -> Sequence[str]:
    """Two tables in Markdown."""
    rows = [("today's planner", told.todays, told.took_s[0]), ("the candidate", told.candidates, told.took_s[1])]
    lines = list(_head("", "nights", "ready", "above foresight", "saved", "starts a night", "ms a plan"))
    for name, played, took_s in rows:
        one = played.judged
        saved = 100 * (1 - one.paid / one.at_once) if one.at_once else 0.0
        lines.append(
            f"| {name} | {one.nights:,} | {one.ready:,} of {one.reachable:,} | {one.above_foresight_percent:.3f} % | "
            f"{saved:.2f} % | {one.starts_a_night:.3f} | {1000 * took_s / max(1, told.plans):.2f} |"
        )
    counts = f"| {told.plans:,} | {told.alike:,} | {told.cheaper:,} | {told.dearer:,} | {told.short:,} |"
    return [
        *lines,
        "",
        "| the same problems | same windows | cheaper | dearer | shorter |",
        "|---|---|---|---|---|",
        counts,
    ]


def _timed(planner: Planner, problem: PlanProblem) -> tuple[ChargePlan, float]:
    began_s = time.process_time()
    return planner(problem), time.process_time() - began_s


def _charges_s(plan: ChargePlan) -> int:
    return sum((end - start) // SECOND for start, end in plan.windows)


def _weighed_nano(problem: PlanProblem, plan: ChargePlan) -> int:
    goes_on = problem.charging and bool(plan.windows) and plan.windows[0].start == problem.now
    starts = len(plan.windows) - goes_on
    return cost_nano_of(problem, plan.windows) + starts * problem.start_counts_micro * 1_000


def _head(*names: str) -> Sequence[str]:
    return f"| {' | '.join(names)} |", "|" + "---|" * len(names)


def main(asked: argparse.Namespace) -> int:
    first = date.fromisoformat(asked.first)
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = [
            pool.submit(compared, asked.planner, share, PROCESSES, asked.cars, asked.days, first)
            for share in range(PROCESSES)
        ]
        told = reduce(Compared.with_other, [part.result() for part in parts])
    print(*report(told), sep="\n")
    late = told.candidates.judged.late
    print(*(f"not ready: {one}" for one in late[:10]), sep="\n")
    return 1 if late or told.short else 0


if __name__ == "__main__":
    reads = argparse.ArgumentParser(prog="python -m tests.month.candidate", description=__doc__)
    reads.add_argument("planner", nargs="?", default=TODAYS)
    reads.add_argument("--cars", type=int, default=100)
    reads.add_argument("--first", default="2024-01-01")
    reads.add_argument("--days", type=int, default=365)
    sys.exit(main(reads.parse_args()))
