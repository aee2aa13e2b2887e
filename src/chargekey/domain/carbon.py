"""How much CO2 a kilowatt-hour from the grid stands for, by when, and whose word that is.

Rules of this room:

1. Intensity is whole grams of CO2 (all gases, as CO2) per kWh at the wall, energy is whole Wh. Their product is whole
   milligrams, so sums are exact.
2. What is missing is not known. No sum is told of a night of which a quarter of an hour is missing.
3. Nearly all that lies ahead is a forecast, and is as good as that; what was measured takes its place later.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from chargekey.domain.tariff import round_half_even

INSTANT: Final = timedelta(microseconds=1)
"""The least that two moments differ by: parts of a span add up to it exactly."""
MG_PER_G: Final = 1_000
FRESH: Final = timedelta(hours=6)
"""So long a forecast is gone by. One of the morning still tells the night's clean hours apart; yesterday's may not."""


class RegionUnknown(ValueError):
    """No region of ours is called so. The text is one line that says what would be."""


class CarbonWrong(ValueError):
    """Slots that overlap or have no length: nothing that a source could have meant."""


@dataclass(frozen=True, slots=True)
class CarbonSlot:
    """One intensity from `start` up to before `end`. `is_forecast`: nobody has measured it yet."""

    start: datetime
    end: datetime
    g_per_kwh: int
    is_forecast: bool = False


@dataclass(frozen=True, slots=True)
class Carbon:
    """What is known of a span, in order, with holes where nothing is. What is after `known_until` is a forecast."""

    slots: tuple[CarbonSlot, ...]
    known_until: datetime
    source: str

    def intensity(self, start: datetime, end: datetime) -> int | None:
        """Grams per kWh of even power between, rounded half to even. None: some of it is not known.

        Where nothing lies between, as for what was drawn before the first look, that of the moment.
        """
        end = max(end, start + INSTANT)
        whole, covered, weighed = (end - start) // INSTANT, 0, 0
        for slot in self.slots:
            length = (min(slot.end, end) - max(slot.start, start)) // INSTANT
            if length > 0:
                covered += length
                weighed += length * slot.g_per_kwh
        return round_half_even(weighed, whole) if covered == whole else None

    def of(self, readings: Iterable[tuple[datetime, datetime, int]]) -> int | None:
        """Milligrams that metered energy stands for: (start, end, Wh). None: of some of it nothing is known."""
        total_mg = 0
        for start, end, wall_wh in readings:
            g_per_kwh = self.intensity(start, end)
            if g_per_kwh is None:
                return None
            total_mg += g_per_kwh * wall_wh
        return total_mg


def in_order(slots: Sequence[CarbonSlot]) -> tuple[CarbonSlot, ...]:
    """The same by time; holes may be. Raises `CarbonWrong`."""
    ordered = tuple(sorted(slots, key=lambda one: one.start))
    if any(one.end <= one.start for one in ordered):
        raise CarbonWrong("a slot has no length")
    if any(one.end > other.start for one, other in pairwise(ordered)):
        raise CarbonWrong("two slots overlap")
    return ordered


# ── whose word a home goes by ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Region:
    """`source` and `area` as a page names them; `name` is both as the settings say them, `gb-carbon:13`."""

    name: str
    source: str
    area: str
    needs_key: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """What holds for every region of a source. `areas`: what its areas look like; `example`: one of them."""

    title: str
    areas: str
    example: str
    needs_key: bool = False


SOURCES: Final[Mapping[str, _Source]] = {
    "gb-carbon": _Source("Carbon Intensity API", r"GB|[1-9]|1[0-7]", "GB"),
    "electricity-maps": _Source("Electricity Maps", r"[A-Z]{2}(?:-[A-Z0-9]{1,12}){0,3}", "DE", needs_key=True),
}
"""By the name of a source in the settings. smart-charging §4.1 has what each answers."""


def region(name: str) -> Region:
    """The region of such a name. Raises `RegionUnknown`."""
    source, _, area = name.partition(":")
    found = SOURCES.get(source)
    if found is None:
        known = ", ".join(f"{one}:{it.example}" for one, it in SOURCES.items())
        raise RegionUnknown(f"must be a source and an area, such as {known}")
    if not re.fullmatch(found.areas, area):
        raise RegionUnknown(f"{source} wants an area such as {source}:{found.example}")
    return Region(name, found.title, area, found.needs_key)
