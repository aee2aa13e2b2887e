"""A driver who wants more on a later day: tonight charges for that where it pays or has to, and says by when it is."""

from datetime import UTC, datetime
from pathlib import Path

from tests.stories.phone import Phone
from tests.stories.town import Town, a_town

A_WEDNESDAY_AT_TWENTY_PAST_EIGHT = datetime(2024, 11, 6, 19, 20, tzinfo=UTC)  # in Amsterdam
THURSDAY_AT_SEVEN = datetime(2024, 11, 7, 6, tzinfo=UTC)
FRIDAY, SATURDAY = 4, 5


async def plans_by_weekday(phone: Phone, ready_by: str, fuller_on: int) -> None:
    """50 % every day at that time, and 100 % on one of them."""
    await phone.opens("/plan")
    phone.unticks("yes", name="same")
    every_day = {f"ready_by_{day}": ready_by for day in range(7)}
    await phone.presses("Plan with this", target_percent="50", **every_day, **{f"target_{fuller_on}": "100"})


async def plugs_in(town: Town, phone: Phone) -> None:
    town.car.somebody_sets_the_limit(100)
    town.car.plugs_in()
    await town.time_passes(minutes=20)  # looked at a moment ago, it is looked at again after a quarter
    await phone.opens("/tonight")


async def percent_of_the_plan(town: Town) -> int:
    shown = await town.home.journeys.show_charging.tonight(driver_id=1)
    assert shown.goal_percent == 50
    return shown.target_percent


async def test_a_cheaper_night_charges_for_saturday_and_says_so(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    await plans_by_weekday(phone, "07:00", SATURDAY)

    # ── Wednesday evening: this night is cheaper than the two that follow ──
    await plugs_in(town, phone)
    percent = await percent_of_the_plan(town)
    assert 50 < percent <= 100
    assert phone.reads(f"Charged to {percent}% rather than 50%"), phone.text
    assert phone.reads("You want 100% by Saturday 9 November, 7:00. The other nights until then are dearer, or too")

    # ── Thursday, seven o'clock: it has charged for Saturday, too ──
    await town.until(THURSDAY_AT_SEVEN)
    assert town.car.soc_percent >= percent - 1


async def test_who_has_no_other_night_until_then_is_told_that_tonight_is_for_it(tmp_path: Path) -> None:
    async with a_town(tmp_path, A_WEDNESDAY_AT_TWENTY_PAST_EIGHT) as town:
        phone = await town.a_phone()
        await town.pairs(phone)

        # ── ready at eight in the evening, when a car that has left is not supposed to be back ──
        await plans_by_weekday(phone, "20:00", FRIDAY)
        await plugs_in(town, phone)
        assert phone.status == 200, phone.text
        percent = await percent_of_the_plan(town)
        assert phone.reads(f"Charged to {percent}% rather than 50%"), phone.text
        assert phone.reads("You want 100% by Friday 8 November, 20:00, and no other night before it has hours")
