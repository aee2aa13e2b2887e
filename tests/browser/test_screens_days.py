"""The form for days that are not as usual: what is understood, what is wrong, and that nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest

from chargekey.domain.days_apart import MOST_APART, DaysApart, Holiday, OneOff
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.market import BUNDLED
from chargekey.entrypoints.web.days_form import DateAndGoal, one_of, typed, understood, untouched
from chargekey.entrypoints.web.plan_form import Misread
from chargekey.entrypoints.web.plan_form import understood as plan_understood
from chargekey.entrypoints.web.screens.days import DayTyped, OneOffSet, WrongDay, days_set
from chargekey.entrypoints.web.screens.planning import PlanTyped, Wrong
from chargekey.ports.charge_log import ChargeSettings

NOW: Final = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
"""Half past midnight of the 28th in Amsterdam."""
GOAL: Final = ChargeGoal({**dict.fromkeys(range(5), time(7)), 5: time(9)}, 80, 55, "Europe/Amsterdam")
DAY: Final = DayTyped("one_day", "2026-12-05", "04:30", "100", "", "")
AWAY: Final = DayTyped("holiday", "", "", "", "2026-12-05", "2026-12-20")


def test_a_date_with_a_goal_of_its_own_is_understood() -> None:
    assert understood(DAY, GOAL, NOW) == DateAndGoal(date(2026, 12, 5), OneOff(time(4, 30), 100))
    assert understood(replace(DAY, target=""), GOAL, NOW) == DateAndGoal(date(2026, 12, 5), OneOff(time(4, 30)))


def test_a_holiday_is_understood_whole_or_of_one_day_or_begun_already() -> None:
    assert understood(AWAY, GOAL, NOW) == Holiday(date(2026, 12, 5), date(2026, 12, 20))
    today = replace(AWAY, first="2026-11-28", last="2026-11-28")
    assert understood(today, GOAL, NOW) == Holiday(date(2026, 11, 28), date(2026, 11, 28))
    assert isinstance(understood(replace(AWAY, first="2026-11-20"), GOAL, NOW), Holiday)


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (replace(DAY, day="2026-11-27"), {"day": WrongDay.PAST}),  # yesterday, where the driver is
        (replace(DAY, day="2026-11-28", ready_by="00:30"), {"ready_by": WrongDay.PAST}),
        (replace(DAY, day="", ready_by=""), {"day": WrongDay.NO_DATE, "ready_by": WrongDay.NO_TIME}),
        (replace(DAY, day="5.12.2026"), {"day": WrongDay.NO_DATE}),
        (replace(DAY, day="2036-12-05"), {"day": WrongDay.TOO_FAR}),
        (replace(DAY, day="0001-01-01"), {"day": WrongDay.PAST}),
        (replace(DAY, day="9999-12-31"), {"day": WrongDay.TOO_FAR}),
        (replace(DAY, ready_by="25:00"), {"ready_by": WrongDay.NO_TIME}),
        (replace(DAY, target="40"), {"target": WrongDay.TARGET_RANGE}),
        (replace(DAY, target="full"), {"target": WrongDay.TARGET_RANGE}),
        (replace(DAY, target="50"), {"target": WrongDay.BELOW_MINIMUM}),
        (replace(AWAY, first="", last=""), {"first": WrongDay.NO_DATE, "last": WrongDay.NO_DATE}),
        (replace(AWAY, last="2026-12-04"), {"last": WrongDay.ENDS_FIRST}),
        (replace(AWAY, first="2026-11-20", last="2026-11-27"), {"last": WrongDay.PAST}),
        (replace(AWAY, first="2025-12-05"), {"first": WrongDay.PAST}),
        (replace(AWAY, last="2028-01-01"), {"last": WrongDay.TOO_FAR}),
        (replace(AWAY, first="2026-11-20", last="2027-11-28"), {"last": WrongDay.TOO_FAR}),
        (replace(AWAY, kind="weekend"), {"kind": WrongDay.NOT_A_CHOICE}),
    ],
)
def test_each_mistake_is_named_at_its_field(form: DayTyped, wrong: Mapping[str, str]) -> None:
    assert understood(form, GOAL, NOW) == wrong


def test_only_the_fields_of_what_is_chosen_are_read() -> None:
    assert isinstance(understood(replace(DAY, first="never", last="x"), GOAL, NOW), DateAndGoal)
    assert isinstance(understood(replace(AWAY, day="never", ready_by="x"), GOAL, NOW), Holiday)


def test_one_too_many_is_refused_and_one_that_is_there_may_be_changed() -> None:
    """What is over takes no room."""
    full = {date(2026, 12, 5) + timedelta(days=number): OneOff(time(7)) for number in range(MOST_APART)}
    goal = replace(GOAL, apart=DaysApart(full))
    assert understood(AWAY, goal, NOW) == {"kind": WrongDay.TOO_MANY}
    assert isinstance(understood(DAY, goal, NOW), DateAndGoal)
    later = datetime(2026, 12, 8, 12, tzinfo=UTC)
    assert isinstance(understood(replace(AWAY, first="2026-12-10"), goal, later), Holiday)


def test_the_form_as_it_comes_is_tomorrow_at_its_usual_time() -> None:
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    assert untouched(GOAL, friday) == DayTyped("one_day", "2026-11-28", "09:00", "", "2026-11-28", "")
    assert untouched(GOAL, saturday).ready_by == "07:00"  # Sunday has none


def test_what_was_sent_is_kept_as_typed_cut_to_a_sane_length() -> None:
    sent = {"kind": " holiday ", "first": "x" * 400, "last": "2026-12-20"}
    assert typed(sent) == DayTyped("holiday", "", "", "", "x" * 20, "2026-12-20")


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"day": "2026-12-05"}, date(2026, 12, 5)),
        ({"first": "2026-12-05", "last": "2026-12-20"}, Holiday(date(2026, 12, 5), date(2026, 12, 20))),
        ({"first": "2026-12-20", "last": "2026-12-05"}, None),
        ({"first": "0001-01-01", "last": "9999-12-31"}, None),
        ({"day": "tomorrow"}, None),
        ({}, None),
    ],
)
def test_what_is_to_be_dropped_is_read_or_not(fields: Mapping[str, str], asked: date | Holiday | None) -> None:
    assert one_of(fields) == asked


def test_days_are_shown_until_they_are_over() -> None:
    apart = DaysApart(
        {date(2026, 11, 26): OneOff(time(4)), date(2026, 12, 5): OneOff(time(4, 30))},
        (Holiday(date(2026, 11, 20), date(2026, 11, 27)), Holiday(date(2026, 11, 27), date(2026, 11, 28))),
    )
    shown = days_set(replace(GOAL, apart=apart), date(2026, 11, 28))
    assert shown.one_off == (OneOffSet(date(2026, 12, 5), time(4, 30), 80),)
    assert shown.holidays == (Holiday(date(2026, 11, 27), date(2026, 11, 28)),)
    assert shown.count == 2


# ── the plan form leaves them alone ───────────────────────────────────────────────────────────────


def test_saving_the_plan_keeps_what_dates_have_of_their_own() -> None:
    apart = DaysApart({date(2026, 12, 5): OneOff(time(4, 30), 60)}, (Holiday(date(2026, 12, 5), date(2026, 12, 20)),))
    read = plan_understood(PlanTyped(), "Europe/Amsterdam", BUNDLED, by_the_hour=True, apart=apart)
    assert isinstance(read, ChargeSettings)
    assert read.goal.apart == apart


def test_a_minimum_above_the_goal_of_a_date_is_named() -> None:
    apart = DaysApart({date(2026, 12, 5): OneOff(time(4, 30), 60)})
    form = PlanTyped(minimum_percent="65")
    read = plan_understood(form, "Europe/Amsterdam", BUNDLED, by_the_hour=True, apart=apart)
    assert isinstance(read, Misread)
    assert read.wrong == {"minimum_percent": Wrong.MINIMUM_ABOVE_TARGET}
    assert read.detail == {"minimum_percent": "60"}
