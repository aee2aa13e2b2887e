"""How long a battery takes to fill, and what the wall gives meanwhile, where power falls near full.

Rules of this room:

1. Time is counted in watt-seconds at full power, `full_ws`: a second at 11 kW is 11,000 of them, whatever it brings.
   Where power is full, that is the energy at the wall.
2. Power falls by steps of the state of charge. A planner sees them in quarters of an hour counted back from the end,
   each at its mean power: so what a quarter brings depends on how much was charged before it, and on nothing else.
3. Both time and energy are exact at the beginning, at the end, and at each of these quarters.
4. A cold battery is warmed first: full power at the wall, and nothing arrives. Once a night, however often the car is
   started in it, for a battery that was warmed stays warm for hours; and only where something is charged.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import lcm
from typing import Final, NamedTuple

from chargekey.domain.battery import Weaker

SECONDS_AN_HOUR: Final = 3_600
SECONDS_A_QUARTER: Final = 900
WS_OF_A_PERCENT: Final = SECONDS_AN_HOUR // 100


class Stage(NamedTuple):
    """Part of a charge at one power: how long it takes, and what the wall gives, in watt-seconds."""

    full_ws: int
    wall_ws: int


@dataclass(frozen=True, slots=True)
class Filling:
    """A battery and what fills it. `weakens` empty: power is full up to the end. `warm_up_s` 0: warm already."""

    usable_wh: int
    full_w: int
    efficiency_percent: int
    weakens: tuple[Weaker, ...] = ()
    warm_up_s: int = 0

    @property
    def warm_up_ws(self) -> int:
        """What warming takes, in whole Wh at the wall, rounded up; no time where nothing is charged."""
        return -(-self.warm_up_s * self.full_w // SECONDS_AN_HOUR) * SECONDS_AN_HOUR

    def stages(self, start_percent: int, end_percent: int) -> list[Stage]:
        """What is between two states of charge: first at full power, in whole Wh at the wall, rounded up.

        That one begins with warming the battery.
        """
        knee = min([end_percent, *(step.from_percent for step in self.weakens)])
        flat_wh = -(-self.usable_wh * max(0, knee - start_percent) // self.efficiency_percent)
        first_ws = flat_wh * SECONDS_AN_HOUR + (self.warm_up_ws if end_percent > start_percent else 0)
        stages = [Stage(first_ws, first_ws)]
        ends = [*(step.from_percent for step in self.weakens[1:]), 100]
        for step, until in zip(self.weakens, ends, strict=bool(self.weakens)):
            points = min(until, end_percent) - max(step.from_percent, start_percent)
            if points > 0:
                battery_ws = self.usable_wh * points * WS_OF_A_PERCENT
                full_ws = -(-battery_ws * self.full_w // step.battery_w)
                stages.append(Stage(full_ws, full_ws * step.wall_w // self.full_w))
        return stages

    def full_ws(self, start_percent: int, end_percent: int) -> int:
        """How long it takes; 0 when the battery holds as much already."""
        return sum(stage.full_ws for stage in self.stages(start_percent, end_percent))

    def wall_wh(self, start_percent: int, end_percent: int) -> int:
        """What the wall has to give, rounded up; 0 when the battery holds as much already."""
        return -(-sum(stage.wall_ws for stage in self.stages(start_percent, end_percent)) // SECONDS_AN_HOUR)

    def battery_w(self, percent: float) -> tuple[float, int]:
        """What gets into the battery at this state of charge, and up to which one."""
        ends = [*(step.from_percent for step in self.weakens), 100]
        nth = sum(step.from_percent <= percent for step in self.weakens)
        flat_w = self.full_w * self.efficiency_percent / 100
        return (self.weakens[nth - 1].battery_w if nth else flat_w), ends[nth]

    def percent_reached(self, start_percent: int, full_ws: int) -> int:
        """The state of charge after so long, rounded up: what a car shows soon after."""
        percent = self.percent_after(start_percent, full_ws)
        if full_ws <= self.warm_up_ws:
            return percent
        return percent if self.full_ws(start_percent, percent) >= full_ws else min(percent + 1, 100)

    def percent_after(self, start_percent: int, full_ws: int) -> int:
        """The state of charge after so long, rounded down."""
        whole = range(100, start_percent, -1)
        return next((percent for percent in whole if self.full_ws(start_percent, percent) <= full_ws), start_percent)


@dataclass(frozen=True, slots=True)
class Curve:
    """What the wall gives, by how long the car has charged: straight between `edges`, in parts of a watt-second.

    `parts` go on one watt-second. `given` belongs to `edges`, `slopes` to what lies between them, per watt-second of
    full power.
    """

    parts: int
    edges: tuple[int, ...]
    given: tuple[int, ...]
    slopes: tuple[int, ...]

    @property
    def full_ws(self) -> int:
        """How long it takes until the target."""
        return self.edges[-1]

    def is_straight_to(self, full_ws: int) -> bool:
        """Whether every watt-second of it is charged at full power up to then."""
        slopes = zip(self.edges, self.slopes, strict=False)
        return all(slope == self.parts for start, slope in slopes if start < full_ws)

    def wall(self, full_ws: int) -> int:
        """What the wall has given by then, in parts of a watt-second."""
        nth = min(max(bisect_right(self.edges, full_ws) - 1, 0), len(self.slopes) - 1)
        return self.given[nth] + (full_ws - self.edges[nth]) * self.slopes[nth]

    def wall_ws(self, full_ws: int) -> int:
        """The same in whole watt-seconds, rounded down."""
        return self.wall(full_ws) // self.parts


def curve_of(filling: Filling, start_percent: int, end_percent: int) -> Curve:
    """From one state of charge to the other; with nothing to charge, straight and without length."""
    stages = filling.stages(start_percent, end_percent)
    whole_ws = sum(stage.full_ws for stage in stages)
    quarter_ws = SECONDS_A_QUARTER * filling.full_w
    quarters = -(-(whole_ws - stages[0].full_ws) // quarter_ws)
    edges = [0, *(edge for n in range(quarters, 0, -1) if (edge := whole_ws - n * quarter_ws) > 0), whole_ws]
    given_ws = [_given_ws(stages, edge) for edge in edges[:-1]]
    given_ws.append(filling.wall_wh(start_percent, end_percent) * SECONDS_AN_HOUR)
    stretches = [
        (end - start, after - before)
        for (start, end), (before, after) in zip(pairwise(edges), pairwise(given_ws), strict=True)
    ]
    parts = lcm(*(took_ws for took_ws, wall_ws in stretches if took_ws != wall_ws))
    slopes = tuple(parts * wall_ws // took_ws if took_ws else parts for took_ws, wall_ws in stretches)
    return Curve(parts, tuple(edges), tuple(one * parts for one in given_ws), slopes)


def _given_ws(stages: Sequence[Stage], full_ws: int) -> int:
    """What the wall has given after so long, rounded down."""
    given, left_ws = 0, full_ws
    for stage in stages:
        took_ws = min(left_ws, stage.full_ws)
        given += took_ws * stage.wall_ws // max(1, stage.full_ws)
        left_ws -= took_ws
    return given
