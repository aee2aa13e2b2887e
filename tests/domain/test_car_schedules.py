"""What a car is given of a plan: nights as schedules, and what is told to a car that has others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargekey.domain.car_schedules import (
    EVERY_DAY,
    OUR_NUMBERS,
    OVERRUN,
    CarSchedule,
    Given,
    SchedulesInCar,
    fits,
    given_to_car,
    is_over,
    next_change,
    serves,
)

AMSTERDAM: Final = "Europe/Amsterdam"
SIX: Final = datetime(2024, 1, 10, 17, tzinfo=UTC)  # a Wednesday, 18:00 in Amsterdam
WEDNESDAY, THURSDAY = 0b0001000, 0b0010000
Windows = Sequence[tuple[datetime, datetime]]


def at(hours: float) -> datetime:
    return SIX + timedelta(hours=hours)


TWO: Final = ((at(4), at(5.5)), (at(9), at(10)))


def schedules(windows: Windows, now: datetime = SIX, *, ends_by_itself: bool = True) -> list[CarSchedule]:
    found = given_to_car(windows, AMSTERDAM, now, ends_by_itself=ends_by_itself)
    assert found is not None
    return [one.schedule for one in found]


def taught(wanted: Sequence[Given], present: SchedulesInCar, *, keeps_guard: bool = True) -> SchedulesInCar:
    """Told change by change, as long as there is one."""
    for _ in range(20):
        change = next_change(wanted, present, keeps_guard=keeps_guard)
        if change is None:
            return present
        present = present.with_added(change.schedule) if change.adds else present.with_removed(change.schedule)
    raise AssertionError("it never ends")


# ── a plan as schedules ──────────────────────────────────────────


def test_the_last_window_is_the_guard_where_the_car_ends_by_itself() -> None:
    first, guard = schedules(TWO)
    assert first == CarSchedule(0, WEDNESDAY, 22 * 60, 23 * 60 + 30, one_time=True)
    assert guard == CarSchedule(0, EVERY_DAY, 3 * 60, None, one_time=False)


def test_where_the_car_would_charge_on_every_window_has_its_end_and_its_day() -> None:
    first, last = schedules(TWO, ends_by_itself=False)
    assert first == CarSchedule(0, WEDNESDAY, 22 * 60, 23 * 60 + 30, one_time=True)
    assert last == CarSchedule(0, THURSDAY, 3 * 60, 4 * 60 + OVERRUN.seconds // 60, one_time=True)


def test_a_window_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    (only,) = schedules([(at(5), at(7))], ends_by_itself=False)
    assert (only.days, only.start_minute, only.end_minute) == (WEDNESDAY, 23 * 60, 60 + 15)


def test_seconds_widen_a_window_to_whole_minutes() -> None:
    (only,) = schedules([(at(5) + timedelta(seconds=1), at(7) - timedelta(seconds=1))], ends_by_itself=False)
    assert (only.start_minute, only.end_minute) == (23 * 60, 60 + 15)


def test_windows_that_touch_are_one() -> None:
    assert len(schedules([(at(4), at(5)), (at(5), at(6))])) == 1


def test_of_an_open_window_only_the_end_is_given_and_of_an_open_guard_nothing() -> None:
    assert given_to_car(TWO, AMSTERDAM, at(9.5), ends_by_itself=True) == ()
    (only,) = given_to_car(TWO, AMSTERDAM, at(9.5), ends_by_itself=False) or ()
    assert only.is_open
    assert serves(CarSchedule(OUR_NUMBERS[0], THURSDAY, 1, only.schedule.end_minute, one_time=True), only)


def test_what_is_over_is_not_given() -> None:
    assert given_to_car(TWO, AMSTERDAM, at(11), ends_by_itself=True) == ()


@pytest.mark.parametrize("minutes", [-30, 0, 30])
def test_an_hour_that_clocks_show_twice_is_not_given(minutes: int) -> None:
    """On 27 October 2024 Amsterdam's clocks show 02:00 to 03:00 twice, from midnight UTC on."""
    noon = datetime(2024, 10, 26, 12, tzinfo=UTC)
    start = datetime(2024, 10, 27, 0, 45, tzinfo=UTC) + timedelta(minutes=minutes)
    assert given_to_car([(start, start + timedelta(hours=4))], AMSTERDAM, noon, ends_by_itself=True) is None


