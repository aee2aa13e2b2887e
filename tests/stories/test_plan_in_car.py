"""The plan is in the car: it charges while nobody is there, waits on plug-in by the hours of last time, and is rid of
them when they are not wanted any more.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.car_schedules import EVERY_DAY, OUR_NUMBERS
from tesla_simulator.cars.record import ChargeSchedule
from tesla_simulator.demo import MODEL_S
from tesla_simulator.faults import Fault, Kind
from tests.stories.phone import Phone
from tests.stories.town import MODEL_3, Town, starts_and_stops

SEVEN: Final = datetime(2024, 11, 7, 6, tzinfo=UTC)
LOOK: Final = f"/api/1/vehicles/{MODEL_3}/vehicle_data"
ORDER: Final = f"/api/1/vehicles/{MODEL_3}/signed_command"
WAKE: Final = "/wake_up"


@pytest.fixture
async def plugged_in(town: Town, phone: Phone) -> Phone:
    """Paired, cable in, noticed, and its hours given to the car."""
    await town.pairs(phone, ready_by="07:00")
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    await phone.opens("/tonight")
    return phone


def ours(town: Town) -> list[ChargeSchedule]:
    return [one for number, one in town.car.record.schedules.items() if number in OUR_NUMBERS and one.enabled]


def drew_at(town: Town) -> set[datetime]:
    """Hours in which power came out of the wall, after the first quarter of an hour of plugging in."""
    return {
        reading.start.replace(minute=0)
        for reading in town.car.record.meter
        if reading.wall_wh > 100 and reading.start > datetime(2024, 11, 6, 18, tzinfo=UTC)
    }


# ── a night by itself ────────────────────────────────────────────


async def test_a_night_in_the_car_takes_no_wake_and_few_looks(town: Town, plugged_in: Phone) -> None:
    assert plugged_in.reads("The car starts it itself at")
    assert plugged_in.reads("it charges even if we, Tesla or the line are away")
    await town.until(SEVEN)
    assert town.car.charging_state == "Complete"
    assert not town.calls(WAKE)
    assert starts_and_stops(town.car) == ["charge_stop"]
    assert len(town.calls(LOOK)) <= 8
    await plugged_in.opens("/nights/last")
    assert plugged_in.reads("Gave the car its hours")


async def test_with_chargekey_stopped_from_ten_to_six_it_charges_all_the_same(town: Town, plugged_in: Phone) -> None:
    """And on return the night is accounted for to the watt-hour, hour by hour."""
    await town.until(datetime(2024, 11, 6, 21, tzinfo=UTC))
    async with town.is_stopped():
        await town.until(datetime(2024, 11, 7, 5, tzinfo=UTC))
    assert town.car.charging_state == "Complete"
    town.car.unplugs()
    await town.until(SEVEN)

    [night] = await town.nights()
    drawn_wh = sum(reading.wall_wh for reading in town.car.record.meter)
    assert night.account.wall_wh == pytest.approx(drawn_wh, rel=0.03)
    assert night.account.cost_nano is not None
    hours = {one.start.replace(minute=0, second=0, microsecond=0) for one in night.account.readings}
    assert drew_at(town) <= hours
    await plugged_in.opens("/nights/last")
    assert plugged_in.reads("80%")


async def test_a_car_that_lost_its_place_is_woken_and_started_three_minutes_later(
    town: Town, plugged_in: Phone
) -> None:
    town.car.gps_goes_stale()
    await town.until(SEVEN)
    assert town.car.soc_percent >= 79
    assert town.calls(WAKE)
    assert "charge_start" in starts_and_stops(town.car)


@pytest.mark.long
async def test_tesla_away_all_night_does_not_keep_it_from_charging(town: Town, plugged_in: Phone) -> None:
    await town.time_passes(hours=2)
    town.world.outages.tesla_goes_down()
    await town.until(SEVEN)
    assert town.car.charging_state == "Complete"


# ── the guard ────────────────────────────────────────────────────


async def test_the_next_evening_it_waits_without_being_told(town: Town, plugged_in: Phone) -> None:
    """Nobody is there, neither to stop it nor to start it: it charges in the hours of last night."""
    await town.until(SEVEN + timedelta(hours=1))
    town.car.unplugs()
    await town.time_passes(hours=2)
    town.car.drives(80)
    [guard] = [one for one in ours(town) if not one.one_time]
    assert guard.days_of_week == EVERY_DAY and not guard.end_enabled
    async with town.is_stopped():
        await town.time_passes(hours=9)
        town.car.plugs_in()
        await town.time_passes(hours=1)
        assert town.car.charging_state == "Stopped"
        await town.until(SEVEN + timedelta(days=1))
        assert town.car.charging_state == "Complete"


# ── what is not wanted any more ──────────────────────────────────


async def test_who_skips_the_night_while_the_car_sleeps_has_it_rid_of_its_hours(town: Town, plugged_in: Phone) -> None:
    await town.time_passes(hours=1)
    assert town.car.state == "asleep"
    await plugged_in.opens("/tonight")
    await plugged_in.presses("Skip tonight")
    await town.time_passes(minutes=5)
    assert not ours(town)
    before = town.car.soc_percent
    await town.until(SEVEN)
    assert town.car.soc_percent == before


@pytest.mark.long
async def test_a_plan_for_an_earlier_morning_replaces_the_one_in_a_sleeping_car(town: Town, plugged_in: Phone) -> None:
    before = ours(town)
    await town.time_passes(hours=1)
    await plugged_in.plans(ready_by="04:00")
    await town.time_passes(minutes=5)
    assert ours(town) and ours(town) != before
    await town.until(SEVEN - timedelta(hours=3))
    assert town.car.charging_state == "Complete"


async def test_a_drivers_own_schedule_is_named_and_left_alone(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    place = town.car.record.home
    his = ChargeSchedule(
        id=1_723_624_800,
        days_of_week=0b0111110,
        start_enabled=True,
        start_minute=90,
        end_enabled=True,
        end_minute=330,
        one_time=False,
        enabled=True,
        latitude=place.latitude,
        longitude=place.longitude,
    )
    town.car.record.schedules[his.id] = his
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    await phone.opens("/tonight")
    assert phone.reads("The car also has a schedule that is not ours")
    assert phone.reads("Mon, Tue, Wed, Thu, Fri 1:30 to 5:30")
    await town.until(SEVEN)
    assert town.car.record.schedules[his.id] == his
    assert town.car.soc_percent >= 79


async def test_whoever_leaves_takes_his_hours_along(town: Town, plugged_in: Phone) -> None:
    town.car.wakes_up()
    await plugged_in.opens("/disconnect")
    assert plugged_in.reads("We take them out when you leave, if it is awake.")
    await plugged_in.presses("Disconnect")
    assert plugged_in.reads("The car agreed to forget them.")
    assert not ours(town)


async def test_a_sleeping_car_keeps_them_and_the_receipt_says_so(town: Town, plugged_in: Phone) -> None:
    town.car.falls_asleep()
    await plugged_in.opens("/disconnect")
    await plugged_in.presses("Disconnect")
    assert plugged_in.reads("so it still has them and charges by them")
    assert plugged_in.reads("delete those named Chargekey")
    assert ours(town)


async def test_a_car_that_was_exchanged_for_another_is_rid_of_them_once_it_wakes(town: Town, plugged_in: Phone) -> None:
    town.car.falls_asleep()
    await plugged_in.opens("/choose-car")
    await plugged_in.chooses(MODEL_S)
    await town.time_passes(hours=1)
    assert ours(town)  # nobody wakes it for that
    town.car.wakes_up()
    await town.time_passes(minutes=11)
    assert not ours(town)
    asked = len(town.calls(MODEL_3))
    await town.time_passes(hours=1)
    assert len(town.calls(MODEL_3)) == asked


# ── where it cannot be done ──────────────────────────────────────


@pytest.mark.long
async def test_a_car_that_refuses_a_schedule_is_charged_from_our_side(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    for number in range(10):
        town.car.record.schedules[number + 1] = ChargeSchedule(
            id=number + 1,
            days_of_week=1,
            start_enabled=False,
            start_minute=0,
            end_enabled=True,
            end_minute=60,
            one_time=False,
            enabled=False,
            latitude=1.0,
            longitude=1.0,
        )
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    await phone.opens("/tonight")
    assert phone.reads("We start it at")
    await town.until(SEVEN)
    assert not ours(town)
    assert town.car.soc_percent >= 79


async def test_a_lost_answer_to_a_schedule_is_looked_up_and_not_repeated(town: Town, phone: Phone) -> None:
    await town.pairs(phone, ready_by="07:00")
    town.world.meets(Fault(Kind.CUT_AFTER, path_contains="/signed_command"))
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    assert len(ours(town)) == 2
