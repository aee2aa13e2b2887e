"""`make month`: many drivers for a month, under Chargekey, three ways of polling, and planner and physics alone.

    python -m tests.month [--drivers 100] [--days 31] [--first 2024-10-01] [--planned 1000] [--ways chargekey,10,15,30]

Prints the table of `docs/explanation/how-a-month-goes.md`, and ends with 1 if a bound does not hold. Two processes work
side by side; under Chargekey each has a home of its own for half of the drivers.
"""

import argparse
import asyncio
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import reduce
from typing import Final

from tests.month import bounds
from tests.month.lives import lives
from tests.month.rounds import Round, with_chargekey, with_planner, with_polls

HOMES: Final = 2
CHARGEKEY: Final = "chargekey"
UNHEARD: Final = "chargekey-unheard"
PLANNER: Final = "planner"
BILLED: Final = {"data": "looks", "command": "orders", "wake": "wakes", "signal": "signals"}
NAMES: Final = {
    CHARGEKEY: "Chargekey, cars stream",
    UNHEARD: "Chargekey, cars do not stream",
    "10": "a look every 10 minutes",
    "15": "a look every 15 minutes, wakes",
    "30": "a look every 30 minutes, day and night",
    PLANNER: "planner and physics alone",
}


def one(way: str, share: int, of: int, drivers: int, days: int, first: date) -> Round:
    """A process's part: every `of`th driver from `share` on."""
    theirs = lives(drivers, first, days)[share::of]
    if way == PLANNER:
        return with_planner(theirs, first, days)
    if way in (CHARGEKEY, UNHEARD):
        return asyncio.run(with_chargekey(theirs, first, days, streams=way == CHARGEKEY))
    return asyncio.run(with_polls(theirs, first, days, way))


def main(arguments: argparse.Namespace) -> int:
    first = date.fromisoformat(arguments.first)
    rounds: dict[str, Round] = {}
    with ProcessPoolExecutor(HOMES) as pool:
        parts = {}
        for way in arguments.ways.split(","):
            drivers = arguments.planned if way == PLANNER else arguments.drivers
            of = HOMES if way in (CHARGEKEY, UNHEARD, PLANNER) and drivers >= HOMES else 1
            parts[way] = [pool.submit(one, way, share, of, drivers, arguments.days, first) for share in range(of)]
        for way, theirs in parts.items():
            rounds[way] = reduce(Round.with_other, [part.result() for part in theirs])
            took = f"took {rounds[way].took_s:.0f} s, {rounds[way].busy_s:.0f} s of one processor"
            print(f"{_row(way, rounds[way])} {took}", flush=True)
    print("\n" + "\n".join(_table(rounds)))
    broken = bounds.broken(rounds[CHARGEKEY]) if CHARGEKEY in rounds else []
    for way, done in rounds.items():
        for late in done.judged.late[:10]:
            print(f"not ready under {NAMES[way]}: {late}")
    for bound in broken:
        print(f"BEYOND ITS BOUND: {bound}")
    return 1 if broken else 0


def _table(rounds: dict[str, Round]) -> list[str]:
    named = (
        "",
        "cars",
        "nights",
        "ready",
        "above foresight",
        "saved",
        "starts a night",
        *BILLED.values(),
        "$ a car-month",
    )
    head, line = f"| {' | '.join(named)} |", "|" + "---|" * len(named)
    return [head, line, *(_row(way, done) for way, done in rounds.items())]


def _row(way: str, done: Round) -> str:
    told = done.judged
    saves = 100 * (1 - told.paid / told.at_once) if told.at_once else 0.0
    counts = [f"{done.billed.get(name, 0):,}" if done.billed else "–" for name in BILLED]
    cells = [
        NAMES[way],
        f"{done.cars:,}",
        f"{told.nights:,}",
        f"{told.ready:,} of {told.reachable:,} ({told.ready_percent:.2f} %)",
        f"{told.above_foresight_percent:.2f} %",
        f"{saves:.1f} %",
        f"{told.starts_a_night:.2f}",
        *counts,
        f"{done.usd_a_car_month:.3f}" if done.billed else "–",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--drivers", type=int, default=100)
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--first", default="2024-10-01")
    parser.add_argument("--planned", type=int, default=1000)
    parser.add_argument("--ways", default=",".join(NAMES))
    sys.exit(main(parser.parse_args()))