def test_in_spring_every_moment_has_its_one_minute() -> None:
    noon, start = datetime(2024, 3, 30, 12, tzinfo=UTC), datetime(2024, 3, 31, 0, 30, tzinfo=UTC)
    (only,) = given_to_car([(start, start + timedelta(hours=2))], AMSTERDAM, noon, ends_by_itself=False) or ()
    assert (only.schedule.start_minute, only.schedule.end_minute) == (90, 4 * 60 + 45)


def test_neither_a_day_long_window_nor_one_a_week_ahead_is_given() -> None:
    assert given_to_car([(at(1), at(25))], AMSTERDAM, SIX, ends_by_itself=False) is None
    assert given_to_car([(at(6 * 24), at(6 * 24 + 1))], AMSTERDAM, SIX, ends_by_itself=True) is None


moments = st.integers(1, 4 * 24 * 60).map(lambda minute: SIX + timedelta(minutes=minute))


@given(st.lists(st.tuples(moments, st.integers(1, 600)), min_size=1, max_size=5), st.booleans())
@settings(max_examples=200, deadline=None)
def test_whoever_reads_the_minutes_back_finds_the_windows(drawn: list[tuple[datetime, int]], by_itself: bool) -> None:
    windows = sorted((start, start + timedelta(minutes=long)) for start, long in drawn)
    if any(later < end for (_, end), (later, _) in pairwise(windows)):
        return
    place = ZoneInfo(AMSTERDAM)
    for one in given_to_car(windows, AMSTERDAM, SIX, ends_by_itself=by_itself) or ():
        told = one.schedule
        assert told.start_minute is not None
        starts = [start.astimezone(place) for start, _ in windows]
        found = [start for start in starts if start.hour * 60 + start.minute == told.start_minute]
        assert any(told.days == EVERY_DAY or told.days == 1 << start.isoweekday() % 7 for start in found)


# ── what a car is told ───────────────────────────────────────────

NOTHING: Final = SchedulesInCar(())
HIS: Final = CarSchedule(1_723_624_800, EVERY_DAY, 60, 360, one_time=False)


def wanted(windows: Windows, *, ends_by_itself: bool = True) -> tuple[Given, ...]:
    found = given_to_car(windows, AMSTERDAM, SIX, ends_by_itself=ends_by_itself)
    assert found is not None
    return found


def test_a_car_is_told_each_window_once_and_then_nothing() -> None:
    has = taught(wanted(TWO), NOTHING)
    assert [one.number for one in has.ours] == [*OUR_NUMBERS[:2]]
    assert next_change(wanted(TWO), has, keeps_guard=True) is None


def test_tomorrows_plan_replaces_tonights_number_by_number() -> None:
    has = taught(wanted(TWO), NOTHING)
    other = wanted([(at(3), at(4)), (at(8), at(9))])
    changes = []
    while change := next_change(other, has, keeps_guard=True):
        changes.append(change)
        has = has.with_added(change.schedule)
    assert [(one.adds, one.schedule.number) for one in changes] == [(True, number) for number in OUR_NUMBERS[:2]]


def test_what_the_driver_set_is_never_touched_and_takes_room() -> None:
    present = SchedulesInCar((HIS,), elsewhere=2, most=4)
    assert (present.room, present.drivers) == (1, (HIS,))
    assert not fits(wanted(TWO), present)
    assert HIS in taught((), taught(wanted(TWO[:1]), present), keeps_guard=False).at_home


