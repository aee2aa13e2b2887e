"""Dates that are not as their weekday: those that are set, and the form for another one, as typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import ClassVar

from chargekey.domain.days_apart import DaysApart, Holiday
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.vehicle import Vin


@dataclass(frozen=True, slots=True)
class OneOffSet:
    """A date with a goal of its own, and how full it is to be on it."""

    day: date
    ready_by: time
    target_percent: int


@dataclass(frozen=True, slots=True)
class DaysSet:
    """All of them that are not over, each kind in order."""

    one_off: tuple[OneOffSet, ...] = ()
    holidays: tuple[Holiday, ...] = ()

    @property
    def count(self) -> int:
        return len(self.one_off) + len(self.holidays)


def days_set(goal: ChargeGoal, today: date) -> DaysSet:
    """Of a goal, as a driver is told of them."""
    apart: DaysApart = goal.apart.since(today)
    return DaysSet(
        tuple(OneOffSet(day, one.ready_by, goal.target_on(day)) for day, one in apart.one_off.items()), apart.holidays
    )


@dataclass(frozen=True, slots=True)
class DayTyped:
    """The form as it stands. Texts, so that nothing typed is lost. `kind`: "one_day" or "holiday".

    A date without a target of its own is to be as full as on its weekday.
    """

    kind: str = "one_day"
    day: str = ""
    ready_by: str = ""
    target: str = ""
    first: str = ""
    last: str = ""


class WrongDay:
    """Names of what can be wrong with a field; the template has the sentence for each."""

    NO_DATE = "no_date"
    NO_TIME = "no_time"
    PAST = "past"
    TOO_FAR = "too_far"
    ENDS_FIRST = "ends_first"
    TARGET_RANGE = "target_range"
    BELOW_MINIMUM = "below_minimum"
    TOO_MANY = "too_many"
    NOT_A_CHOICE = "not_a_choice"


@dataclass(frozen=True, slots=True)
class SetDays:
    """One date or a holiday more, and those that there are. `today` is the driver's."""

    template: ClassVar[str] = "guide/days.html"
    car: Vin
    days: DaysSet
    typed: DayTyped
    today: date
    minimum_percent: int
    zone: str
    wrong: Mapping[str, str] = field(default_factory=dict)
