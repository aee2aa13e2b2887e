"""Goals: the next ready-by time, on ordinary days and on the four odd ones."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.goal import (
    ChargeGoal,
    GoalUnclear,
    moment_of,
    next_ready_by,
    nights_to_higher_goals,
    target_at,
)

ZONE = "Europe/Amsterdam"
MONDAY, TUESDAY, SATURDAY, SUNDAY = 0, 1, 5, 6


def goal(*, zone: str = ZONE, **by_day: time | None) -> ChargeGoal:
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return ChargeGoal({names.index(name): wall for name, wall in by_day.items()}, 80, 20, zone)


def every_day(wall: time) -> ChargeGoal:
    return ChargeGoal(dict.fromkeys(range(7), wall), 80, 20, ZONE)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "ready_by"),
    [
        ("2023-01-09T18:00", "2023-01-10T06:00"),  # Monday evening, Tuesday 07:00 in winter
        ("2023-01-10T05:59", "2023-01-10T06:00"),
        ("2023-01-10T06:00", "2023-01-11T06:00"),  # the moment itself has passed
        ("2023-07-10T18:00", "2023-07-11T05:00"),  # summer
    ],
)
def test_the_next_ready_by_is_the_first_one_after_now(now: str, ready_by: str) -> None:
    assert next_ready_by(every_day(time(7)), utc(now)) == utc(ready_by)


def test_a_day_without_a_time_is_passed_over() -> None:
    only_monday = goal(monday=time(7), saturday=None)
    assert next_ready_by(only_monday, utc("2023-01-10T12:00")) == utc("2023-01-16T06:00")


def test_a_week_without_a_time_has_no_ready_by() -> None:
    assert next_ready_by(goal(), utc("2023-01-10T12:00")) is None


@pytest.mark.parametrize(
    ("day", "wall", "moment"),
    [
        (date(2023, 3, 26), time(2, 30), "2023-03-26T01:00"),  # 02:00 to 03:00 does not exist: 03:00
        (date(2023, 3, 26), time(7), "2023-03-26T05:00"),
        (date(2023, 10, 29), time(2, 30), "2023-10-29T00:30"),  # twice: the earlier
        (date(2023, 10, 29), time(7), "2023-10-29T06:00"),
        (date(2024, 3, 31), time(2), "2024-03-31T01:00"),
        (date(2024, 10, 27), time(2), "2024-10-27T00:00"),
    ],
)
def test_on_an_odd_day_the_car_is_ready_early_rather_than_late(day: date, wall: time, moment: str) -> None:
    assert moment_of(day, wall, ZONE) == utc(moment)


def test_a_jump_of_half_an_hour_is_understood() -> None:
    # Lord Howe Island puts the clock from 02:00 to 02:30 on 1 October 2023.
    assert moment_of(date(2023, 10, 1), time(2, 10), "Australia/Lord_Howe") == utc("2023-09-30T15:30")


@given(
    now=st.integers(0, 9 * 366 * 24 * 60).map(lambda minutes: utc("2023-01-01T00:00") + timedelta(minutes=minutes)),
    wall=st.times().map(lambda wall: wall.replace(second=0, microsecond=0)),
)
def test_a_daily_ready_by_is_never_more_than_26_hours_away(now: datetime, wall: time) -> None:
    found = next_ready_by(every_day(wall), now)
    assert found is not None
    assert timedelta(0) < found - now <= timedelta(hours=26)


@pytest.mark.parametrize(
    ("ready_by", "target", "minimum", "zone", "words"),
    [
        ({7: time(7)}, 80, 20, ZONE, "7 is no weekday"),
        ({0: time(7, tzinfo=UTC)}, 80, 20, ZONE, "local wall time"),
        ({0: time(7)}, 101, 20, ZONE, "a target lies"),
        ({0: time(7)}, 40, 20, ZONE, "a target lies"),
        ({0: time(7)}, 80, 81, ZONE, "the minimum lies"),
        ({0: time(7)}, 80, 20, "Europe/Atlantis", "no time zone"),
    ],
)
def test_a_goal_that_cannot_be_meant_is_refused(
    ready_by: dict[int, time | None], target: int, minimum: int, zone: str, words: str
) -> None:
    with pytest.raises(GoalUnclear, match=words):
        ChargeGoal(ready_by, target, minimum, zone)


# ── targets by weekday, and the goals ahead ───────────────────────────────────────────────────────


def a_week() -> ChargeGoal:
    """50 % at 07:00 from Monday to Friday, 80 % on Saturday at 09:00, and nothing on Sunday."""
    times = {**dict.fromkeys(range(5), time(7)), SATURDAY: time(9)}
    return ChargeGoal(times, 80, 20, ZONE, target_by_day=dict.fromkeys(range(5), 50))


@pytest.mark.parametrize(
    ("ready_by", "percent"),
    [("2023-01-10T06:00", 50), ("2023-01-14T08:00", 80), ("2023-01-15T23:30", 50)],  # that is Monday in Amsterdam
)
def test_a_weekday_has_its_own_target(ready_by: str, percent: int) -> None:
    assert target_at(a_week(), utc(ready_by)) == percent


def test_with_nothing_to_be_ready_for_the_usual_target_holds() -> None:
    assert target_at(a_week(), None) == 80
    assert a_week().least_target_percent == 50
    assert goal().least_target_percent == 80


def test_the_nights_until_a_higher_goal_begin_in_the_evening() -> None:
    """From Thursday on: the car is away on Friday until 20:00, and then there for Saturday."""
    nights = nights_to_higher_goals(a_week(), utc("2023-01-12T06:00"), utc("2023-01-15T18:00"))
    assert nights == [
        (utc("2023-01-12T19:00"), utc("2023-01-13T06:00")),
        (utc("2023-01-13T19:00"), utc("2023-01-14T08:00")),
    ]


def test_no_later_night_counts_where_none_wants_more() -> None:
    tuesday, saturday = utc("2023-01-10T06:00"), utc("2023-01-14T08:00")
    assert nights_to_higher_goals(a_week(), saturday, utc("2023-01-18T18:00")) == []
    assert nights_to_higher_goals(a_week(), tuesday, utc("2023-01-13T18:00")) == []  # Saturday is too far
    assert nights_to_higher_goals(every_day(time(7)), tuesday, utc("2023-01-14T18:00")) == []


def test_on_a_day_without_a_time_the_car_stays_where_it_is() -> None:
    """Back on Friday evening, it may be charged all of Saturday for Sunday."""
    weekend = ChargeGoal({4: time(7), SUNDAY: time(11)}, 50, 20, ZONE, target_by_day={SUNDAY: 90})
    nights = nights_to_higher_goals(weekend, utc("2023-01-13T06:00"), utc("2023-01-17T06:00"))
    assert nights == [(utc("2023-01-13T19:00"), utc("2023-01-15T10:00"))]


@pytest.mark.parametrize("strange", [{7: 80}, {0: 40}, {0: 101}])
def test_a_target_that_no_car_takes_is_refused_on_any_day(strange: dict[int, int]) -> None:
    with pytest.raises(GoalUnclear):
        ChargeGoal({}, 80, 20, ZONE, target_by_day=strange)


def test_the_minimum_lies_below_every_target() -> None:
    with pytest.raises(GoalUnclear, match="minimum"):
        ChargeGoal({}, 80, 60, ZONE, target_by_day={0: 50})
