"""What a driver would save who can wait: the same night, left half an hour or up to two hours later.

A question beside the plan and no part of it: the plan is for the time that he said. Only by prices that are out, and by
cost alone, what starts cost included. A later ready-by never costs more, so the most that is saved is at the latest;
told is the earliest that saves as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.planning.sun import SunAhead
from chargekey.domain.tariff import PriceSlot

STEP: Final = timedelta(minutes=30)
LATEST: Final = timedelta(hours=2)
WORTH_TELLING_NANO: Final = 100_000_000
"""Ten hundredths of the currency: who moves his morning for less?"""


@dataclass(frozen=True, slots=True)
class Later:
    """Another ready-by time, and what the night would cost less with it, in nano-units of currency."""

    ready_by: datetime
    saves_nano: int


@lru_cache(maxsize=256)
def leaving_later(problem: PlanProblem, after: tuple[PriceSlot, ...]) -> Later | None:
    """`after`: the prices that are out from ready-by on, in quarters of an hour. None: nothing worth telling.

    Nor is there where the goal is out of reach, since then more is charged rather than less paid.
    """
    alone = replace(problem, carbon_g_per_kwh=(), carbon_micro_per_kg=0, ahead=())
    costs, best = _weighed(alone), None
    if costs is None or problem.prices_known_until < problem.ready_by:
        return None
    for moment in reversed(_moments(problem.ready_by, after)):
        until = tuple(slot for slot in after if slot.end <= moment)
        slots, sun = (*alone.slots, *until), _prolonged(alone.sun, len(until))
        then = _weighed(replace(alone, ready_by=moment, slots=slots, prices_known_until=moment, sun=sun))
        saves_nano = 0 if then is None else costs - then
        if saves_nano < max(WORTH_TELLING_NANO, best.saves_nano if best else 0):
            break
        best = Later(moment, saves_nano)
    return best


def _moments(ready_by: datetime, after: Sequence[PriceSlot]) -> list[datetime]:
    """Half hours on the clock of ready-by, as far as prices are out without a gap."""
    known_until = ready_by
    for slot in after:
        if slot.start == known_until:
            known_until = slot.end
    steps = [ready_by + number * STEP for number in range(1, LATEST // STEP + 1)]
    return [moment for moment in steps if moment <= known_until]


def _prolonged(sun: SunAhead | None, slots: int) -> SunAhead | None:
    """With so many slots more, of whose sun nobody has asked."""
    return sun and replace(sun, surplus_w=(*sun.surplus_w, *(0,) * slots))


def _weighed(problem: PlanProblem) -> int | None:
    """Energy and starts of the cheapest plan, in nano-units. None: out of reach."""
    plan = cheapest(problem)
    return None if plan.missing_wh else plan.cost_nano + plan.starts * problem.start_counts_micro * 1_000
