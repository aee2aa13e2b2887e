"""What electricity does between a wall and a battery. Pure: no clock, no car, only numbers.

Rules of this room:

1. Energy is in watt-hours, power in kilowatts at the wall unless `battery` stands in the name.
2. A charge is walked in short steps; inside a step power is constant, and the step that would pass the
   wanted level ends exactly on it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

# Fitted to charge efficiencies by current published with ev2gym 2.0.0 (single phase 6 A 75 %, 16 A 87 %; three
# phases 16 A 90 %): a share lost in conversion, and a constant taken by the awake car.
_CONVERSION: Final = 0.93
_AWAKE_CAR_KW: Final = 0.25
# Alternating current stays flat up to about 95 %, then falls over the last half hour.
TAPER_FROM_PERCENT: Final = 95.0
_TAPER_ENDS_AT_SHARE: Final = 0.25
_WH_PER_KWH: Final = 1000.0


@dataclass(frozen=True)
class Supply:
    """What the charger on the wall offers."""

    phases: int = 3
    max_current_a: int = 16
    voltage_v: float = 230.0
    has_power: bool = True

    def power_kw(self, current_a: float) -> float:
        return self.phases * min(current_a, self.max_current_a) * self.voltage_v / 1000


@dataclass(frozen=True)
class Flow:
    """What went in during `took`: at the wall and into the battery."""

    took: timedelta
    wall_wh: float
    battery_wh: float


def battery_power_kw(wall_kw: float) -> float:
    return max(0.0, _CONVERSION * wall_kw - _AWAKE_CAR_KW)


def tapered_kw(full_kw: float, soc_percent: float) -> float:
    """Power at the wall at this state of charge."""
    over_percent = soc_percent - TAPER_FROM_PERCENT
    if over_percent <= 0:
        return full_kw
    share = 1 - over_percent / (100 - TAPER_FROM_PERCENT)
    return full_kw * max(_TAPER_ENDS_AT_SHARE, share)


def heat(wall_kw: float, took: timedelta) -> Flow:
    """All of it warms the battery."""
    return Flow(took, wall_kw * (took / timedelta(hours=1)) * _WH_PER_KWH, 0.0)


def flow(wall_kw: float, wanted_wh: float, at_most: timedelta) -> Flow:
    """Constant power for `at_most`, or for less when the battery has taken `wanted_wh` before."""
    hours = at_most / timedelta(hours=1)
    into_kw = battery_power_kw(wall_kw)
    if into_kw <= 0:
        return Flow(at_most, wall_kw * hours * _WH_PER_KWH, 0.0)
    needed_hours = wanted_wh / (into_kw * _WH_PER_KWH)
    if needed_hours < hours:
        return Flow(timedelta(hours=needed_hours), wall_kw * needed_hours * _WH_PER_KWH, wanted_wh)
    return Flow(at_most, wall_kw * hours * _WH_PER_KWH, into_kw * hours * _WH_PER_KWH)
