"""Hours of surplus in a plan: how fast the car may charge in them, and what that costs.

Rules of this room:

1. The car takes whole amps, from the least that a cable offers up to the full current. What it draws beyond the surplus
   is the grid's: so each current has a price of its own, and every one is looked at.
2. Amounts are counted in watt-seconds at full current, as everywhere here. At few amps less of each kilowatt-hour
   arrives, so a low rate counts for less than it draws, and a kilowatt-hour of it for dearer.
3. A rate counts for a whole number of amps at full current: so the amounts of a night add up to few sums. It is
   off by half an amp at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chargekey.domain.tariff import round_half_even


class Level(NamedTuple):
    """A current below the full one, what the car draws with it, and what that counts for at full current, in watts."""

    current_a: int
    wall_w: int
    full_w: int


@dataclass(frozen=True, slots=True)
class SunAhead:
    """`surplus_w`: the mean in each slot of the night, 0 where none is known. `levels`: at least one, rising, all below
    the full current.

    `feed_in_micro_per_kwh`: what the grid would pay for what the car takes.
    """

    surplus_w: tuple[int, ...]
    feed_in_micro_per_kwh: int
    levels: tuple[Level, ...]

    def rates(self, surplus_w: int, full_w: int) -> "list[Rate]":
        """Every rate with so much surplus, rising, the full one last; that alone where there is none."""
        levels = self.levels if surplus_w else ()
        below = [Rate(one.full_w, one.wall_w, min(surplus_w, one.wall_w), one.current_a) for one in levels]
        return [*below, full_rate(full_w, surplus_w)]


class Rate(NamedTuple):
    """How fast a car charges: what that counts for at full current, what the wall gives, and what of it is surplus.

    `current_a` None: the full current.
    """

    full_w: int
    wall_w: int
    sun_w: int = 0
    current_a: int | None = None

    def mean(self, grid: int, sun: int) -> int:
        """Of two prices per kWh the one of what the wall gives."""
        return round_half_even(grid * (self.wall_w - self.sun_w) + sun * self.sun_w, self.wall_w)

    def counted(self, grid: int, sun: int) -> int:
        """The same per kWh at full current."""
        return round_half_even(grid * (self.wall_w - self.sun_w) + sun * self.sun_w, self.full_w)


def full_rate(power_w: int, surplus_w: int = 0) -> Rate:
    """At full current."""
    return Rate(power_w, power_w, min(power_w, surplus_w))


def levels_below(full_a: int, full_w: int, draws: Sequence[tuple[int, int, int]], efficiency: int) -> tuple[Level, ...]:
    """`draws`: current, watts at the wall and efficiency in percent of each current below the full one, rising.

    `full_w` is a whole number of watts an amp; `efficiency` is the one at full current. A current that counts for no
    more than the one below it is left out.
    """
    an_amp_w = full_w // full_a
    told: list[Level] = []
    for current_a, wall_w, percent in draws:
        counts_w = an_amp_w * max(1, round_half_even(wall_w * percent, efficiency * an_amp_w))
        if (told[-1].full_w if told else 0) < counts_w < full_w:
            told.append(Level(current_a, wall_w, counts_w))
    return tuple(told)
