"""The least that a night can cost, knowing more than the planner does: a mixed-integer program.

It may choose among currents, each with its own efficiency; it knows that power falls when the battery is nearly full;
and it pays for each start. Rules of this room:

1. Time is continuous inside a span, so that nothing is lost to a grid.
2. A span in which the car pauses has a start in it, wherever the car goes on charging afterwards.
3. Stages of the battery are filled in their order.
4. What is owed at once is no choice: in such spans the car charges as long as is said, at full power.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from chargekey.domain.planning.filling import SECONDS_AN_HOUR, curve_of
from chargekey.domain.planning.problem import PlanProblem
from tests.oracle.program import Program

WS_OF_A_KWH: Final = 1_000 * SECONDS_AN_HOUR
TRIFLE: Final = 1e-9


class Span(NamedTuple):
    """Time of one price. `owed_h`: how long the car has to charge in it at full power, None where it may choose."""

    hours: float
    price_per_kwh: float
    owed_h: float | None = None


class Level(NamedTuple):
    """One power: what the wall gives, and what of it gets into the battery."""

    wall_kw: float
    battery_kw: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the battery that is still to be filled, and at what power it can be, the highest first.

    `only_warms`: none of it arrives.
    """

    battery_kwh: float
    levels: tuple[Level, ...]
    only_warms: bool = False


def least_cost(spans: Sequence[Span], stages: Sequence[Stage], *, start_cost: float, charging: bool = False) -> float:
    """Filling all stages in these spans, starts included. They must fit."""
    program = Program()
    times = [[_times(program, span, stage) for stage in stages] for span in spans]
    for span, by_stage in zip(spans, times, strict=True):
        all_times = {time: 1.0 for levels in by_stage for time in levels}
        program.row(all_times, least=0.0 if span.owed_h is None else span.owed_h, most=span.hours)
    for number, stage in enumerate(stages):
        filled = {
            time: level.battery_kw
            for by_stage in times
            for time, level in zip(by_stage[number], stage.levels, strict=True)
        }
        program.row(filled, least=stage.battery_kwh, most=stage.battery_kwh)
    full: list[int] = []
    for number, (stage, following) in enumerate(pairwise(stages)):
        by_span = [(by_stage[number], by_stage[number + 1]) for by_stage in times]
        full = _in_order(program, spans, by_span, (stage, following), full)
    if start_cost:
        _starts(program, spans, times, start_cost, charging=charging)
    return program.least()


def supposed(problem: PlanProblem) -> float:
    """The least cost of what the planner supposes, power that falls and starts included: as much as fits of the target.

    Energy is what the wall gives, so that nothing is lost on the way; stages are the curve's, in their order.
    """
    curve = curve_of(problem.filling, problem.soc_percent, problem.target_percent)
    room_ws = sum(problem.ac_power_w * round((slot.end - slot.start).total_seconds()) for slot in problem.slots)
    fits_ws = min(curve.full_ws, room_ws)
    edges = sorted({min(edge, fits_ws) for edge in curve.edges} | {fits_ws})
    stages = []
    for start, end in pairwise(edges):
        wall_kwh = (curve.wall(end) - curve.wall(start)) / curve.parts / WS_OF_A_KWH
        kw = wall_kwh / ((end - start) / problem.ac_power_w) * SECONDS_AN_HOUR
        stages.append(Stage(wall_kwh, (Level(kw, kw),)))
    if not stages:
        return 0.0
    return least_cost(
        _spans(problem, fits_ws), stages, start_cost=problem.start_cost_micro / 1e6, charging=problem.charging
    )


def _spans(problem: PlanProblem, fits_ws: int) -> list[Span]:
    owed_s = -(-problem.full_ws_to(problem.minimum_percent) // problem.ac_power_w)
    owed_h = min(owed_s, fits_ws / problem.ac_power_w) / SECONDS_AN_HOUR
    spans: list[Span] = []
    for slot in problem.slots:
        hours, price = (slot.end - slot.start).total_seconds() / SECONDS_AN_HOUR, slot.price_micro_per_kwh / 1e6
        owed, free = min(owed_h, hours), max(0.0, hours - owed_h)
        owed_h -= owed
        if owed > TRIFLE:
            spans.append(Span(owed, price, owed))
        if free > TRIFLE and spans and spans[-1].price_per_kwh == price and spans[-1].owed_h is None:
            spans[-1] = spans[-1]._replace(hours=spans[-1].hours + free)
        elif free > TRIFLE:
            spans.append(Span(free, price))
    return spans


def _times(program: Program, span: Span, stage: Stage) -> list[int]:
    """How long the car charges in this span, at this stage, at each of its powers."""
    is_free = span.owed_h is None
    return [
        program.amount(span.hours if is_free or not nth else 0.0, cost=level.wall_kw * span.price_per_kwh)
        for nth, level in enumerate(stage.levels)
    ]


def _in_order(
    program: Program,
    spans: Sequence[Span],
    times: Sequence[tuple[list[int], list[int]]],
    pair: tuple[Stage, Stage],
    before: Sequence[int],
) -> list[int]:
    """The next stage is begun in no span before the one in which this stage gets full.

    Answers, for each span, the choice that tells whether it is; `before` are those of the stage before this one. What
    follows from them for each other is no news, but without it the program would take minutes.
    """
    (stage, next_stage), until_now, full = pair, dict[int, float](), list[int]()
    longest_h = next_stage.battery_kwh / min(level.battery_kw for level in next_stage.levels)
    for number, (span, (these, following)) in enumerate(zip(spans, times, strict=True)):
        until_now |= {time: level.battery_kw for time, level in zip(these, stage.levels, strict=True)}
        full.append(program.choice())
        program.row({**until_now, full[-1]: -stage.battery_kwh}, least=0.0)
        program.row({**dict.fromkeys(following, 1.0), full[-1]: -min(span.hours, longest_h)}, most=0.0)
        if number:
            program.row({full[-1]: 1.0, full[-2]: -1.0}, least=0.0)
        if before:
            program.row({before[number]: 1.0, full[-1]: -1.0}, least=0.0)
    return full


def _starts(
    program: Program,
    spans: Sequence[Span],
    times: Sequence[Sequence[Sequence[int]]],
    start_cost: float,
    *,
    charging: bool,
) -> None:
    """Count starts by what the car does when a span begins and ends, and by whether it charges all through it."""
    before = program.choice()
    program.row({before: 1.0}, most=float(charging))
    for span, by_stage in zip(spans, times, strict=True):
        after, start = program.choice(), program.choice(cost=start_cost)
        share = {time: 1 / span.hours for levels in by_stage for time in levels}
        program.row({start: 1.0, after: -1.0, before: 1.0}, least=0.0)
        program.row({**{time: -part for time, part in share.items()}, start: 1.0, before: 1.0}, least=0.0)
        program.row({**share, start: 1.0, before: -1.0, after: -1.0}, least=-1.0)
        before = after
