"""Days that are not as usual: a drive at half past four, and a holiday with the cable in."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from tests.stories.phone import Phone
from tests.stories.town import Town, starts_and_stops

HALF_PAST_FOUR: Final = datetime(2024, 11, 7, 3, 30, tzinfo=UTC)  # half past four in Amsterdam
THURSDAY_EVENING: Final = datetime(2024, 11, 7, 17, tzinfo=UTC)
SUNDAY_AT_EIGHT: Final = datetime(2024, 11, 10, 19, tzinfo=UTC)
MONDAY_AT_SEVEN: Final = datetime(2024, 11, 11, 6, tzinfo=UTC)
WAKE: Final = "/wake_up"


async def sets_a_day(phone: Phone, day: str, ready_by: str, target: str = "") -> None:
    await phone.opens("/plan/days")
    await phone.presses("Set this", kind="one_day", day=day, ready_by=ready_by, target=target)


async def goes_on_holiday(phone: Phone, first: str, last: str) -> None:
    await phone.opens("/plan/days")
    await phone.presses("Set this", kind="holiday", first=first, last=last)


async def plugs_in(town: Town, phone: Phone) -> None:
    """Wednesday, half past six in the evening, and noticed."""
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    await phone.opens("/tonight")


@pytest.fixture
async def before_a_holiday(town: Town, phone: Phone) -> Phone:
    """80 % at 07:00 every day, never below 20 %; from Thursday to Sunday he is away, and the cable is in."""
    await town.pairs(phone, ready_by="07:00", target_percent="80")
    await goes_on_holiday(phone, "2024-11-07", "2024-11-10")
    assert phone.status == 200, phone.text
    assert phone.reads("Holiday from Thu 7 Nov to Sun 10 Nov")
    await plugs_in(town, phone)
    return phone


async def test_a_day_that_is_earlier_and_fuller_is_met_and_the_next_is_as_ever(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent="50")

    # ── Wednesday evening: off at half past four, and farther than usual ──
    await plugs_in(town, phone)
    assert phone.reads("Ready by 7:00")
    await sets_a_day(phone, "2024-11-07", "04:30", "80")
    assert phone.reads("80% by 4:30 on Thursday 7 November")
    await town.time_passes(minutes=1)
    await phone.opens("/tonight")
    assert phone.reads("Ready by 4:30")
    assert phone.reads("This once: 80% by 4:30")
    assert phone.reads("On any other Thursday it is 50% by 7:00.")

    # ── the plan form leaves it alone ────────────────────────────
    await phone.plans(current_a="16")
    await phone.opens("/plan")
    assert phone.reads("80% by 4:30 on Thursday 7 November")

    # ── half past four: it is ready ──────────────────────────────
    await town.until(HALF_PAST_FOUR)
    assert town.car.soc_percent >= 79.5

    # ── Thursday evening: it is over, and Friday is as ever ──────
    town.car.unplugs()
    town.car.drives(220)
    await town.until(THURSDAY_EVENING)
    await plugs_in(town, phone)
    assert phone.reads("Ready by 7:00")
    assert not phone.reads("This once")
    await phone.opens("/plan/days")
    assert "80% by 4:30" in phone.text  # it is Thursday still
    assert (await town.nights())[-1].target_percent == 80


async def test_in_a_holiday_a_car_is_charged_nothing_until_the_last_night(town: Town, before_a_holiday: Phone) -> None:
    phone, before = before_a_holiday, town.car.soc_percent
    assert before < 75

    # ── Wednesday evening: nothing has to be ready until Monday ──
    assert phone.reads("Until Monday 11 November nothing has to be ready")
    assert phone.reads("Until Sunday 10 November, 20:00 it is charged to 20% and no further, and then to 80% by 7:00.")
    await phone.opens("/why")
    assert phone.reads("Until Monday 11 November nothing has to be ready")

    # ── Sunday evening: four days later it has drawn nothing ─────
    await town.until(SUNDAY_AT_EIGHT - timedelta(minutes=1))
    assert town.car.soc_percent <= before + 0.5  # it draws until it has told by how many phases
    assert "charge_start" not in starts_and_stops(town.car)
    assert not town.calls(WAKE)
    for night in await town.nights():  # there is one if it drew for a moment before it was seen
        assert (night.night.ready_by, night.target_percent) == (SUNDAY_AT_EIGHT, 20)

    # ── the last night: it is asked what it holds, and charged ───
    await town.time_passes(minutes=30)
    assert town.calls(WAKE)
    await phone.opens("/tonight")
    assert phone.reads("Ready by 7:00")
    await town.until(MONDAY_AT_SEVEN)
    assert town.car.soc_percent >= 79.5
    night = (await town.nights())[0]
    assert (night.night.ready_by, night.target_percent) == (MONDAY_AT_SEVEN, 80)


async def test_hours_that_the_car_has_are_taken_out_for_a_holiday(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00", target_percent="80")
    await plugs_in(town, phone)
    assert town.car.record.schedules  # one of them for every day
    town.car.falls_asleep()
    before = town.car.soc_percent

    # ── off for four days, without unplugging it ─────────────────
    await goes_on_holiday(phone, "2024-11-07", "2024-11-10")
    await town.time_passes(minutes=10)
    assert not town.car.record.schedules
    await phone.opens("/tonight")
    assert phone.reads("Until Monday 11 November nothing has to be ready")
    await town.time_passes(days=2)
    assert town.car.soc_percent <= before + 0.5  # it draws until it has told by how many phases


async def test_below_its_minimum_it_is_charged_at_once_and_no_further(town: Town, before_a_holiday: Phone) -> None:
    phone = before_a_holiday
    await phone.plans(minimum_percent="50")
    assert town.car.soc_percent < 49
    await town.time_passes(hours=3)
    assert 49.5 <= town.car.soc_percent <= 52
    assert town.car.charging_state == "Stopped"

    # ── he wants it all the same ─────────────────────────────────
    await phone.opens("/tonight")
    await phone.presses("Charge now")
    await town.time_passes(minutes=2)
    await phone.looks_again()
    assert phone.reads("Charging at once, as you asked.")
    await town.time_passes(hours=5)
    assert town.car.soc_percent >= 79.5


async def test_who_comes_home_early_takes_the_holiday_back_and_is_ready_the_next_morning(
    town: Town, before_a_holiday: Phone
) -> None:
    phone = before_a_holiday
    await town.until(THURSDAY_EVENING)
    await phone.opens("/tonight")
    await phone.presses("Change the holiday")
    await phone.presses("Take it back")
    assert phone.shows == "/plan/days"
    assert not phone.reads("Holiday from")
    await town.time_passes(minutes=2)
    await phone.opens("/tonight")
    assert phone.reads("Ready by 7:00")
    await town.until(datetime(2024, 11, 8, 6, tzinfo=UTC))
    assert town.car.soc_percent >= 79.5


async def test_what_cannot_be_meant_is_said_beside_it_and_nothing_is_set(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    await sets_a_day(phone, "2024-11-05", "04:30")
    assert (phone.status, phone.reads("That is in the past.")) == (422, True)
    await sets_a_day(phone, "2024-11-09", "")
    assert phone.reads("A time such as 7:00 is needed here.")
    await goes_on_holiday(phone, "2024-11-09", "2024-11-08")
    assert phone.reads("The holiday would end before it begins.")
    await phone.opens("/plan/days")
    assert not phone.reads("Take it back")
