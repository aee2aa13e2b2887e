"""Our planners against HiGHS, one program for each car, in the same run and on the same cars.

Usage: `make bench`, or `python -m benchmarks.bench_planner [cars]`. One line a planner: cars per second (the best of
three turns), times HiGHS, and how far its costs are from HiGHS's. Fairness: HiGHS solves any program and answers for
one car at a time; `cheapest_many` and `cheapest_with_starts` can only do this one, and share the sorting of prices or
the walk through the slots. `cheapest` also settles ties, cuts windows and says why.
"""

import os
import sys
from typing import Final

import highspy
import numpy as np

from benchmarks.night import QUARTER, QUARTERS, TARIFFS, Whole, clocked, first_of, fleet, price_rows, problems
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.many import Fleet, cheapest_many
from chargekey.domain.planning.with_starts import cheapest_with_starts
from tests.oracle.finest import Level, Span, Stage, least_cost

ONE_BY_ONE: Final = 2_000
ALL_AT_ONCE: Final = 100_000
WITH_STARTS: Final = 20_000
MIXED_INTEGER: Final = 40
START_NANO: Final = 10_000_000
"""A cent: what the starts of a night are measured with in the reference (smart-charging §3.3)."""
EQUAL_TO: Final = 1e-6
QUARTER_H: Final = QUARTER.total_seconds() / 3_600


def by_highs(rows: Whole, cars: Fleet) -> list[float]:
    """The least cost of each car in currency, one model after the other in one solver."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    costs = []
    for car in range(len(cars.need_wh)):
        count = int(cars.end[car] - cars.first[car])
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = count, 1
        model.col_cost_ = rows[cars.tariff[car], cars.first[car] : cars.end[car]] / 1e6
        model.col_lower_, model.col_upper_ = np.zeros(count), np.full(count, cars.room_wh[car] / 1e3)
        model.row_lower_ = model.row_upper_ = np.array([cars.need_wh[car] / 1e3])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array([0, count])
        model.a_matrix_.index_, model.a_matrix_.value_ = np.arange(count), np.ones(count)
        solver.passModel(model)
        solver.run()
        costs.append(float(solver.getInfo().objective_function_value))
    return costs


def with_starts_by_highs(rows: Whole, cars: Fleet) -> list[float]:
    """The least cost of each car where a start costs something, one mixed-integer program after the other."""
    costs = []
    for car in range(len(cars.need_wh)):
        power_kw = float(cars.room_wh[car]) / QUARTER_H / 1e3
        prices = rows[cars.tariff[car], cars.first[car] : cars.end[car]] / 1e6
        stage = Stage(float(cars.need_wh[car]) / 1e3, (Level(power_kw, power_kw),))
        costs.append(least_cost([Span(QUARTER_H, price) for price in prices], [stage], start_cost=START_NANO / 1e9))
    return costs


def told(name: str, cars: int, seconds: float, peer_s_a_car: float, off: str = "") -> None:
    """One line."""
    speed = cars / seconds
    print(f"{name:46} {speed:12,.0f} cars/s {speed * peer_s_a_car:10.1f} ×{off}")


def furthest(ours: Whole, theirs: list[float]) -> str:
    """The largest difference, relative or absolute, whichever is smaller. Stops the run if costs are not equal."""
    off = max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(ours / 1e9, theirs, strict=True))
    if off > EQUAL_TO:
        raise SystemExit(f"costs differ by {off}")
    return f"   costs within {off:.1e}"


def without_starts(rows: Whole, count: int) -> None:
    """Energy alone costs something: the first cars by all three, then the batch on many more."""
    cars, many = fleet(count), fleet(ALL_AT_ONCE)
    peer, peer_s = clocked(lambda: by_highs(rows, cars))
    posed = problems(rows, cars)
    plans, one_s = clocked(lambda: [cheapest(problem) for problem in posed])
    batch, batch_s = clocked(lambda: cheapest_many(rows, cars))
    _, many_s = clocked(lambda: cheapest_many(rows, many))
    each = peer_s / count
    told("HiGHS, one linear program a car", count, peer_s, each)
    told(
        "cheapest (windows, ties, reasons)",
        count,
        one_s,
        each,
        furthest(np.array([plan.cost_nano for plan in plans]), peer),
    )
    told("cheapest_many (cost), same cars", count, batch_s, each, furthest(batch.cost_nano, peer))
    told(f"cheapest_many (cost), {ALL_AT_ONCE:,} cars", ALL_AT_ONCE, many_s, each)


def with_starts(rows: Whole) -> None:
    """A start costs a cent."""
    many = fleet(WITH_STARTS)
    some = first_of(many, MIXED_INTEGER)
    peer, peer_s = clocked(lambda: with_starts_by_highs(rows, some))
    plans, many_s = clocked(lambda: cheapest_with_starts(rows, many, START_NANO))
    each = peer_s / MIXED_INTEGER
    told("HiGHS, one mixed-integer program a car", MIXED_INTEGER, peer_s, each)
    off = furthest(plans.cost_nano[:MIXED_INTEGER], peer)
    told(f"cheapest_with_starts (slots), {WITH_STARTS:,} cars", WITH_STARTS, many_s, each, off)
    free = cheapest_with_starts(rows, many, 0)
    print(f"starts a car: {free.starts.mean():.2f} where they are free, {plans.starts.mean():.2f} at a cent each")


def main(count: int) -> None:
    print(
        f"{count} cars, {QUARTERS} quarters, {TARIFFS} tariffs; load {os.getloadavg()[0]:.1f}; numpy {np.__version__}"
    )
    rows = price_rows()
    without_starts(rows, count)
    with_starts(rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ONE_BY_ONE)