def test_what_is_over_is_replaced_first_and_removed_never() -> None:
    over = CarSchedule(OUR_NUMBERS[3], WEDNESDAY, 60, 120, one_time=True, enabled=False)
    change = next_change(wanted(TWO), SchedulesInCar((over,)), keeps_guard=True)
    assert change and change.adds and change.schedule.number == over.number
    assert next_change((), SchedulesInCar((over,)), keeps_guard=False) is None


def test_the_guard_stays_where_it_does_no_harm_and_goes_where_it_would() -> None:
    has = taught(wanted(TWO), NOTHING)
    kept = taught((), has)
    assert [one.one_time for one in kept.ours] == [False]
    assert taught((), has, keeps_guard=False).ours == ()


def test_a_guard_that_is_not_wanted_any_more_makes_way_for_a_window_of_one_day() -> None:
    has = taught(wanted(TWO[1:]), NOTHING)
    has = taught(wanted(TWO[1:], ends_by_itself=False), has, keeps_guard=False)
    assert [(one.number, one.one_time) for one in has.ours] == [(OUR_NUMBERS[0], True)]


drawn_windows = st.lists(st.sampled_from(range(0, 48, 3)), unique=True, max_size=6).map(
    lambda starts: [(at(start / 2 + 1), at(start / 2 + 2)) for start in sorted(starts)]
)
in_a_car = st.builds(
    CarSchedule,
    number=st.sampled_from([*OUR_NUMBERS, HIS.number]),
    days=st.integers(1, EVERY_DAY),
    start_minute=st.integers(0, 1439),
    end_minute=st.integers(0, 1439),
    one_time=st.booleans(),
    enabled=st.booleans(),
)


@given(drawn_windows, st.lists(in_a_car, unique_by=lambda one: one.number, max_size=9), st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_is_in_the_car_in_the_end_it_has_just_what_is_wanted(
    windows: Windows, there: list[CarSchedule], by_itself: bool, keeps_guard: bool
) -> None:
    present, asked = SchedulesInCar(tuple(there)), wanted(windows, ends_by_itself=by_itself)
    if not fits(asked, present):
        return
    has = taught(asked, present, keeps_guard=keeps_guard)
    in_force = [one for one in has.ours if one.enabled]
    assert all(any(serves(one, want) for one in in_force) for want in asked)
    spare = [one for one in in_force if not any(serves(one, want) for want in asked)]
    assert not [one for one in spare if one.one_time or not keeps_guard]
    assert [one for one in there if not one.is_ours] == [one for one in has.at_home if not one.is_ours]
    assert len(has.at_home) <= has.most


# ── over ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "end", "told", "now", "over"),
    [
        (120, 240, "2024-11-06 18:00", "2024-11-07 03:59", False),
        (120, 240, "2024-11-06 18:00", "2024-11-07 04:00", True),
        (120, 240, "2024-11-07 03:00", "2024-11-07 04:00", True),  # told of while it ran
        (120, 240, "2024-11-07 04:00", "2024-11-13 23:00", False),  # told of after that: it is for next week
        (1380, 240, "2024-11-06 18:00", "2024-11-08 03:59", False),  # over midnight, from Thursday to Friday
        (1380, 240, "2024-11-06 18:00", "2024-11-08 04:00", True),
        (None, 240, "2024-11-06 18:00", "2024-11-07 04:00", True),
        (120, None, "2024-11-06 18:00", "2024-11-07 02:00", True),
    ],
)
def test_one_for_a_day_is_over_when_that_has_been(
    start: int | None, end: int | None, told: str, now: str, over: bool
) -> None:
    zone = ZoneInfo(AMSTERDAM)
    told_at, then = (datetime.fromisoformat(one).replace(tzinfo=zone).astimezone(UTC) for one in (told, now))
    thursday = CarSchedule(OUR_NUMBERS[0], THURSDAY, start, end, one_time=True)
    assert is_over(thursday, told_at, AMSTERDAM, then) is over
    assert not is_over(replace(thursday, one_time=False), told_at, AMSTERDAM, then)
