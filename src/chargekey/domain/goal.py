"""When a car has to be ready, and how full.

Rules of this room:

1. A ready-by time is local wall time. Where the clocks jump over it, the first moment after the jump counts;
   where they show it twice, the earlier one: in doubt a car is ready too early rather than too late.
2. What is said of one date comes before a holiday, and a holiday before the weekday (`days_apart.py`).
3. In a holiday the car rests: nothing is charged beyond the minimum until its last evening, or an earlier one where
   charging takes longer than that last night.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chargekey.domain.days_apart import A_DAY, DaysApart

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
    weekdays of `target_by_day`, which have another. `apart` are dates that are not as their weekday.
    """

    ready_by: Mapping[int, time | None]
    target_percent: int
    minimum_percent: int
    zone: str
    target_by_day: Mapping[int, int] = field(default_factory=dict)
    apart: DaysApart = field(default_factory=DaysApart)

    def __post_init__(self) -> None:
        _check(self)
        whole_week = {weekday: self.ready_by.get(weekday) for weekday in range(DAYS_A_WEEK)}
        object.__setattr__(self, "ready_by", whole_week)

    @property
    def least_target_percent(self) -> int:
        """The lowest target of any day that has a time."""
        week = [self.target_by_day.get(day, self.target_percent) for day in self.ready_by if self.ready_by[day]]
        return min([*week, *map(self.target_on, self.apart.one_off)], default=self.target_percent)

    def ready_by_on(self, day: date) -> time | None:
        """When the car has to be ready on this date. None: nothing to be ready for."""
        if one_off := self.apart.one_off.get(day):
            return one_off.ready_by
        return None if self.apart.is_holiday(day) else self.ready_by[day.weekday()]

    def target_on(self, day: date) -> int:
        """How full the car is to be on this date, if there is a time by which it has to be ready."""
        one_off = self.apart.one_off.get(day)
        if one_off and one_off.target_percent is not None:
            return one_off.target_percent
        return self.target_by_day.get(day.weekday(), self.target_percent)


def target_at(goal: ChargeGoal, ready_by: datetime | None) -> int:
    """How full the car is to be at this moment: a ready-by time, or the evening until which it rests.

    None: nothing to be ready for, and what holds on most days.
    """
    if ready_by is None:
        return goal.target_percent
    if ends_a_rest(goal, ready_by):
        return goal.minimum_percent
    return goal.target_on(_day_of(goal, ready_by))


def next_ready_by(goal: ChargeGoal, now: datetime) -> datetime | None:
    """The next moment (UTC) after `now` at which the car has to be ready. None: no day has a time.

    Looks two weeks beyond the last date that is not as its weekday.
    """
    return next(_all_after(goal, now), None)


def rests_until(goal: ChargeGoal, now: datetime, needs: timedelta = timedelta()) -> datetime | None:
    """The evening (UTC) until which nothing has to be ready, for a holiday lies before the next ready-by time.

    `needs`: how long charging for it takes. None: no holiday does, or its last night has begun.
    """
    ready_by = next_ready_by(goal, now)
    if ready_by is None:
        return None
    day, today = _day_of(goal, ready_by) - A_DAY, _day_of(goal, now)
    while day >= today:
        evening = moment_of(day, BACK_AT, goal.zone)
        if goal.apart.is_holiday(day) and now < evening <= ready_by - needs:
            return evening
        day -= A_DAY
    return None


def ends_a_rest(goal: ChargeGoal, moment: datetime) -> bool:
    """Whether it is the evening of a holiday, and not a time by which the car has to be ready."""
    day = _day_of(goal, moment)
    if not goal.apart.is_holiday(day) or goal.ready_by_on(day) == BACK_AT:
        return False
    return moment == moment_of(day, BACK_AT, goal.zone)


def nights_to_higher_goals(goal: ChargeGoal, ready_by: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The nights after this ready-by time, up to the last by `until` that wants more than all before it.

    Each from when the car is supposed to be plugged in again, `BACK_AT` in the evening, to its ready-by time: on a day
    that has none it stays where it is. None after a holiday: what a car holds when it comes home from one nobody knows.
    Empty: no later goal wants more than this one.
    """
    nights: list[tuple[datetime, datetime]] = []
    last, highest, left = 0, target_at(goal, ready_by), ready_by
    for moment in _all_after(goal, ready_by):
        if moment > until or _is_a_holiday_between(goal, left, moment):
            break
        nights.append((min(next_evening(goal, left), moment), moment))
        left = moment
        if target_at(goal, moment) > highest:
            last, highest = len(nights), target_at(goal, moment)
    return nights[:last]


def next_evening(goal: ChargeGoal, moment: datetime) -> datetime:
    """The first `BACK_AT` after it."""
    day = _day_of(goal, moment)
    evenings = (moment_of(day + more * A_DAY, BACK_AT, goal.zone) for more in (0, 1))
    return next(evening for evening in evenings if evening > moment)


def _is_a_holiday_between(goal: ChargeGoal, left: datetime, moment: datetime) -> bool:
    """On the day of leaving, too, and on that of the moment not any more."""
    day, end = _day_of(goal, left), _day_of(goal, moment)
    return any(goal.apart.is_holiday(day + number * A_DAY) for number in range((end - day).days))


def _all_after(goal: ChargeGoal, now: datetime) -> Iterator[datetime]:
    today = _day_of(goal, now)
    odd_until = max(today, goal.apart.last_day or today)
    for ahead in range((odd_until - today).days + 2 * DAYS_A_WEEK + 1):
        day = today + ahead * A_DAY
        wall = goal.ready_by_on(day)
        moment = moment_of(day, wall, goal.zone) if wall else None
        if moment and moment > now:
            yield moment


def _day_of(goal: ChargeGoal, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(goal.zone)).date()


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
    one_off = goal.apart.one_off
    if any(wall and wall.tzinfo for wall in (*goal.ready_by.values(), *(one.ready_by for one in one_off.values()))):
        raise GoalUnclear("a ready-by time is local wall time")
    targets = [goal.target_percent, *goal.target_by_day.values()]
    targets += [one.target_percent for one in one_off.values() if one.target_percent is not None]
    if not LOWEST_TARGET_PERCENT <= min(targets) <= max(targets) <= 100:
        raise GoalUnclear(f"a target lies between {LOWEST_TARGET_PERCENT} and 100 %")
    if not 0 <= goal.minimum_percent <= min(targets):
        raise GoalUnclear("the minimum lies between 0 % and the target")
    try:
        ZoneInfo(goal.zone)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise GoalUnclear(f"{goal.zone!r} is no time zone") from unknown
