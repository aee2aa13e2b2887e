"""Dates that are not as their weekday: one with a goal of its own, holidays, and what the car rests for in them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.aim import Aim, aim_at, goal_tonight, ready_by_of
from chargekey.domain.days_apart import LONGEST_AHEAD, MOST_APART, DaysApart, DaysUnclear, Holiday, OneOff
from chargekey.domain.goal import (
    ChargeGoal,
    GoalUnclear,
    ends_a_rest,
    moment_of,
    next_ready_by,
    nights_to_higher_goals,
    rests_until,
    target_at,
)
from chargekey.domain.night import Night, Wish

ZONE: Final = "Europe/Amsterdam"
THURSDAY, FRIDAY, SATURDAY = date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 5)
SUNDAY, MONDAY = date(2026, 12, 6), date(2026, 12, 7)
TWO_WEEKS: Final = Holiday(SATURDAY, date(2026, 12, 20))
HOME_AGAIN: Final = date(2026, 12, 21)
HOUR: Final = timedelta(hours=1)


def every_day(apart: DaysApart | None = None) -> ChargeGoal:
    """80 % at 07:00."""
    return ChargeGoal(dict.fromkeys(range(7), time(7)), 80, 20, ZONE, apart=apart or DaysApart())


def weekdays(apart: DaysApart) -> ChargeGoal:
    """60 % at 07:00 from Monday to Friday, and no time at the weekend, which would want 80 %."""
    times = dict.fromkeys(range(5), time(7))
    return ChargeGoal(times, 80, 20, ZONE, target_by_day=dict.fromkeys(range(5), 60), apart=apart)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return moment_of(day, time(hour, minute), ZONE)


def on(day: date, ready_by: time, percent: int | None = None) -> DaysApart:
    return DaysApart({day: OneOff(ready_by, percent)})


def off(*holidays: Holiday) -> DaysApart:
    return DaysApart(holidays=holidays)


# ── one date ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ready_by", "percent", "wanted"),
    [
        (time(4, 30), 100, 100),  # earlier and fuller
        (time(10), None, 80),  # later, as full as ever
        (time(7), 60, 60),  # the same time, less
    ],
)
def test_a_date_has_its_own_goal_in_place_of_its_weekdays(ready_by: time, percent: int | None, wanted: int) -> None:
    goal = every_day(on(SATURDAY, ready_by, percent))
    found = next_ready_by(goal, at(FRIDAY, 18))
    assert found == moment_of(SATURDAY, ready_by, ZONE)
    assert target_at(goal, found) == wanted
    assert next_ready_by(goal, found) == at(SUNDAY, 7)
    assert target_at(goal, at(SUNDAY, 7)) == 80


def test_a_date_whose_weekday_has_no_time_gets_one() -> None:
    goal = weekdays(on(SATURDAY, time(4, 30)))
    assert next_ready_by(goal, at(FRIDAY, 18)) == at(SATURDAY, 4, 30)
    assert target_at(goal, at(SATURDAY, 4, 30)) == 80  # what its weekday would want
    assert next_ready_by(goal, at(SATURDAY, 5)) == at(MONDAY, 7)


def test_a_date_that_is_over_changes_nothing() -> None:
    goal = every_day(on(THURSDAY, time(4, 30), 100))
    assert next_ready_by(goal, at(FRIDAY, 18)) == at(SATURDAY, 7)
    assert target_at(goal, at(SATURDAY, 7)) == 80


def test_a_date_far_ahead_is_found_where_no_weekday_has_a_time() -> None:
    far = SATURDAY + timedelta(days=300)
    goal = ChargeGoal({}, 80, 20, ZONE, apart=on(far, time(6), 90))
    assert next_ready_by(goal, at(FRIDAY, 18)) == at(far, 6)
    assert next_ready_by(goal, at(far, 6)) is None


@pytest.mark.parametrize(
    ("day", "wall", "moment"),
    [
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, tzinfo=UTC)),  # does not exist: 03:00
        (date(2027, 10, 31), time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # twice: the earlier
    ],
)
def test_on_an_odd_day_a_date_is_ready_early_rather_than_late(day: date, wall: time, moment: datetime) -> None:
    goal = every_day(on(day, wall, 90))
    assert next_ready_by(goal, moment - 2 * HOUR) == moment
    assert target_at(goal, moment) == 90


def test_tonight_charges_for_a_date_that_wants_more() -> None:
    nights = nights_to_higher_goals(every_day(on(SATURDAY, time(4, 30), 100)), at(FRIDAY, 7), at(MONDAY, 18))
    assert nights == [(at(FRIDAY, 20), at(SATURDAY, 4, 30))]


def test_the_lowest_target_is_that_of_a_date_too() -> None:
    assert every_day(on(SATURDAY, time(4), 55)).least_target_percent == 55
    assert every_day(on(SATURDAY, time(4))).least_target_percent == 80


@pytest.mark.parametrize(
    ("one_off", "words"),
    [
        (OneOff(time(4, tzinfo=UTC)), "local wall time"),
        (OneOff(time(4), 40), "a target lies"),
        (OneOff(time(4), 101), "a target lies"),
    ],
)
def test_a_date_whose_goal_cannot_be_meant_is_refused(one_off: OneOff, words: str) -> None:
    with pytest.raises(GoalUnclear, match=words):
        every_day(DaysApart({SATURDAY: one_off}))


def test_the_minimum_lies_below_the_target_of_a_date() -> None:
    with pytest.raises(GoalUnclear, match="minimum"):
        ChargeGoal({}, 80, 60, ZONE, apart=on(SATURDAY, time(4), 50))


# ── holidays ──────────────────────────────────────────────────────────────────────────────────────


def test_after_a_holiday_of_weeks_the_next_ready_by_counts() -> None:
    goal = every_day(off(TWO_WEEKS))
    assert next_ready_by(goal, at(FRIDAY, 18)) == at(HOME_AGAIN, 7)
    assert target_at(goal, at(HOME_AGAIN, 7)) == 80


def test_what_is_said_of_one_date_of_a_holiday_comes_first() -> None:
    """Off on Saturday at half past four, for two weeks."""
    goal = every_day(replace(off(TWO_WEEKS), one_off={SATURDAY: OneOff(time(4, 30), 100)}))
    assert next_ready_by(goal, at(FRIDAY, 18)) == at(SATURDAY, 4, 30)
    assert rests_until(goal, at(FRIDAY, 18)) is None
    assert next_ready_by(goal, at(SATURDAY, 4, 30)) == at(HOME_AGAIN, 7)
    assert rests_until(goal, at(SATURDAY, 5)) == at(TWO_WEEKS.last, 20)


def test_holidays_may_follow_and_cover_each_other() -> None:
    goal = every_day(off(Holiday(SATURDAY, SUNDAY), TWO_WEEKS, Holiday(HOME_AGAIN, HOME_AGAIN)))
    assert next_ready_by(goal, at(FRIDAY, 18)) == at(date(2026, 12, 22), 7)


def test_a_holiday_that_is_over_changes_nothing() -> None:
    goal = every_day(off(Holiday(THURSDAY, THURSDAY)))
    assert next_ready_by(goal, at(FRIDAY, 18)) == at(SATURDAY, 7)
    assert rests_until(goal, at(FRIDAY, 18)) is None


def test_a_week_without_a_time_rests_for_nothing() -> None:
    goal = ChargeGoal({}, 80, 20, ZONE, apart=off(TWO_WEEKS))
    assert next_ready_by(goal, at(FRIDAY, 18)) is None
    assert rests_until(goal, at(FRIDAY, 18)) is None


@pytest.mark.parametrize(
    ("now", "needs", "evening"),
    [
        (at(FRIDAY, 18), 5 * HOUR, at(TWO_WEEKS.last, 20)),
        (at(TWO_WEEKS.last, 19), 5 * HOUR, at(TWO_WEEKS.last, 20)),
        (at(TWO_WEEKS.last, 20), 5 * HOUR, None),  # the last night
        (at(FRIDAY, 18), 30 * HOUR, at(date(2026, 12, 19), 20)),  # a socket in the garage
        (at(FRIDAY, 18), 17 * 24 * HOUR, None),  # it has to begin at once
        (at(THURSDAY, 18), 5 * HOUR, None),  # Friday comes first
    ],
)
def test_a_car_rests_until_the_last_evening_that_is_early_enough(
    now: datetime, needs: timedelta, evening: datetime | None
) -> None:
    assert rests_until(every_day(off(TWO_WEEKS)), now, needs) == evening


def test_of_a_rest_the_minimum_is_wanted() -> None:
    goal = every_day(off(TWO_WEEKS))
    evening = at(TWO_WEEKS.last, 20)
    assert ends_a_rest(goal, evening)
    assert target_at(goal, evening) == 20
    assert not ends_a_rest(goal, evening + HOUR)
    assert not ends_a_rest(goal, at(FRIDAY, 20))


def test_a_ready_by_time_in_the_evening_of_a_holiday_is_no_end_of_a_rest() -> None:
    goal = every_day(replace(off(TWO_WEEKS), one_off={SUNDAY: OneOff(time(20), 90)}))
    assert not ends_a_rest(goal, at(SUNDAY, 20))
    assert target_at(goal, at(SUNDAY, 20)) == 90
    assert rests_until(goal, at(FRIDAY, 18)) == at(SATURDAY, 20)


@pytest.mark.parametrize("last", [date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 30), date(2027, 10, 31)])
def test_a_rest_ends_at_eight_in_the_evening_when_the_clocks_change_too(last: date) -> None:
    goal = every_day(off(Holiday(last - timedelta(days=7), last)))
    evening = rests_until(goal, at(last - timedelta(days=9), 23))
    assert evening is None  # the day before the holiday comes first
    evening = rests_until(goal, at(last - timedelta(days=8), 23))
    assert evening == at(last, 20)
    assert ends_a_rest(goal, evening)
    assert next_ready_by(goal, evening) == at(last + timedelta(days=1), 7)


def test_no_night_counts_on_a_car_that_was_on_holiday() -> None:
    """Monday wants more, but what it holds then nobody knows."""
    goal = ChargeGoal(dict.fromkeys(range(7), time(7)), 50, 20, ZONE, target_by_day={0: 100})
    assert nights_to_higher_goals(goal, at(FRIDAY, 7), at(MONDAY, 18))
    away = replace(goal, apart=off(Holiday(SATURDAY, SUNDAY)))
    assert nights_to_higher_goals(away, at(FRIDAY, 7), at(MONDAY, 18)) == []


@given(
    days=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=4),
    single=st.dictionaries(st.integers(0, 90), st.times().map(lambda wall: wall.replace(microsecond=0)), max_size=4),
    hours=st.integers(0, 90 * 24),
    needs=st.integers(0, 80),
)
def test_whatever_is_apart_a_rest_lies_before_the_next_ready_by_and_leaves_time(
    days: list[tuple[int, int]], single: dict[int, time], hours: int, needs: int
) -> None:
    begin = date(2027, 2, 20)
    holidays = [Holiday(begin + timedelta(days=first), begin + timedelta(days=first + more)) for first, more in days]
    one_off = {begin + timedelta(days=number): OneOff(wall) for number, wall in single.items()}
    goal = every_day(DaysApart(one_off, tuple(holidays)))
    now = at(begin, 0) + hours * HOUR
    ready_by = next_ready_by(goal, now)
    assert ready_by is not None
    assert now < ready_by <= now + timedelta(days=4 * 31 + 2)
    evening = rests_until(goal, now, needs * HOUR)
    if evening is not None:
        assert now < evening <= ready_by - needs * HOUR
        assert ends_a_rest(goal, evening)
        assert next_ready_by(goal, evening) == ready_by


# ── what a plug-in is planned for ─────────────────────────────────────────────────────────────────


def a_night(since: datetime, due: datetime | None = None, wish: Wish = Wish.PLAN) -> Night:
    return Night(1, 1, since, None, wish, since, due)


def test_a_rest_is_planned_evening_by_evening() -> None:
    goal = every_day(off(TWO_WEEKS))
    due = at(TWO_WEEKS.last, 20)
    for now, evening in [(at(FRIDAY, 18), at(FRIDAY, 20)), (at(SUNDAY, 21), at(MONDAY, 20)), (due - HOUR, due)]:
        aim = aim_at(goal, at(HOME_AGAIN, 7), now, needs=5 * HOUR, looks_ahead_until=now)
        assert aim == Aim(due, ((now, evening),), rests=True)
    last = aim_at(goal, at(HOME_AGAIN, 7), due, needs=5 * HOUR, looks_ahead_until=due)
    assert last == Aim(at(HOME_AGAIN, 7), ((due, at(HOME_AGAIN, 7)),))


def test_who_comes_home_early_has_his_next_morning() -> None:
    """The holiday is taken back while the car rests: the mornings in it that have passed are over."""
    night = a_night(at(FRIDAY, 18), at(TWO_WEEKS.last, 20))
    assert ready_by_of(every_day(off(TWO_WEEKS)), night, at(MONDAY, 12)) == at(HOME_AGAIN, 7)
    assert ready_by_of(every_day(), night, at(MONDAY, 12)) == at(date(2026, 12, 8), 7)


def test_a_late_night_has_no_other_morning_before_it_is_over() -> None:
    late = a_night(at(FRIDAY, 18), at(SATURDAY, 7))
    assert ready_by_of(every_day(), late, at(SATURDAY, 8)) == at(SATURDAY, 7)


def test_charged_at_once_in_a_holiday_it_gets_what_is_wanted_after_it() -> None:
    goal, due = every_day(off(TWO_WEEKS)), at(TWO_WEEKS.last, 20)
    assert goal_tonight(goal, due, Wish.PLAN) == 20
    assert goal_tonight(goal, due, Wish.CHARGE_NOW) == 80
    assert goal_tonight(goal, at(HOME_AGAIN, 7), Wish.CHARGE_NOW) == 80
    assert goal_tonight(goal, None, Wish.PLAN) == 80


# ── setting them ──────────────────────────────────────────────────────────────────────────────────


def test_what_is_set_again_takes_the_place_of_what_was_set() -> None:
    apart = on(SATURDAY, time(4)).with_one_off(SATURDAY, OneOff(time(5), 90)).with_one_off(FRIDAY, OneOff(time(6)))
    assert list(apart.one_off.items()) == [(FRIDAY, OneOff(time(6))), (SATURDAY, OneOff(time(5), 90))]
    apart = apart.with_holiday(TWO_WEEKS).with_holiday(Holiday(MONDAY, MONDAY)).with_holiday(TWO_WEEKS)
    assert apart.holidays == (TWO_WEEKS, Holiday(MONDAY, MONDAY))
    assert apart.last_day == TWO_WEEKS.last
    left = apart.without_one_off(FRIDAY).without_holiday(TWO_WEEKS).without_one_off(THURSDAY)
    assert left == DaysApart({SATURDAY: OneOff(time(5), 90)}, (Holiday(MONDAY, MONDAY),))
    assert DaysApart().last_day is None


def test_what_is_over_falls_away() -> None:
    apart = DaysApart({THURSDAY: OneOff(time(4)), SATURDAY: OneOff(time(4))}, (Holiday(THURSDAY, FRIDAY), TWO_WEEKS))
    assert apart.since(SATURDAY) == DaysApart({SATURDAY: OneOff(time(4))}, (TWO_WEEKS,))
    assert apart.since(THURSDAY) == apart


@pytest.mark.parametrize("last", [FRIDAY, SATURDAY + LONGEST_AHEAD + timedelta(days=1)])
def test_a_holiday_that_ends_before_it_begins_or_never_is_refused(last: date) -> None:
    with pytest.raises(DaysUnclear):
        Holiday(SATURDAY, last)


def test_more_than_a_page_holds_is_refused() -> None:
    full = DaysApart({SATURDAY + timedelta(days=number): OneOff(time(7)) for number in range(MOST_APART)})
    with pytest.raises(DaysUnclear):
        full.with_holiday(TWO_WEEKS)
    assert full.with_one_off(SATURDAY, OneOff(time(8))).one_off[SATURDAY] == OneOff(time(8))
