"""What becomes of a plan in a world that knows more than the planner: other currents, a battery by the percent, starts.

Rules of this room:

1. At full power the car is what the planner supposes: the gap comes from what the planner leaves out, and not from a
   car that was guessed wrongly.
2. The physics are the simulator's: a constant taken by the awake car, the rest in proportion; above 95 % power falls,
   here in steps of one percent, which the planner sees by the quarter of an hour. With these, a current between the
   least and the greatest is worth as much as taking turns between the two, so only the two are looked at.
3. A cold battery takes full power and gives nothing back until it is warm; there the planner is right.
4. Nobody looks again during the night: the car obeys the plan as it was made and stops when it has what it wants.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem, Window
from tesla_simulator.physics import tapered_kw
from tests.oracle.finest import Level, Span, Stage, least_cost

HOUR: Final = timedelta(hours=1)
SLIVER_KWH: Final = 1e-6
AWAKE_CAR_KW: Final = 0.25
FLAT_UNTIL_PERCENT: Final = 95
LEAST_A: Final = 6
VOLTAGE_V: Final = 230
MOST_ON_ONE_PHASE_W: Final = 7_360


@dataclass(frozen=True, slots=True)
class World:
    """What of the world is there. `start_cost` in currency."""

    name: str
    has_low_currents: bool = False
    start_cost: float = 0.0


class Stretch(NamedTuple):
    """Time of one price, all of it owed at once or none."""

    start: datetime
    end: datetime
    price_per_kwh: float
    is_owed: bool


@dataclass(frozen=True, slots=True)
class Lived:
    """What a plan came to: currency for energy and starts, what lacked in the battery at ready-by, in kWh.

    `best_cost`: the least for which the battery gets as much. `was_in_reach`: charging at once would have filled it.
    """

    cost: float
    short_kwh: float
    best_cost: float
    was_in_reach: bool

    @property
    def gap(self) -> float:
        """What the plan cost more than the best that gives the battery as much."""
        return self.cost - self.best_cost


class Short(NamedTuple):
    """What lacks in the battery at ready-by, in kWh; `need_not_be`: charging at once would have filled it."""

    kwh: float
    need_not_be: bool


@dataclass(slots=True)
class Walk:
    """What a car did: kWh by stage of the battery, hours by stretch, currency for energy."""

    filled_kwh: list[float]
    hours: list[float]
    cost: float = 0.0


def lived(problem: PlanProblem, plan: ChargePlan, world: World) -> Lived:
    """Let the car follow the plan, and ask what the same energy would have cost at best."""
    stages, stretches = _stages(problem, world), _stretches(problem)
    wanted_kwh = _arrived_kwh(stages, [stage.battery_kwh for stage in stages])
    walk = _walked(plan.windows, stages, stretches)
    at_once = _walked((Window(problem.now, problem.ready_by),), stages, stretches)
    reached = [replace(stage, battery_kwh=kwh) for stage, kwh in zip(stages, walk.filled_kwh, strict=True) if kwh]
    spans = [
        Span(_hours(stretch.start, stretch.end), stretch.price_per_kwh, took_h if stretch.is_owed else None)
        for stretch, took_h in zip(stretches, walk.hours, strict=True)
    ]
    return Lived(
        cost=walk.cost + plan.starts * world.start_cost,
        short_kwh=wanted_kwh - _arrived_kwh(stages, walk.filled_kwh),
        best_cost=least_cost(spans, reached, start_cost=world.start_cost, charging=problem.charging),
        was_in_reach=_arrived_kwh(stages, at_once.filled_kwh) > wanted_kwh - SLIVER_KWH,
    )


def short(problem: PlanProblem, plan: ChargePlan, world: World) -> Short:
    """Let the car follow the plan; nobody asks what it cost."""
    stages, stretches = _stages(problem, world), _stretches(problem)
    wanted_kwh = _arrived_kwh(stages, [stage.battery_kwh for stage in stages])
    lacks_kwh, at_once_kwh = (
        wanted_kwh - _arrived_kwh(stages, _walked(windows, stages, stretches).filled_kwh)
        for windows in (plan.windows, (Window(problem.now, problem.ready_by),))
    )
    return Short(lacks_kwh, at_once_kwh < SLIVER_KWH)


def _walked(windows: Sequence[Window], stages: Sequence[Stage], stretches: Sequence[Stretch]) -> Walk:
    """Charge at the highest power in these windows, until all stages are full."""
    walk = Walk([0.0] * len(stages), [0.0] * len(stretches))
    for number, stretch in enumerate(stretches):
        left_h = sum(_overlap_h(window, stretch) for window in windows)
        for nth, stage in enumerate(stages):
            full = stage.levels[0]
            took_h = min(left_h, (stage.battery_kwh - walk.filled_kwh[nth]) / full.battery_kw)
            walk.filled_kwh[nth] += took_h * full.battery_kw
            walk.cost += took_h * full.wall_kw * stretch.price_per_kwh
            walk.hours[number] += took_h
            left_h -= took_h
    return walk


def _arrived_kwh(stages: Sequence[Stage], filled_kwh: Sequence[float]) -> float:
    return sum(kwh for stage, kwh in zip(stages, filled_kwh, strict=True) if not stage.only_warms)


def _stages(problem: PlanProblem, world: World) -> list[Stage]:
    """From where the battery stands up to the target, in parts of one power each."""
    if problem.soc_percent >= problem.target_percent:
        return []
    full_kw = problem.ac_power_w / 1_000
    warms = Stage(full_kw * problem.warm_up_s / 3_600, (Level(full_kw, full_kw),), only_warms=True)
    return [*([warms] if problem.warm_up_s else []), *_filled(problem, world)]


def _filled(problem: PlanProblem, world: World) -> list[Stage]:
    edges = [problem.soc_percent, *range(max(FLAT_UNTIL_PERCENT, problem.soc_percent + 1), problem.target_percent)]
    ends = [*edges[1:], problem.target_percent]
    return [
        Stage(
            problem.usable_wh * (end - begin) / 100_000,
            tuple(_levels(problem, world, (begin + end) / 2 if begin >= FLAT_UNTIL_PERCENT else 0.0)),
        )
        for begin, end in zip(edges, ends, strict=True)
    ]


def _levels(problem: PlanProblem, world: World, soc_percent: float) -> Iterator[Level]:
    full_kw = problem.ac_power_w / 1_000
    phases = 1 if problem.ac_power_w <= MOST_ON_ONE_PHASE_W else 3
    most_kw, least_kw = tapered_kw(full_kw, soc_percent), phases * LEAST_A * VOLTAGE_V / 1_000
    share = problem.efficiency_percent / 100 + AWAKE_CAR_KW / full_kw
    yield Level(most_kw, share * most_kw - AWAKE_CAR_KW)
    if world.has_low_currents and least_kw < most_kw:
        yield Level(least_kw, share * least_kw - AWAKE_CAR_KW)


def _stretches(problem: PlanProblem) -> list[Stretch]:
    """Price slots, cut where nothing is owed any more, and neighbours of one price made one."""
    owed_ws = min(problem.full_ws_to(problem.minimum_percent), problem.full_ws_to(problem.target_percent))
    owed_until = problem.now + timedelta(seconds=-(-owed_ws // problem.ac_power_w))
    cuts = [
        Stretch(start, end, slot.price_micro_per_kwh / 1e6, end <= owed_until)
        for slot in problem.slots
        for start, end in _cut(slot.start, slot.end, owed_until)
    ]
    alike = [list(these) for _, these in groupby(cuts, lambda cut: (cut.price_per_kwh, cut.is_owed))]
    return [these[0]._replace(end=these[-1].end) for these in alike]


def _cut(start: datetime, end: datetime, at: datetime) -> Sequence[tuple[datetime, datetime]]:
    return ((start, at), (at, end)) if start < at < end else ((start, end),)


def _overlap_h(window: Window, stretch: Stretch) -> float:
    return max(0.0, _hours(max(window.start, stretch.start), min(window.end, stretch.end)))


def _hours(start: datetime, end: datetime) -> float:
    return (end - start) / HOUR
