"""Where a car stands, kept to ourselves, and whether that is at home.

Rules of this room:

1. A place prints nothing of itself: no log, no error and no page holds a coordinate.
2. Unknown is an answer. A car that does not tell its place is neither at home nor away.
3. Evidence keeps at home or not, never the place.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import Final

from chargekey.domain.evidence import ChargeState

EARTH_RADIUS_M: Final = 6_371_009
"""Mean radius of the IUGG's Geodetic Reference System 1980."""
HOME_REACHES_M: Final = 150
"""How far from the kept home a car is still at home. Chosen, not measured (November 2026): two fixes under a roof may
each be tens of metres off, a private drive is seldom longer, and the next public charger is mostly farther away."""


class NotOnEarth(ValueError):
    """The numbers are no latitude and longitude."""


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """In degrees, WGS 84. Raises `NotOnEarth` out of range; what was out of range is not repeated."""

    latitude_deg: float
    longitude_deg: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude_deg <= 90 and -180 <= self.longitude_deg <= 180):
            raise NotOnEarth("a latitude is at most 90 degrees, a longitude at most 180")

    def __repr__(self) -> str:
        return "Place(…)"


class LearntFrom(StrEnum):
    """How we know where home is."""

    PLUG_IN = "plug_in"
    DRIVER = "driver"


@dataclass(frozen=True, slots=True)
class Home:
    """The place where we charge a car. `learnt_at`: when the car stood there."""

    place: Place
    learnt_from: LearntFrom
    learnt_at: datetime


def distance_m(one: Place, other: Place) -> float:
    """Along the surface of a sphere, by the haversine (R. W. Sinnott, Sky and Telescope 68, 1984, p. 159)."""
    lower, upper = radians(one.latitude_deg), radians(other.latitude_deg)
    east = radians(other.longitude_deg - one.longitude_deg)
    haversine = sin((upper - lower) / 2) ** 2 + cos(lower) * cos(upper) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(haversine)))


def is_home(home: Place | None, place: Place | None, tolerance_m: float = HOME_REACHES_M) -> bool | None:
    """None where either is not known."""
    if home is None or place is None:
        return None
    return distance_m(home, place) <= tolerance_m


def at_home(home: Place | None, place: Place | None, now: ChargeState, before: ChargeState | None) -> bool | None:
    """What evidence keeps of a look: `now` without its place, `before` the look before it.

    A fast charger is never home. A car that hides its place has not moved while the cable is in.
    """
    if now.at_home is False or home is None:
        return now.at_home
    if place is None and before is not None and before.plugged_in and now.plugged_in:
        return before.at_home
    return is_home(home, place)


def shows_home(now: ChargeState, before: ChargeState | None) -> bool:
    """Whether this look is the first of a plug-in at an alternating-current charger: then that place may be home."""
    was_in = before is not None and before.plugged_in
    return now.plugged_in and not was_in and now.at_home is not False
