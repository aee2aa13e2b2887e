"""A month as a house front: a window for each night, the brighter the more it charged.

Geometry only, as in `charts.py`: names of weekdays and what it all means are written by the template.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from chargekey.domain.span import Span

LITTLE_BELOW_WH: Final = 15_000
MUCH_ABOVE_WH: Final = 25_000
"""Between them a window is half bright: what most nights take."""
_DAYS_A_WEEK: Final = 7
_LEFT, _TOP = 5, 22
_ACROSS, _DOWN = 50, 43
_WIDTH, _HEIGHT = 40, 36
_ABOVE_THE_SILL: Final = 22.5


@dataclass(frozen=True, slots=True)
class Pane:
    """One night. `kind`: w1, w2 or w3 by how bright it is, off where it lies ahead, "" where nothing was charged."""

    day: date
    x: int
    y: int
    kind: str
    is_today: bool

    @property
    def text(self) -> tuple[float, float]:
        """Where its number stands."""
        return self.x + _WIDTH / 2, self.y + _ABOVE_THE_SILL


@dataclass(frozen=True, slots=True)
class Front:
    """`columns`: the middle of each, with the weekday that it is for (Monday is 0)."""

    columns: tuple[tuple[float, int], ...]
    panes: tuple[Pane, ...]
    height: int


def front_of(month: Span, wh_by_day: Mapping[date, int], today: date, first_weekday: int) -> Front:
    """Rows are weeks; they begin where the driver's do."""
    panes: list[Pane] = []
    row = 0
    for day in month.days():
        column = (day.weekday() - first_weekday) % _DAYS_A_WEEK
        if panes and not column:
            row += 1
        x, y = _LEFT + column * _ACROSS, _TOP + row * _DOWN
        panes.append(Pane(day, x, y, _kind(day, wh_by_day.get(day, 0), today), day == today))
    columns = [
        (_LEFT + number * _ACROSS + _WIDTH / 2, (first_weekday + number) % _DAYS_A_WEEK)
        for number in range(_DAYS_A_WEEK)
    ]
    return Front(tuple(columns), tuple(panes), _TOP + row * _DOWN + _HEIGHT + _LEFT)


def _kind(day: date, energy_wh: int, today: date) -> str:
    if day > today:
        return "off"
    if not energy_wh:
        return ""
    return "w1" if energy_wh < LITTLE_BELOW_WH else "w2" if energy_wh <= MUCH_ABOVE_WH else "w3"
