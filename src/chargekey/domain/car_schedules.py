"""What a car is given of a plan: charge schedules of its own, which it keeps while we, Tesla or the line are away.

Rules of this room:

1. Ours are told from the driver's by their numbers. Only ours are ever written or removed.
2. A schedule counts minutes of the car's local day. A moment that a change of clocks shows twice is not given: which
   of the two the car takes, nobody knows.
3. Where the car ends by itself, at its own limit, the last window is given without an end and for every day. That is
   the guard: a car plugged in while we are away waits for the hours of last time, and then charges until it is full
   enough. Anywhere else a schedule is meant for one day.
4. A car has our windows only when it said so, or agreed to each since it last said which it has.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

OVERRUN: Final = timedelta(minutes=15)
"""How long the last window may run over. The car reports whole percents, and one is up to five minutes of charging."""
OUR_NUMBERS: Final = range(8_650_000_000, 8_650_000_008)
"""Tesla's own numbers are the second at which a schedule was made (tesla-fleet-api §5): ours lie in the year 2244."""
MOST_IN_A_CAR: Final = 10
"""As cars report it (tesla-fleet-api §4.2)."""
EVERY_DAY: Final = 0b1111111
A_DAY: Final = timedelta(days=1)
A_WEEK: Final = timedelta(days=7)
NO_NUMBER: Final = 0


@dataclass(frozen=True, slots=True)
class CarSchedule:
    """One charge schedule. `days` is a bit mask, Sunday is 1 and Saturday 64; minutes count from local midnight.

    `start_minute` None: it only ends a charge; `end_minute` None: it only begins one. An end before its start is the
    day after. `one_time`: the car puts it out of force once it is over.
    """

    number: int
    days: int
    start_minute: int | None
    end_minute: int | None
    one_time: bool
    enabled: bool = True

    @property
    def is_ours(self) -> bool:
        return self.number in OUR_NUMBERS


@dataclass(frozen=True, slots=True)
class SchedulesInCar:
    """Those that count at home, as the car last told them; `elsewhere`: how many more it has for other places.

    `told_at`: when the car told them, where what it agreed to since is in here, too; None: just now.
    """

    at_home: tuple[CarSchedule, ...]
    elsewhere: int = 0
    most: int = MOST_IN_A_CAR
    told_at: datetime | None = None

    @property
    def ours(self) -> tuple[CarSchedule, ...]:
        return tuple(one for one in self.at_home if one.is_ours)

    @property
    def guard(self) -> CarSchedule | None:
        """The one of ours that makes the car wait whenever it is plugged in."""
        return next((one for one in self.ours if one.enabled and not one.one_time), None)

    @property
    def drivers(self) -> tuple[CarSchedule, ...]:
        """What somebody else set and the car goes by."""
        return tuple(one for one in self.at_home if not one.is_ours and one.enabled)

    @property
    def room(self) -> int:
        """For how many of ours there is room, those included that it has."""
        return max(0, min(len(OUR_NUMBERS), self.most - self.elsewhere - len(self.at_home) + len(self.ours)))

    def with_added(self, schedule: CarSchedule) -> "SchedulesInCar":
        """After the car agreed to one. One of the same number is replaced."""
        return replace(self, at_home=(*self.with_removed(schedule).at_home, schedule))

    def with_removed(self, schedule: CarSchedule) -> "SchedulesInCar":
        """After the car agreed to remove one."""
        return replace(self, at_home=tuple(one for one in self.at_home if one.number != schedule.number))


