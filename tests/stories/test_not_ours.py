"""Somebody else starts and stops the car: the night's time-line says so, and who it likely was."""

import pytest

from tests.stories.phone import Phone
from tests.stories.town import Town


@pytest.fixture
async def plugged_in(town: Town, phone: Phone) -> Phone:
    await town.pairs(phone)
    town.car.plugs_in()
    await town.time_passes(minutes=20)
    return phone


async def test_the_night_says_what_was_not_ours(town: Town, plugged_in: Phone) -> None:
    phone = plugged_in

    # ── somebody starts it on the car's screen, and stops it again ──
    town.car.somebody_starts_charging()
    await town.time_passes(minutes=40)
    await phone.opens("/nights/1")
    assert phone.reads("It began to charge, and not by us Likely by hand, in the car or the Tesla app"), phone.text
    assert not phone.reads("It stopped charging, and not by us")
    town.car.somebody_stops_charging()
    await phone.opens("/tonight")  # who looks on sees it before the car sleeps
    await town.time_passes(minutes=3)
    await phone.opens("/nights/1")
    assert phone.reads("It stopped charging, and not by us Likely by hand"), phone.text


async def test_a_night_that_went_by_plan_says_nothing_of_the_kind(town: Town, plugged_in: Phone) -> None:
    phone = plugged_in
    await town.time_passes(hours=13)
    town.car.unplugs()
    await town.time_passes(minutes=30)
    await phone.opens("/nights/1")
    assert phone.reads("Reached 80%"), phone.text
    assert not phone.reads("not by us"), phone.text
