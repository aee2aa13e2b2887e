"""What came of a month, car by car, from the simulated meters alone: ready or not, at what cost, with how many starts.

Rules of this room:

1. A night goes from the plug-in, or from the ready-by before it where the cable stayed in, to a ready-by; the last one
   of a stay goes on until the cable is out.
2. A night counts as *reachable* if full power from its beginning on would have been enough.
3. Perfect foresight takes the energy that the meter says, at full power, in the cheapest hours before ready-by. It is
   worked out here and not by the planner that is judged.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tesla_simulator import physics
from tesla_simulator.cars.car import Car
from tesla_simulator.cars.record import MeterReading
from tests.month.lives import TARGET_PERCENT, Life, ready_bys

HOUR: Final = timedelta(hours=1)
QUARTER: Final = timedelta(minutes=15)
SHOWN_AS_TARGET: Final = TARGET_PERCENT - 0.5
"""Tesla shows whole percents; this much shows as the target."""
NEEDS_FROM_WH: Final = 200.0
"""Less than that is a car that warms itself, and no night's charging."""
Prices = Mapping[datetime, float]
"""Currency per kWh, by UTC hour."""
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Night:
    """`until`: when it is over; `ready_by`: when the battery must be full."""

    begins: datetime
    ready_by: datetime
    until: datetime


@dataclass
class Judged:
    """Sums over nights. Money in the currency of the prices, energy in Wh at the wall."""

    nights: int = 0
    reachable: int = 0
    ready: int = 0
    starts: int = 0
    wall_wh: float = 0.0
    paid: float = 0.0
    foresight: float = 0.0
    at_once: float = 0.0
    late: list[str] = field(default_factory=list)

    @property
    def ready_percent(self) -> float:
        return 100 * self.ready / max(1, self.reachable)

    @property
    def above_foresight_percent(self) -> float:
        return 100 * (self.paid / self.foresight - 1) if self.foresight else 0.0

    @property
    def starts_a_night(self) -> float:
        return self.starts / max(1, self.nights)

    def add(self, other: "Judged") -> None:
        for name in ("nights", "reachable", "ready", "starts", "wall_wh", "paid", "foresight", "at_once"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.late += other.late


def nights(life: Life) -> list[Night]:
    """All of them, in order."""
    found: list[Night] = []
    for stay in life.stays:
        due = ready_bys(life, stay.plugs_in, stay.leaves)
        begins, until = [stay.plugs_in, *due[:-1]], [*due[:-1], stay.leaves]
        found += [Night(*one) for one in zip(begins, due, until, strict=True)]
    return found


def judge(life: Life, car: Car, soc_at: Mapping[datetime, float], prices: Prices, until: datetime) -> Judged:
    """`soc_at`: what the battery had when each night began and at each ready-by, in percent. Nights over by `until`."""
    told = Judged()
    began = sorted(entry.at for entry in car.log if entry.name == "began to charge")
    power_w = life.phases * life.current_a * 230.0
    for night in nights(life):
        if night.until > until:
            continue
        taken = [one for one in car.meter if _belongs(one, night)]
        wall_wh = sum(one.wall_wh for one in taken)
        needs = TARGET_PERCENT - soc_at[night.begins] > 0.5
        if not needs and wall_wh < NEEDS_FROM_WH:
            continue
        told.nights += 1
        told.starts += bisect_left(began, night.until) - bisect_left(began, night.begins)
        _judge_ready(told, life, night, soc_at)
        told.wall_wh += wall_wh
        told.paid += sum(one.wall_wh * _price(prices, one.start) for one in taken) / 1000
        in_time = wall_wh <= power_w * ((night.ready_by - night.begins) / HOUR)
        ends = night.ready_by if in_time else night.until
        told.foresight += _cost(cheapest_hours(wall_wh, power_w, night.begins, ends, prices), power_w, prices)
        told.at_once += _cost(_hours(night.begins, night.begins + wall_wh / power_w * HOUR), power_w, prices)
    return told


def _belongs(reading: MeterReading, night: Night) -> bool:
    """A quarter at the seam belongs to the night in which it begins, but for the one of the plug-in."""
    return reading.start < night.until and (night.begins <= reading.start or night.begins < reading.end)


def _judge_ready(told: Judged, life: Life, night: Night, soc_at: Mapping[datetime, float]) -> None:
    wh_missing = (TARGET_PERCENT - soc_at[night.begins]) / 100 * life.usable_kwh * 1000
    into_w = physics.battery_power_kw(life.phases * life.current_a * 230.0 / 1000) * 1000
    if wh_missing > into_w * ((night.ready_by - night.begins) / HOUR) - into_w / 60:  # a minute for starting
        return
    told.reachable += 1
    if soc_at[night.ready_by] >= SHOWN_AS_TARGET:
        told.ready += 1
    else:
        told.late.append(
            f"{life.vin[-3:]} {night.begins:%d %H:%M} to {night.ready_by:%d %H:%M}: "
            f"{soc_at[night.begins]:.1f} to {soc_at[night.ready_by]:.1f} %"
        )


def cheapest_hours(
    wall_wh: float, power_w: float, begins: datetime, ends: datetime, prices: Prices
) -> Sequence[Window]:
    """Where so much is cheapest at full power, in order; the dearest hour in part. Out of reach: all there is."""
    taken, left_wh = [], wall_wh
    for start, end in sorted(_hours(begins, ends), key=lambda one: (_price(prices, one[0]), one[0])):
        part_wh = min(left_wh, power_w * ((end - start) / HOUR))
        if part_wh > 0:
            taken.append((start, start + part_wh / power_w * HOUR))
            left_wh -= part_wh
    return sorted(taken)


def _hours(begins: datetime, ends: datetime) -> Sequence[Window]:
    found, start = [], begins
    while start < ends:
        next_hour = start.replace(minute=0, second=0, microsecond=0) + HOUR
        found.append((start, min(next_hour, ends)))
        start = next_hour
    return found


def _cost(windows: Sequence[Window], power_w: float, prices: Prices) -> float:
    return sum(power_w * ((end - start) / HOUR) / 1000 * _price(prices, start) for start, end in windows)


def _price(prices: Prices, moment: datetime) -> float:
    return prices[moment.replace(minute=0, second=0, microsecond=0)]
