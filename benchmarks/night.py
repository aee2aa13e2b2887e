"""The night that planners are measured on: prices of fourteen tariffs, and as many cars as are asked for."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from chargekey.domain.planning.many import Fleet
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.tariff import PriceSlot

QUARTERS: Final = 96
TARIFFS: Final = 14
TURNS: Final = 3
NOON: Final = datetime(2023, 1, 10, 11, 0, tzinfo=UTC)
QUARTER: Final = timedelta(minutes=15)

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


def first_of(fleet: Fleet, cars: int) -> Fleet:
    """Only so many of them."""
    columns = (fleet.tariff, fleet.first, fleet.end, fleet.room_wh, fleet.need_wh)
    return Fleet(*(column[:cars] for column in columns))


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
