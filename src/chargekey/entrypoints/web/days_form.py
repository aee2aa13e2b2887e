"""Reads the form for a date of its own or a holiday: keeps what was typed, and says what is wrong field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.domain.days_apart import A_DAY, LONGEST_AHEAD, MOST_APART, Holiday, OneOff
from chargekey.domain.goal import LOWEST_TARGET_PERCENT, ChargeGoal, moment_of
from chargekey.entrypoints.web.screens.days import DayTyped, WrongDay
from chargekey.journeys.set_days_apart import kept_apart

LONGEST: Final = 20
BEGAN_WITHIN: Final = timedelta(days=31)
"""A holiday may have begun already; one that began longer ago is a slip."""
USUAL: Final = "07:00"
ONE_DAY, HOLIDAY = "one_day", "holiday"


@dataclass(frozen=True, slots=True)
class DateAndGoal:
    """A date with a goal of its own."""

    day: date
    goal: OneOff


Misread = Mapping[str, str]
"""What is wrong, by field."""


def typed(fields: Mapping[str, str]) -> DayTyped:
    """The form as it was sent, cut to a sane length, nothing lost."""
    kind, day, ready_by, target, first, last = (
        fields.get(name, "").strip()[:LONGEST] for name in ("kind", "day", "ready_by", "target", "first", "last")
    )
    return DayTyped(kind, day, ready_by, target, first, last)


def untouched(goal: ChargeGoal, today: date) -> DayTyped:
    """As a driver finds it: tomorrow, at the time of its weekday."""
    tomorrow = today + A_DAY
    wall = goal.ready_by[tomorrow.weekday()]
    day = tomorrow.isoformat()
    return DayTyped(ONE_DAY, day, wall.strftime("%H:%M") if wall else USUAL, "", day, "")


def understood(form: DayTyped, goal: ChargeGoal, now: datetime) -> DateAndGoal | Holiday | Misread:
    """What to set, or all that is wrong at once. Only the fields of the chosen kind are read."""
    if form.kind not in (ONE_DAY, HOLIDAY):
        return {"kind": WrongDay.NOT_A_CHOICE}
    read = _one_day(form, goal, now) if form.kind == ONE_DAY else _holiday(form, _today(goal, now))
    kept = kept_apart(goal, now)
    again = read.day in kept.one_off if isinstance(read, DateAndGoal) else read in kept.holidays
    if not isinstance(read, Mapping) and not again and len(kept.one_off) + len(kept.holidays) >= MOST_APART:
        return {"kind": WrongDay.TOO_MANY}
    return read


def one_of(fields: Mapping[str, str]) -> date | Holiday | None:
    """Which of those that are set is to be dropped: a date, or a holiday. None: unreadable."""
    day, first, last = (_date(fields.get(name, "")) for name in ("day", "first", "last"))
    if first and last and timedelta() <= last - first <= LONGEST_AHEAD:
        return Holiday(first, last)
    return day


def _one_day(form: DayTyped, goal: ChargeGoal, now: datetime) -> DateAndGoal | Misread:
    wrong: dict[str, str] = {}
    day, wall = _date(form.day), _clock(form.ready_by)
    today = _today(goal, now)
    problem = _problem_of(day, today, not_before=today)
    if problem:
        wrong["day"] = problem
    if wall is None:
        wrong["ready_by"] = WrongDay.NO_TIME
    elif day and not problem and moment_of(day, wall, goal.zone) <= now:
        wrong["ready_by"] = WrongDay.PAST
    target = int(form.target) if form.target.isascii() and form.target.isdigit() else None
    if form.target and (target is None or not LOWEST_TARGET_PERCENT <= target <= 100):
        wrong["target"] = WrongDay.TARGET_RANGE
    elif target is not None and target < goal.minimum_percent:
        wrong["target"] = WrongDay.BELOW_MINIMUM
    if wrong or day is None or wall is None:
        return wrong
    return DateAndGoal(day, OneOff(wall, target))


def _holiday(form: DayTyped, today: date) -> Holiday | Misread:
    """Who is on it already may say so: only its end must not be over."""
    wrong: dict[str, str] = {}
    first, last = _date(form.first), _date(form.last)
    if problem := _problem_of(first, today, not_before=today - BEGAN_WITHIN):
        wrong["first"] = problem
    if problem := _problem_of(last, today, not_before=today):
        wrong["last"] = problem
    elif first and last and last < first:
        wrong["last"] = WrongDay.ENDS_FIRST
    elif first and last and not wrong and last - first > LONGEST_AHEAD:
        wrong["last"] = WrongDay.TOO_FAR
    if wrong or first is None or last is None:
        return wrong
    return Holiday(first, last)


def _problem_of(day: date | None, today: date, *, not_before: date) -> str | None:
    if day is None:
        return WrongDay.NO_DATE
    if day < not_before:
        return WrongDay.PAST
    return WrongDay.TOO_FAR if day - today > LONGEST_AHEAD else None


def _today(goal: ChargeGoal, now: datetime) -> date:
    return now.astimezone(ZoneInfo(goal.zone)).date()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        hour, minute = text.split(":")[:2]
        return time(int(hour), int(minute))
    except ValueError:
        return None
