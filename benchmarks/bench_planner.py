"""The planner against HiGHS, a linear program for each car, in the same run and on the same cars.

Usage: `.venv/bin/python benchmarks/bench_planner.py [cars]`. One line a planner: cars per second (the best of
three turns), times HiGHS, and how far its costs are from HiGHS's. Fairness: HiGHS solves any linear program and
answers for one car at a time; `cheapest_many` can only do this one and shares the sorting of prices. `cheapest`
also settles ties, cuts windows and says why.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import highspy
import numpy as np
from numpy.typing import NDArray

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.many import Fleet, cheapest_many
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.tariff import PriceSlot

QUARTERS: Final = 96
TARIFFS: Final = 14
TURNS: Final = 3
NOON: Final = datetime(2023, 1, 10, 11, 0, tzinfo=UTC)
QUARTER: Final = timedelta(minutes=15)
ONE_BY_ONE: Final = 2_000
ALL_AT_ONCE: Final = 100_000
EQUAL_TO: Final = 1e-6

Whole = NDArray[np.int64]
Answer = TypeVar("Answer")


def price_rows() -> Whole:
    """From noon to noon, micro-units per kWh: an evening peak, a morning peak, a valley at night, noise."""
    chance = np.random.default_rng(1)
    hour = (12 + np.arange(QUARTERS) / 4) % 24
    shape = 220 + 100 * np.exp(-(((hour - 18.5) / 2) ** 2)) + 50 * np.exp(-(((hour - 8) / 1.5) ** 2))
    shape -= 120 * np.exp(-(((hour - 3) / 2.5) ** 2)) + 50 * np.exp(-(((hour - 13) / 2) ** 2))
    rows = shape[None, :] + chance.normal(0, 12, (TARIFFS, QUARTERS)) + chance.normal(0, 20, (TARIFFS, 1))
    rows[0, 58:62] -= 150  # one tariff falls below zero
    micro: Whole = np.rint(rows * 1_000).astype(np.int64)
    return micro


def fleet(cars: int) -> Fleet:
    """They come between 16:00 and 22:45, leave between 05:30 and 09:30 and need 4 to 45 kWh that fit."""
    chance = np.random.default_rng(2)
    first, end = chance.integers(16, 44, cars), chance.integers(70, 87, cars)
    room_wh = chance.choice([920, 1_840, 2_760], cars, p=[0.2, 0.5, 0.3])
    need_wh = np.minimum(chance.integers(4_000, 45_001, cars), (end - first) * room_wh)
    return Fleet(chance.integers(0, TARIFFS, cars), first, end, room_wh, need_wh)


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


def problems(rows: Whole, cars: Fleet) -> list[PlanProblem]:
    """The same cars as the product meets them: percent are set so that the need comes out in Wh."""
    slots = [
        [PriceSlot(NOON + n * QUARTER, NOON + (n + 1) * QUARTER, price) for n, price in enumerate(map(int, row))]
        for row in rows
    ]
    return [
        PlanProblem(
            now=NOON + int(first) * QUARTER,
            ready_by=NOON + int(end) * QUARTER,
            slots=tuple(slots[tariff][first:end]),
            prices_known_until=NOON + QUARTERS * QUARTER,
            soc_percent=0,
            target_percent=100,
            minimum_percent=0,
            usable_wh=int(need_wh),
            ac_power_w=int(room_wh) * 4,
            efficiency_percent=100,
        )
        for tariff, first, end, room_wh, need_wh in zip(
            cars.tariff, cars.first, cars.end, cars.room_wh, cars.need_wh, strict=True
        )
    ]


def clocked(work: Callable[[], Answer]) -> tuple[Answer, float]:
    """The answer, and the seconds of the best turn."""
    best = float("inf")
    for _ in range(TURNS):
        begun = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - begun)
    return answer, best


def main(count: int) -> None:
    """Run all three on the first `count` cars, then the batch on many more."""
    rows, cars = price_rows(), fleet(count)
    print(
        f"{count} cars, {QUARTERS} quarters, {TARIFFS} tariffs; load {os.getloadavg()[0]:.1f}; numpy {np.__version__}"
    )
    peer, peer_s = clocked(lambda: by_highs(rows, cars))
    posed = problems(rows, cars)
    plans, one_s = clocked(lambda: [cheapest(problem) for problem in posed])
    batch, batch_s = clocked(lambda: cheapest_many(rows, cars))
    many = fleet(ALL_AT_ONCE)
    _, many_s = clocked(lambda: cheapest_many(rows, many))
    ours = {
        "cheapest (windows, ties, reasons)": (count, one_s, [plan.cost_nano / 1e9 for plan in plans]),
        "cheapest_many (cost), same cars": (count, batch_s, (batch.cost_nano / 1e9).tolist()),
        f"cheapest_many (cost), {ALL_AT_ONCE:,} cars": (ALL_AT_ONCE, many_s, None),
    }
    print(f"{'HiGHS, one linear program a car':42} {count / peer_s:12,.0f} cars/s        1.0 ×")
    for name, (number, seconds, costs) in ours.items():
        speed = number / seconds
        off = "" if costs is None else f"   costs within {_furthest(costs, peer):.1e}"
        print(f"{name:42} {speed:12,.0f} cars/s {speed * peer_s / count:10.1f} ×{off}")


def _furthest(ours: list[float], theirs: list[float]) -> float:
    """The largest difference, relative or absolute, whichever is smaller. Stops the run if costs are not equal."""
    off = max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(ours, theirs, strict=True))
    if off > EQUAL_TO:
        raise SystemExit(f"costs differ by {off}")
    return off


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ONE_BY_ONE)
