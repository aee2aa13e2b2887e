"""What a home's own sun gives beyond what the home takes, and what a kilowatt-hour of it is worth.

Rules of this room:

1. Surplus is whole watts: what would flow into the grid if the car took nothing. The home itself tells it, by a meter
   or by a forecast, since we neither know where it stands nor what lies on its roof.
2. What nobody told is no surplus: a plan never waits for sun that was not promised.
3. A kilowatt-hour of surplus costs what the grid would have paid for it, and stands for no CO2: it is the feed-in price
   that is forgone. What the car draws beyond the surplus comes from the grid.
4. Energy is whole Wh, prices are whole micro-units of currency per kWh, as everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

SECOND: Final = timedelta(seconds=1)
WS_OF_A_WH: Final = 3_600
MOST_W: Final = 1_000_000
"""More than any home has on its roof: whoever tells more has sent another unit."""


class SurplusUnclear(ValueError):
    """Slots that overlap, have no length, or tell what no home has. The text says which."""


class SurplusSlot(NamedTuple):
    """So much on average from `start` up to before `end`, UTC."""

    start: datetime
    end: datetime
    surplus_w: int


@dataclass(frozen=True, slots=True)
class Surplus:
    """What is known of a span, in order, with holes where nobody told anything; and what the grid pays for a kWh."""

    slots: tuple[SurplusSlot, ...]
    feed_in_micro_per_kwh: int

    def mean_w(self, start: datetime, end: datetime) -> int:
        """The mean between two moments, rounded down; what nobody told counts as nothing.

        Where nothing lies between, that of the moment.
        """
        end = max(end, start + SECOND)
        shared = ((min(one.end, end) - max(one.start, start), one.surplus_w) for one in self.slots)
        told_ws = sum(length // SECOND * surplus_w for length, surplus_w in shared if length > timedelta())
        return told_ws // ((end - start) // SECOND)

    def of(self, start: datetime, end: datetime, wall_wh: int) -> int:
        """How many of the Wh that were evenly drawn between came from the sun."""
        seconds = max(end - start, SECOND) // SECOND
        return min(wall_wh, self.mean_w(start, end) * seconds // WS_OF_A_WH)


def in_order(slots: Sequence[SurplusSlot]) -> tuple[SurplusSlot, ...]:
    """The same by time; holes may be. Raises `SurplusUnclear`."""
    ordered = tuple(sorted(slots))
    if any(one.end <= one.start for one in ordered):
        raise SurplusUnclear("a slot has no length")
    if any(one.end > other.start for one, other in pairwise(ordered)):
        raise SurplusUnclear("two slots overlap")
    if any(not 0 <= one.surplus_w <= MOST_W for one in ordered):
        raise SurplusUnclear(f"a surplus lies between 0 and {MOST_W} W")
    return ordered
