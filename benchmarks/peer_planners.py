"""The planners of EMHASS and FlexMeasures and our own, in the same run, on the same cars, at the same prices.

Usage: `make bench-peers`, which makes an environment for it; one line a planner: cars per second (the best of three
turns), times FlexMeasures, and how far its costs are from our exact ones. Fairness: both peers plan a whole site (sun,
a home battery, several devices) and carry that with them even where a single car is all there is; they are asked
without site, server or database, by the function that plans. Ours can do nothing but cars. EMHASS keeps its compiled
problem from car to car, as its own server does.
"""

import importlib.metadata
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pandas as pd
from emhass.optimization import Optimization
from flask import Flask
from flexmeasures.data.models.planning import FlowCommitment
from flexmeasures.data.models.planning.linear_optimization import device_scheduler
from flexmeasures.data.models.planning.utils import initialize_df, initialize_index

from benchmarks.night import NOON, QUARTER, QUARTERS, Whole, clocked, fleet, price_rows, problems
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.many import Fleet, cheapest_many
from chargekey.domain.planning.with_starts import cheapest_with_starts

CARS: Final = 28
"""Few, for a peer takes a second a car on a busy machine. Of three turns the best counts, so compiling does not."""
MANY: Final = 20_000
START_NANO: Final = 10_000_000
NEAR_ENOUGH: Final = 1e-3
HOURS: Final = QUARTER.total_seconds() / 3_600
INDEX: Final = initialize_index(NOON, NOON + QUARTERS * QUARTER, QUARTER)
STOCK: Final = ("equals", "max", "min", "efficiency", "stock delta")
FLOW: Final = (
    "derivative equals",
    "derivative max",
    "derivative min",
    "derivative down efficiency",
    "derivative up efficiency",
)

Plan = Callable[[Whole, int, int, float, float], Sequence[float]]
"""Prices in micro-units per kWh; the slots from the first to before the end; kW; kWh. Answers kWh by slot."""


class Emhass:
    """One deferrable load that may run at any power up to the car's, without solar, battery or other load."""

    def __init__(self) -> None:
        shipped = json.loads((files("emhass") / "data" / "config_defaults.json").read_text())
        one = {key: value[:1] for key, value in shipped.items() if isinstance(value, list) and "deferrable" in key}
        self._settings: dict[str, Any] = {
            **shipped,
            **one,
            "optimization_time_step": pd.Timedelta(QUARTER),
            "delta_forecast_daily": pd.Timedelta(QUARTERS * QUARTER),
            "time_zone": "UTC",
            "number_of_deferrable_loads": 1,
            "treat_deferrable_load_as_semi_cont": [False],
            "maximum_power_from_grid": 20_000,
            "num_threads": 1,
            "lp_solver_mip_rel_gap": 0.0,
        }
        self._kept: dict[float, Optimization] = {}

    def __call__(self, prices: Whole, first: int, end: int, power_kw: float, need_kwh: float) -> Sequence[float]:
        nothing = np.zeros(QUARTERS)
        currency = prices / 1e6
        told = self._planner(power_kw).perform_optimization(
            pd.DataFrame({"cost": currency, "sell": nothing}, index=INDEX),
            nothing,
            nothing,
            currency,
            nothing,
            def_total_hours=[need_kwh / power_kw],
            def_start_timestep=[first],
            def_end_timestep=[end],
        )
        return list(told["P_deferrable0"].to_numpy() * HOURS / 1e3)

    def _planner(self, power_kw: float) -> Optimization:
        if power_kw not in self._kept:
            own = {**self._settings, "nominal_power_of_deferrable_loads": [power_kw * 1e3]}
            silent = logging.getLogger("emhass")
            silent.setLevel(logging.ERROR)
            self._kept[power_kw] = Optimization(own, own, own, "cost", "sell", "cost", {}, silent)
        return self._kept[power_kw]


