"""What a night took, cost and saved, from what the car reported.

Rules of this room:

1. Energy is counted at the wall, in whole Wh; the car reports what reached its battery, so the charging
   efficiency lies between (a prior, until it is learnt).
2. Money is whole nano-units of the currency, rounded to cents once, when it is shown.
3. When it was drawn is for `drawn_when.py` to say.
4. What comes from the home's own sun costs the feed-in that is forgone, in the currency of the prices, and stands for
   0 g of CO2: carbon is of the grid's part alone. Each reading's Wh from the sun are rounded down. Charging at once
   would have had the same sun.
5. At fewer amps less arrives of what the wall gives. Charging at once would have been at the full current.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from chargekey.domain.carbon import Carbon
from chargekey.domain.drawn_when import OwnWindows, Stretch, Window, before_first_report, stretches_between
from chargekey.domain.evidence import ChargeState, Observation
from chargekey.domain.night import Command
from chargekey.domain.surplus import Surplus
from chargekey.domain.tariff import Prices, PricesUnclear, cost_nano

_HOUR: Final = timedelta(hours=1)
_THE_SAME: Final[Mapping[int, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Reading:
    """Energy drawn at the wall in a stretch of time, within one price slot and, where a surplus was told, one of that.

    `sun_wh`: what of it the home's own sun gave.
    """

    start: datetime
    end: datetime
    wall_wh: int
    sun_wh: int = 0

    @property
    def grid_wh(self) -> int:
        return self.wall_wh - self.sun_wh


@dataclass(frozen=True, slots=True)
class NightAccount:
    """A night in numbers. `at_once_nano`: the same energy, drawn at full power from the moment of plugging in.

    None for either cost: a price of some reading is not known; for either mass of CO2: how clean it was is not known.
    `battery_wh`: what of `wall_wh` arrived. `sun_wh`: what of it came from the home's own sun; `feed_in_nano`: what of
    the cost is feed-in forgone for that.
    `soc_*` None: the car never said. `done_at` None: it took no power.
    """

    readings: tuple[Reading, ...]
    wall_wh: int
    battery_wh: int
    cost_nano: int | None
    at_once_nano: int | None
    soc_before_percent: int | None
    soc_after_percent: int | None
    done_at: datetime | None
    carbon_mg: int | None = None
    carbon_at_once_mg: int | None = None
    sun_wh: int = 0
    feed_in_nano: int = 0

    @property
    def avoided_mg(self) -> int | None:
        """Below nothing where charging at once would have been cleaner."""
        if self.carbon_mg is None or self.carbon_at_once_mg is None:
            return None
        return self.carbon_at_once_mg - self.carbon_mg

    @property
    def saved_nano(self) -> int | None:
        if self.cost_nano is None or self.at_once_nano is None:
            return None
        return self.at_once_nano - self.cost_nano


@dataclass(frozen=True, slots=True)
class _Worth:
    """What a Wh at the wall costs and stands for, by when it is drawn. `carbon`, `surplus` None: nobody tells."""

    prices: Prices
    carbon: Carbon | None
    surplus: Surplus | None

    def readings(self, stretch: Stretch, efficiency_percent: int) -> list[Reading]:
        """A stretch shared out over the slots that it crosses, in whole Wh that add up."""
        wall_wh = _wall_wh(stretch, efficiency_percent)
        length = stretch.end - stretch.start
        if length <= timedelta():
            return [self._reading(stretch.start, stretch.end, wall_wh)]
        cuts = {edge for edge in self._edges() if stretch.start < edge < stretch.end}
        readings, given = [], 0
        for start, end in pairwise(sorted({stretch.start, stretch.end, *cuts})):
            until_here = wall_wh * (end - stretch.start) // length
            readings.append(self._reading(start, end, until_here - given))
            given = until_here
        return readings

    def at_once(self, wall_wh: int, start: datetime, power_w: int) -> list[Reading]:
        """So much, drawn at full power from then on."""
        length = wall_wh * _HOUR / power_w if power_w else timedelta()
        return self.readings(Stretch(start, start + length, wall_wh), 100) if wall_wh else []

    def cost_nano(self, readings: Sequence[Reading]) -> int | None:
        try:
            return cost_nano(from_grid(readings), self.prices) + self.feed_in_nano(readings)
        except PricesUnclear:
            return None

    def feed_in_nano(self, readings: Sequence[Reading]) -> int:
        return sum(one.sun_wh for one in readings) * self.surplus.feed_in_micro_per_kwh if self.surplus else 0

    def carbon_mg(self, readings: Sequence[Reading]) -> int | None:
        return self.carbon.of(from_grid(readings)) if self.carbon else None

    def _edges(self) -> Iterator[datetime]:
        yield from (slot.start for slot in self.prices.slots)
        for told in self.surplus.slots if self.surplus else ():
            yield from (told.start, told.end)

    def _reading(self, start: datetime, end: datetime, wall_wh: int) -> Reading:
        return Reading(start, end, wall_wh, self.surplus.of(start, end, wall_wh) if self.surplus else 0)


def account(
    reports: Sequence[Observation],
    commands: Sequence[Command],
    prices: Prices,
    *,
    plugged_in_at: datetime,
    power_w: int,
    efficiency_percent: int,
    own_windows: Sequence[Window] = (),
    carried: Observation | None = None,
    carbon: Carbon | None = None,
    surplus: Surplus | None = None,
    efficiencies: Mapping[int, int] = _THE_SAME,
) -> NightAccount:
    """Add up a night. `reports`: charge states since it began, oldest first; `own_windows`: the plan's, where the car
    agreed to keep them by itself. `carried`: the last word before it began, where the cable was in already: its counter
    goes on, and what it stood at is of the night before. `carbon`, `surplus` None: nobody tells.
    `efficiencies`: in percent, at currents that the car agreed to; at any other it is `efficiency_percent`.
    """
    if carried:
        reports = [replace(carried, observed_at=plugged_in_at), *reports]
    unseen = [] if carried else before_first_report(reports, plugged_in_at)
    battery_w = power_w * efficiency_percent // 100
    stretches = unseen + stretches_between(reports, commands, OwnWindows(tuple(own_windows), battery_w))
    worth = _Worth(prices, carbon, surplus)
    percents = [efficiencies.get(one.current_a or 0, efficiency_percent) for one in stretches]
    readings = tuple(one for drawn in zip(stretches, percents, strict=True) for one in worth.readings(*drawn))
    at_once_wh = sum(_wall_wh(stretch, efficiency_percent) for stretch in stretches)
    at_once = worth.at_once(at_once_wh, plugged_in_at, power_w)
    soc_before_percent, soc_after_percent = _percents(reports)
    return NightAccount(
        readings=readings,
        wall_wh=sum(reading.wall_wh for reading in readings),
        battery_wh=sum(stretch.battery_wh for stretch in stretches),
        cost_nano=worth.cost_nano(readings),
        at_once_nano=worth.cost_nano(at_once),
        soc_before_percent=soc_before_percent,
        soc_after_percent=soc_after_percent,
        done_at=stretches[-1].end if stretches else None,
        carbon_mg=worth.carbon_mg(readings),
        carbon_at_once_mg=worth.carbon_mg(at_once),
        sun_wh=sum(reading.sun_wh for reading in readings),
        feed_in_nano=worth.feed_in_nano(readings),
    )


def _wall_wh(stretch: Stretch, efficiency_percent: int) -> int:
    usual_wh = (stretch.battery_wh * 100 + efficiency_percent // 2) // efficiency_percent
    return usual_wh if stretch.wall_wh is None else max(usual_wh, stretch.wall_wh)


def _percents(reports: Sequence[Observation]) -> tuple[int | None, int | None]:
    """The first and the last that the car said."""
    states = [seen.fact for seen in reports if isinstance(seen.fact, ChargeState)]
    said = [state.soc_percent for state in states if state.soc_percent is not None]
    return (said[0], said[-1]) if said else (None, None)


def from_grid(readings: Sequence[Reading]) -> list[tuple[datetime, datetime, int]]:
    """The grid's part. What came from the sun alone needs no price, and nobody's word of how clean the grid was."""
    return [(one.start, one.end, one.grid_wh) for one in readings if one.grid_wh or not one.sun_wh]