@dataclass(frozen=True, slots=True)
class Given:
    """One window as the car is to have it, without a number yet. `is_open`: it has begun, so only its end counts."""

    schedule: CarSchedule
    is_open: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The next thing to tell the car: write this schedule, or remove it."""

    adds: bool
    schedule: CarSchedule


def given_to_car(
    windows: Iterable[tuple[datetime, datetime]], zone: str, now: datetime, *, ends_by_itself: bool
) -> tuple[Given, ...] | None:
    """The windows still ahead as schedules, in order. None: they cannot be told to a car in minutes of its day."""
    place, ahead = ZoneInfo(zone), [one for one in _joined(windows) if one[1] > now]
    given = []
    for number, (start, end) in enumerate(ahead, 1):
        is_last, is_open = number == len(ahead), start <= now
        is_guard = is_last and ends_by_itself
        if is_guard and is_open:
            continue  # it charges, and ends by itself: there is nothing to give
        ends = None if is_guard else _up(end + OVERRUN if is_last else end)
        if start - now >= A_WEEK - A_DAY or (ends and ends - start >= A_DAY):
            return None
        begins, over = start.astimezone(place), ends.astimezone(place) if ends else None
        if _is_shown_twice(begins) or (over and _is_shown_twice(over)):
            return None
        days = EVERY_DAY if is_guard else 1 << begins.isoweekday() % 7
        times = (_minute(begins), _minute(over) if over else None)
        given.append(Given(CarSchedule(NO_NUMBER, days, *times, one_time=not is_guard), is_open))
    return tuple(given)


def next_change(wanted: Sequence[Given], present: SchedulesInCar, *, keeps_guard: bool) -> Change | None:
    """What the car has to be told so that it has these windows of ours and no others; None: it has.

    `keeps_guard`: one for every day stays where no other is wanted. Whoever has no room for all has to be asked
    `fits` before.
    """
    left = [one for one in present.ours if one.enabled]
    missing = []
    for given in wanted:
        found = next((one for one in left if serves(one, given)), None)
        if found is None:
            missing.append(given.schedule)
        else:
            left.remove(found)
    if missing:
        return Change(True, replace(missing[0], number=_number_for(missing[0], left, present)))
    spared = keeps_guard and all(given.schedule.one_time for given in wanted)
    over = next((one for one in left if one.one_time or not spared), None)
    return Change(False, over) if over else None


def is_over(schedule: CarSchedule, told_at: datetime, zone: str, now: datetime) -> bool:
    """Whether one that is meant for one day has had it, since the car was given it or last told of it."""
    return schedule.one_time and any(told_at < (end or start) <= now for start, end in runs(schedule, told_at, zone))


def runs(schedule: CarSchedule, since: datetime, zone: str) -> Iterator[tuple[datetime, datetime | None]]:
    """When it begins and ends on each of its days, from the day before `since` to a week after, whatever is past.

    One that only ends a charge begins where it ends; None: it only begins one.
    """
    start, end = schedule.start_minute, schedule.end_minute
    first = since.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0) - A_DAY
    for day in (first + number * A_DAY for number in range(9)):
        if schedule.days & 1 << day.isoweekday() % 7:
            is_over_night = start is not None and end is not None and end <= start
            ends = _at(day + A_DAY if is_over_night else day, end) if end is not None else None
            yield _at(day, start if start is not None else end or 0), ends


def _at(day: datetime, minute: int) -> datetime:
    return day.replace(hour=minute // 60, minute=minute % 60)


def fits(wanted: Sequence[Given], present: SchedulesInCar) -> bool:
    """Whether the car has room for all of them beside what others set in it."""
    return len(wanted) <= present.room


def serves(held: CarSchedule, wanted: Given) -> bool:
    """Whether a schedule in the car does what is wanted of it."""
    if wanted.is_open:
        return held.enabled and held.one_time and held.end_minute == wanted.schedule.end_minute
    return replace(held, number=NO_NUMBER) == wanted.schedule


def _number_for(schedule: CarSchedule, left: Sequence[CarSchedule], present: SchedulesInCar) -> int:
    """In place of one that is not wanted any more, best of its kind; else the first number that is in no force."""
    for one in sorted(left, key=lambda one: one.one_time is not schedule.one_time):
        return one.number
    taken = {one.number for one in present.ours if one.enabled}
    known = {one.number for one in present.ours}
    free = [number for number in OUR_NUMBERS if number not in taken]
    return min(free, key=lambda number: (number not in known, number))


def _joined(windows: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """One that begins where another ends goes on with it: the car would stop between them."""
    joined: list[tuple[datetime, datetime]] = []
    for start, end in windows:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _up(moment: datetime) -> datetime:
    """To the next whole minute: a car knows no seconds."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _is_shown_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
