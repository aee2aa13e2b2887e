"""Problem after problem: is the plan the optimum of what is supposed, and what does it cost where more is known?"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from chargekey.domain.planning.cheapest import cheapest
from tests.oracle.judging import IN_TIME, WRONG, Verdict, end_of, has_choice, judged
from tests.oracle.problems import problem_number
from tests.oracle.world import Lived, Short, World, lived, short

SUPPOSED: Final = World("as the planner supposes")
WORLDS: Final = (
    SUPPOSED,
    World("knows low currents", has_low_currents=True),
    World("a start costs 0.2 ct: two commands", start_cost=0.002),
    World("a start costs 2.2 ct: a wake besides", start_cost=0.022),
    World("both, a start at 0.2 ct", has_low_currents=True, start_cost=0.002),
)
IS_NO_LESS_THAN: Final = -2e-6
"""Currency: as near as HiGHS goes to its optimum. A plan below it would mean that the oracle errs."""


class Night(NamedTuple):
    """One problem, and in which kinds of rows it is told."""

    number: int
    kind: str
    is_ever_below_zero: bool
    verdict: Verdict
    lived: tuple[Lived, ...]
    short: Short

    @property
    def is_right(self) -> bool:
        """The plan is the optimum, the night ends as it must, and no world knows a dearer optimum than the plan."""
        is_bounded = all(lived.gap >= IS_NO_LESS_THAN for lived in self.lived)
        return self.verdict.is_exact and self.verdict.end != WRONG and is_bounded


@dataclass(slots=True)
class Played:
    """All nights so far."""

    nights: list[Night] = field(default_factory=list)

    def wrong(self) -> list[int]:
        """The numbers of those that prove somebody wrong."""
        return [night.number for night in self.nights if not night.is_right]


def play(
    problems: int, seed: int, *, finer: int, processes: int = 1, tell: Callable[[int], None] = lambda _: None
) -> Played:
    """So many problems of this seed, the first `finer` of them in all worlds if there was something to choose."""
    played = Played()
    asked = [Asked(number, seed, worlds=WORLDS if number < finer else ()) for number in range(problems)]
    with ProcessPoolExecutor(processes) as workers:
        for night in workers.map(_night, asked, chunksize=20) if processes > 1 else map(_night, asked):
            played.nights.append(night)
            tell(night.number)
    return played


class Asked(NamedTuple):
    """One problem, and the worlds in which its plan is to be looked at."""

    number: int
    seed: int
    worlds: tuple[World, ...]


def _night(asked: Asked) -> Night:
    kind, problem = problem_number(asked.number, asked.seed)
    plan = cheapest(problem)
    verdict = judged(problem, plan)
    worlds = asked.worlds if has_choice(verdict) else ()
    is_ever_below_zero = any(slot.price_micro_per_kwh < 0 for slot in problem.slots)
    of_cost_alone = replace(problem, start_cost_micro=0)
    told = tuple(lived(of_cost_alone, cheapest(of_cost_alone), each) for each in worlds)
    return Night(asked.number, kind, is_ever_below_zero, verdict, told, short(problem, plan, SUPPOSED))


def lived_through(problems: int, seed: int) -> Iterator[Short]:
    """What lacks in the morning, of those nights that are to be in time; nobody asks what they cost."""
    for number in range(problems):
        _, problem = problem_number(number, seed)
        plan = cheapest(problem)
        if end_of(problem, plan) == IN_TIME:
            yield short(problem, plan, SUPPOSED)
