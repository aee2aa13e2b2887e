"""When a car has to be ready, and how full.

A ready-by time is local wall time. Where the clocks jump over it, the first moment after the jump counts;
where they show it twice, the earlier one: in doubt a car is ready too early rather than too late.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS_A_WEEK: Final = 7
BACK_AT: Final = time(20)
"""When a car that has left is supposed to be plugged in again: guessed too late rather than too early, so that no night
counts on hours in which it may be away."""
LOWEST_TARGET_PERCENT: Final = 50
"""Tesla takes no lower charge limit."""


class GoalUnclear(ValueError):
    """What was typed in cannot be a goal. The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class ChargeGoal:
    """What the driver wishes, week by week.

    `ready_by` by weekday, Monday is 0; None or a missing day: nothing to be ready for. `minimum_percent` is
    charged at once after plug-in, whatever it costs; `target_percent` is wanted by the ready-by time, but on the
    weekdays of `target_by_day`, which have another. `skipped` are local dates whose ready-by time does not count, once.
    """

    ready_by: Mapping[int, time | None]
    target_percent: int
    minimum_percent: int
    zone: str
    skipped: frozenset[date] = frozenset()
    target_by_day: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self)
        whole_week = {weekday: self.ready_by.get(weekday) for weekday in range(DAYS_A_WEEK)}
        object.__setattr__(self, "ready_by", whole_week)

    @property
    def least_target_percent(self) -> int:
        """The lowest target of any day that has a time."""
        days = [day for day in self.ready_by if self.ready_by[day]]
        return min((self.target_by_day.get(day, self.target_percent) for day in days), default=self.target_percent)


def target_at(goal: ChargeGoal, ready_by: datetime | None) -> int:
    """How full the car is to be at this ready-by time. None: nothing to be ready for, and what holds on most days."""
    if ready_by is None:
        return goal.target_percent
    return goal.target_by_day.get(ready_by.astimezone(ZoneInfo(goal.zone)).weekday(), goal.target_percent)


def next_ready_by(goal: ChargeGoal, now: datetime) -> datetime | None:
    """The next moment (UTC) after `now` at which the car has to be ready. None: no weekday has a time.

    Looks two weeks ahead, so that a skipped date of a goal with one weekday still finds the next.
    """
    return next(_all_after(goal, now), None)


def nights_to_higher_goals(goal: ChargeGoal, ready_by: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The nights after this ready-by time, up to the last by `until` that wants more than all before it.

    Each from when the car is supposed to be plugged in again, `BACK_AT` in the evening, to its ready-by time: on a day
    that has none it stays where it is. Empty: no later goal wants more than this one.
    """
    nights: list[tuple[datetime, datetime]] = []
    last, highest, left = 0, target_at(goal, ready_by), ready_by
    for moment in _all_after(goal, ready_by):
        if moment > until:
            break
        nights.append((min(_back_after(goal, left), moment), moment))
        left = moment
        if target_at(goal, moment) > highest:
            last, highest = len(nights), target_at(goal, moment)
    return nights[:last]


def _back_after(goal: ChargeGoal, left: datetime) -> datetime:
    day = left.astimezone(ZoneInfo(goal.zone)).date()
    evenings = (moment_of(day + timedelta(days=more), BACK_AT, goal.zone) for more in (0, 1))
    return next(evening for evening in evenings if evening > left)


def _all_after(goal: ChargeGoal, now: datetime) -> Iterator[datetime]:
    today = now.astimezone(ZoneInfo(goal.zone)).date()
    for ahead in range(2 * DAYS_A_WEEK + 1):
        day = today + timedelta(days=ahead)
        wall = goal.ready_by[day.weekday()]
        if wall is None or day in goal.skipped:
            continue
        moment = moment_of(day, wall, goal.zone)
        if moment > now:
            yield moment


def skip(goal: ChargeGoal, ready_by: datetime) -> ChargeGoal:
    """The same goal without the one ready-by time that falls on this moment's local date."""
    day = ready_by.astimezone(ZoneInfo(goal.zone)).date()
    skipped = goal.skipped | {day}
    return replace(goal, skipped=skipped)


def moment_of(day: date, wall: time, zone: str) -> datetime:
    """The UTC moment at which clocks in `zone` show `wall` on `day`: see the rule at the top for odd days."""
    place = ZoneInfo(zone)
    earlier = datetime.combine(day, wall, place).astimezone(UTC)
    if earlier.astimezone(place).replace(tzinfo=None) == datetime.combine(day, wall):
        return earlier
    return _first_moment_after_the_jump(datetime.combine(day, wall), place)


def _first_moment_after_the_jump(shown: datetime, place: ZoneInfo) -> datetime:
    """`fold=0` reads a skipped time by the offset before the jump, `fold=1` by that after: it lies between."""
    before = shown.replace(tzinfo=place, fold=1).astimezone(UTC)
    after = shown.replace(tzinfo=place, fold=0).astimezone(UTC)
    second = timedelta(seconds=1)
    while after - before > second:
        middle = before + timedelta(seconds=(after - before) // second // 2)
        if middle.astimezone(place).replace(tzinfo=None) < shown:
            before = middle
        else:
            after = middle
    return after


def _check(goal: ChargeGoal) -> None:
    strange = [weekday for weekday in (*goal.ready_by, *goal.target_by_day) if weekday not in range(DAYS_A_WEEK)]
    if strange:
        raise GoalUnclear(f"{strange[0]} is no weekday: Monday is 0, Sunday is 6")
    if any(wall is not None and wall.tzinfo is not None for wall in goal.ready_by.values()):
        raise GoalUnclear("a ready-by time is local wall time")
    targets = [goal.target_percent, *goal.target_by_day.values()]
    if not LOWEST_TARGET_PERCENT <= min(targets) <= max(targets) <= 100:
        raise GoalUnclear(f"a target lies between {LOWEST_TARGET_PERCENT} and 100 %")
    if not 0 <= goal.minimum_percent <= min(targets):
        raise GoalUnclear("the minimum lies between 0 % and the target")
    try:
        ZoneInfo(goal.zone)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise GoalUnclear(f"{goal.zone!r} is no time zone") from unknown
