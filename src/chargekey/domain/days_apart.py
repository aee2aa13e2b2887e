"""Dates that are not as their weekday: a date with a goal of its own, and holidays.

Rules of this room:

1. Dates are local and whole. A holiday lasts from its first date to its last, both of them part of it.
2. A date with a goal of its own has it in a holiday too: who leaves early on its first day says just that.
3. What is over counts no more by itself. It is kept for a day, for a night may run late, and then falls away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Final

A_DAY: Final = timedelta(days=1)
LONGEST_AHEAD: Final = timedelta(days=366)
"""So far ahead a date may lie: nobody plans a drive for the year after next, and a wrong year is a slip."""
MOST_APART: Final = 20
"""So many dates and holidays at once: what a driver looks through on one page of his phone."""


class DaysUnclear(ValueError):
    """What was typed in cannot be a holiday, or is one too many. The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class OneOff:
    """When the car has to be ready on one date, in local time. `target_percent` None: as full as on its weekday."""

    ready_by: time
    target_percent: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """Dates on which nothing has to be ready."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first <= LONGEST_AHEAD:
            raise DaysUnclear("a holiday ends on the day on which it begins or later, and within a year")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class DaysApart:
    """All of them that a driver has set. Holidays may overlap."""

    one_off: Mapping[date, OneOff] = field(default_factory=dict)
    holidays: tuple[Holiday, ...] = ()

    def __post_init__(self) -> None:
        if len(self.one_off) + len(self.holidays) > MOST_APART:
            raise DaysUnclear(f"more than {MOST_APART} dates and holidays at once")

    @property
    def last_day(self) -> date | None:
        """The latest date that is not as its weekday; None: there is none."""
        return max([*self.one_off, *(holiday.last for holiday in self.holidays)], default=None)

    def is_holiday(self, day: date) -> bool:
        """Whether it lies in one, whatever else it has."""
        return any(day in holiday for holiday in self.holidays)

    def with_one_off(self, day: date, goal: OneOff) -> "DaysApart":
        """In place of what that date had."""
        return replace(self, one_off=dict(sorted({**self.one_off, day: goal}.items())))

    def with_holiday(self, holiday: Holiday) -> "DaysApart":
        """Another one; the same again changes nothing."""
        return replace(self, holidays=tuple(sorted({*self.holidays, holiday})))

    def without_one_off(self, day: date) -> "DaysApart":
        """That date is as its weekday again, or part of a holiday."""
        return replace(self, one_off={other: goal for other, goal in self.one_off.items() if other != day})

    def without_holiday(self, holiday: Holiday) -> "DaysApart":
        """Its dates are as their weekdays again."""
        return replace(self, holidays=tuple(other for other in self.holidays if other != holiday))

    def since(self, day: date) -> "DaysApart":
        """Those that are not over before this date."""
        return DaysApart(
            {other: goal for other, goal in self.one_off.items() if other >= day},
            tuple(holiday for holiday in self.holidays if holiday.last >= day),
        )