def flexmeasures(prices: Whole, first: int, end: int, power_kw: float, need_kwh: float) -> Sequence[float]:
    """One charger that cannot give back, its stock exactly what is needed when the car leaves; a price commitment.

    It counts its stock in power times slots.
    """
    start, stop = NOON, NOON + QUARTERS * QUARTER
    car = initialize_df([*STOCK, *FLOW], start, stop, QUARTER)
    need = need_kwh / HOURS
    car[["min", "derivative min"]], car["max"] = 0.0, need
    car["derivative max"] = np.where((np.arange(QUARTERS) >= first) & (np.arange(QUARTERS) < end), power_kw, 0.0)
    car.iloc[-1, car.columns.get_loc("equals")] = need
    site = initialize_df(["derivative max", "derivative min"], start, stop, QUARTER)
    price = pd.Series(prices / 1e6, INDEX)
    bought = FlowCommitment(
        name="energy", index=INDEX, quantity=0.0, upwards_deviation_price=price, downwards_deviation_price=price
    )
    flows, *_ = device_scheduler([car], site, commitments=[bought], initial_stock=0.0)
    return list(flows[0].to_numpy() * HOURS)


def costs(plan: Plan, rows: Whole, cars: Fleet) -> Whole:
    """What each car's plan costs in nano-units, reckoned from its kWh. Stops the run if they are not what is needed."""
    told = []
    for car in range(len(cars.need_wh)):
        prices, need_kwh = rows[cars.tariff[car]], float(cars.need_wh[car]) / 1e3
        power_kw = float(cars.room_wh[car]) / 1e3 / HOURS
        kwh = np.array(plan(prices, int(cars.first[car]), int(cars.end[car]), power_kw, need_kwh))
        outside = kwh[: cars.first[car]].sum() + kwh[cars.end[car] :].sum()
        if abs(kwh.sum() - need_kwh) > NEAR_ENOUGH or abs(outside) > NEAR_ENOUGH:
            raise SystemExit(f"car {car}: {kwh.sum()} kWh of {need_kwh}, {outside} outside")
        told.append(float(kwh @ prices) * 1e3)
    nano: Whole = np.rint(np.array(told)).astype(np.int64)
    return nano


def peers(rows: Whole, cars: Fleet) -> dict[str, tuple[Whole, float]]:
    """Costs, and the seconds of a car."""
    emhass: Plan = Emhass()
    told = {}
    for name, plan in (("emhass", emhass), ("flexmeasures", flexmeasures)):
        bill, took_s = clocked(partial(costs, plan, rows, cars))
        told[name] = bill, took_s / len(cars.need_wh)
    return told


def main(count: int) -> None:
    rows, cars, many = price_rows(), fleet(count), fleet(MANY)
    print(f"{count} cars, {QUARTERS} quarters; load {os.getloadavg()[0]:.1f}; numpy {np.__version__}")
    house = Flask("flexmeasures")
    house.config |= {"FLEXMEASURES_LP_SOLVER": "highspy", "LOGGING_LEVEL": "INFO"}
    with house.app_context():
        theirs = peers(rows, cars)
    slowest_s = theirs["flexmeasures"][1]
    exact, _ = clocked(lambda: cheapest_many(rows, cars))
    posed = problems(rows, cars)
    _, one_s = clocked(lambda: [cheapest(problem) for problem in posed])
    _, many_s = clocked(lambda: cheapest_many(rows, many))
    _, starts_s = clocked(lambda: cheapest_with_starts(rows, many, START_NANO))
    for name, (bill, each_s) in theirs.items():
        off = (bill.sum() - exact.cost_nano.sum()) / exact.cost_nano.sum()
        version = importlib.metadata.version(name)
        print(f"{name + ' ' + version:42} {1 / each_s:12,.1f} cars/s {slowest_s / each_s:12,.1f} ×   bills {off:+.4%}")
    for name, each_s in (
        ("cheapest (windows, ties, reasons)", one_s / count),
        (f"cheapest_with_starts, {MANY:,} cars", starts_s / MANY),
        (f"cheapest_many, {MANY:,} cars", many_s / MANY),
    ):
        print(f"{name:42} {1 / each_s:12,.1f} cars/s {slowest_s / each_s:12,.1f} ×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CARS)
