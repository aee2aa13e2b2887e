"""What a driver had and lost at Tesla or in his car: noticed, named once, with the way back; history stays."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.stories.phone import Phone
from tests.stories.town import EMAIL, MODEL_3, Town

CLIENT = "demo-chargekey"


async def mails(town: Town, subject: str) -> int:
    reader = await town.a_phone()
    await reader.opens("/outbox")
    return reader.text.count(subject)


async def has_charged_a_night(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    town.car.plugs_in()
    await town.time_passes(hours=14)
    town.car.unplugs()
    await town.time_passes(minutes=20)


async def test_consent_taken_back_is_named_told_once_and_given_again(town: Town, phone: Phone) -> None:
    await has_charged_a_night(town, phone)
    town.world.accounts[EMAIL].revokes_consent(CLIENT)
    await town.time_passes(hours=30)
    await phone.opens("/go")
    assert phone.shows == "/permissions"
    assert phone.reads("Your permission at Tesla was taken back")
    assert await mails(town, "Your permission at Tesla was taken back") == 1

    await phone.allows()
    assert phone.shows == "/tonight"
    await town.time_passes(minutes=6)
    await phone.looks_again()
    assert not phone.reads("was taken back")
    await phone.opens("/nights")
    await phone.opens_night()
    assert phone.status == 200


async def test_a_changed_password_is_named_and_nobody_calls_in_vain(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    town.world.accounts[EMAIL].resets_its_password()
    await town.time_passes(hours=20)
    await phone.opens("/go")
    assert phone.reads("Tesla wants you to sign in again")
    assert await mails(town, "Tesla wants you to sign in again") == 1
    before = town.now
    await town.time_passes(days=3)
    assert town.calls("/api/1/", before) == []
    assert await mails(town, "Tesla wants you to sign in again") == 1


async def test_a_car_that_is_sold_is_noticed_and_its_nights_stay(town: Town, phone: Phone) -> None:
    await has_charged_a_night(town, phone)
    town.world.accounts[EMAIL].sells(MODEL_3)
    await town.time_passes(hours=26)
    await phone.opens("/go")
    assert phone.shows == "/choose-car"
    assert phone.reads("is no longer in your Tesla account")
    assert await mails(town, "is no longer in your Tesla account") == 1

    # ── it is his after all ──────────────────────────────────────
    town.world.accounts[EMAIL].gets(MODEL_3)
    await phone.looks_again()
    await town.time_passes(hours=4)
    await phone.opens("/go")
    assert not phone.reads("is no longer in your Tesla account")
    assert await mails(town, "is no longer in your Tesla account") == 1


async def test_a_key_deleted_while_the_car_sleeps_is_found_by_the_look_a_day(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    town.car.falls_asleep()
    town.car.somebody_deletes_our_key()
    await town.time_passes(hours=26)
    await phone.opens("/go")
    assert phone.shows == "/key"
    assert phone.reads("Our key is no longer on the car")
    assert await mails(town, "Our key is no longer on the car") == 1


async def test_mobile_access_switched_off_is_named_and_noticed_when_it_is_on_again(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    town.car.somebody_turns_mobile_access_off()
    await town.time_passes(hours=2)
    await phone.opens("/go")
    assert phone.reads("Mobile access is off in the car")
    assert await mails(town, "Mobile access is off in the car") == 1

    town.car.somebody_turns_mobile_access_on()
    await town.time_passes(hours=14)
    await phone.opens("/go")
    assert not phone.reads("Mobile access is off in the car")
    assert town.car.soc_percent >= 79
    assert await mails(town, "Mobile access is off in the car") == 1


@pytest.mark.long
async def test_the_look_a_day_is_two_free_calls(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    before = town.now
    await town.time_passes(days=2)
    looks = town.calls("/vehicles/fleet_status", before)
    assert 1 <= len(looks) <= 3
    assert all(not call.billed_as for call in looks)


@pytest.mark.long
async def test_an_account_that_nobody_uses_never_runs_out(town: Town, phone: Phone) -> None:
    """Connected, and no car chosen: its refresh token would end after ninety days."""
    await phone.signs_in()
    await phone.allows()
    assert phone.shows == "/choose-car"
    before = town.now
    await town.time_passes(days=200)
    renewals = [call.at for call in town.calls("/token", before)]
    first_month = [at for at in renewals if at - before < timedelta(days=31)]
    assert len(first_month) <= 3 + 31  # each eight hours of the first day, for a car may yet come, then once a day
    assert 4 <= len(renewals) - len(first_month) <= 9
    assert max(later - earlier for earlier, later in pairwise(renewals)) < timedelta(days=60)

    # ── the browser has forgotten him long since, and Tesla has not ─
    await phone.opens("/go")
    assert phone.shows == "/sign-in"
    await phone.signs_in()
    await phone.opens("/go")
    assert phone.shows == "/choose-car"
