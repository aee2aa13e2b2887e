"""When a car has to be ready, and how full.

A ready-by time is local wall time. Where the clocks jump over it, the first moment after the jump counts;
where they show it twice, the earlier one: in doubt a car is ready too early rather than too late.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS_A_WEEK: Final = 7
LOWEST_TARGET_PERCENT: Final = 50
"""Tesla takes no lower charge limit."""


class GoalUnclear(ValueError):
    """What was typed in cannot be a goal. The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class ChargeGoal:
    """What the driver wishes, week by week.

    `ready_by` by weekday, Monday is 0; None or a missing day: nothing to be ready for. `minimum_percent` is
    charged at once after plug-in, whatever it costs; `target_percent` is wanted by the ready-by time.
    `skipped` are local dates whose ready-by time does not count, once.
    """

    ready_by: Mapping[int, time | None]
    target_percent: int
    minimum_percent: int
    zone: str
    skipped: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _check(self)
        whole_week = {weekday: self.ready_by.get(weekday) for weekday in range(DAYS_A_WEEK)}
        object.__setattr__(self, "ready_by", whole_week)


def next_ready_by(goal: ChargeGoal, now: datetime) -> datetime | None:
    """The next moment (UTC) after `now` at which the car has to be ready. None: no weekday has a time.

    Looks two weeks ahead, so that a skipped date of a goal with one weekday still finds the next.
    """
    today = now.astimezone(ZoneInfo(goal.zone)).date()
    for ahead in range(2 * DAYS_A_WEEK + 1):
        day = today + timedelta(days=ahead)
        wall = goal.ready_by[day.weekday()]
        if wall is None or day in goal.skipped:
            continue
        moment = moment_of(day, wall, goal.zone)
        if moment > now:
            return moment
    return None


def skip(goal: ChargeGoal, ready_by: datetime) -> ChargeGoal:
    """The same goal without the one ready-by time that falls on this moment's local date."""
    day = ready_by.astimezone(ZoneInfo(goal.zone)).date()
    skipped = goal.skipped | {day}
    return ChargeGoal(goal.ready_by, goal.target_percent, goal.minimum_percent, goal.zone, skipped)


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
    strange = [weekday for weekday in goal.ready_by if weekday not in range(DAYS_A_WEEK)]
    if strange:
        raise GoalUnclear(f"{strange[0]} is no weekday: Monday is 0, Sunday is 6")
    if any(wall is not None and wall.tzinfo is not None for wall in goal.ready_by.values()):
        raise GoalUnclear("a ready-by time is local wall time")
    if not LOWEST_TARGET_PERCENT <= goal.target_percent <= 100:
        raise GoalUnclear(f"a target lies between {LOWEST_TARGET_PERCENT} and 100 %")
    if not 0 <= goal.minimum_percent <= goal.target_percent:
        raise GoalUnclear("the minimum lies between 0 % and the target")
    try:
        ZoneInfo(goal.zone)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise GoalUnclear(f"{goal.zone!r} is no time zone") from unknown
