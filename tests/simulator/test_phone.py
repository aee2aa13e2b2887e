"""Phones: what can be wrong with one, what the app then shows, and what people do about it."""

from datetime import timedelta

import pytest

from tesla_simulator.app_screens import Shows
from tesla_simulator.demo import CLIENT_ID, DOMAIN, EMAIL, MODEL_3, MODEL_X, MODEL_Y, OWNER_OF_THE_Y
from tesla_simulator.phone import CARD_IS_AWAITED_FOR, NotNow, Phone
from tests.simulator.served import SCOPES, Tesla

_B1 = "You are not authorized to share this vehicle. Contact the owner of the vehicle to grant third-party access."


@pytest.fixture
async def phone(registered: Tesla) -> Phone:
    """Of a driver who has let the app look."""
    await registered.connects()
    return registered.world.phone


async def _pairs(phone: Phone, vin: str = MODEL_3) -> Shows:
    await phone.opens_pairing_link(DOMAIN, vin)
    return await phone.allows()


async def test_without_the_app_the_link_opens_the_store(phone: Phone) -> None:
    phone.has_no_app()
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.NO_APP
    with pytest.raises(NotNow):
        phone.signs_in(EMAIL)
    phone.installs_the_app()
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.SIGNED_OUT
    phone.signs_in(EMAIL)
    assert await _pairs(phone) is Shows.PAIRED


async def test_in_an_old_app_allowing_does_nothing_until_it_is_updated(phone: Phone) -> None:
    phone.has_an_old_app("4.25.5")
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.PROMPT
    assert await phone.allows() is Shows.NOTHING
    phone.updates_the_app()
    assert await _pairs(phone) is Shows.PAIRED


async def test_a_stuck_app_shows_nothing_until_it_is_closed_by_force(phone: Phone) -> None:
    phone.app_gets_stuck()
    for _ in range(2):
        assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.NOTHING
    phone.force_closes_the_app()
    assert await _pairs(phone) is Shows.PAIRED


async def test_a_browser_inside_another_app_shows_a_page_that_leads_nowhere(phone: Phone) -> None:
    phone.opens_links_in_an_in_app_browser()
    for _ in range(2):
        assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.WEB_PAGE
    assert await phone.opens_in_the_system_browser() is Shows.PROMPT


async def test_a_phone_that_is_no_key_fails_until_it_is_set_up_beside_the_car(phone: Phone, registered: Tesla) -> None:
    phone.is_no_phone_key(MODEL_3)
    assert await _pairs(phone) is Shows.NO_PHONE_KEY
    registered.car.falls_asleep()
    with pytest.raises(NotNow):
        phone.sets_up_the_phone_key(MODEL_3)
    registered.car.somebody_opens_a_door()
    phone.sets_up_the_phone_key(MODEL_3)
    assert await _pairs(phone) is Shows.PAIRED


async def test_a_broken_phone_key_has_to_be_removed_first(phone: Phone) -> None:
    phone.has_a_broken_phone_key(MODEL_3)
    phone.sets_up_the_phone_key(MODEL_3)
    assert await _pairs(phone) is Shows.BROKEN_PHONE_KEY
    assert phone.words[1] == "unpair your phone key and pair it again to retry"
    phone.removes_and_sets_up_the_phone_key(MODEL_3)
    assert await _pairs(phone) is Shows.PAIRED


async def test_a_prompt_that_was_declined_can_be_opened_again(phone: Phone) -> None:
    phone.declines_the_next_prompt()
    assert await _pairs(phone) is Shows.CANCELLED
    assert await _pairs(phone) is Shows.PAIRED


async def test_a_driver_who_is_not_in_the_car_is_refused_in_teslas_words(phone: Phone) -> None:
    assert await phone.opens_pairing_link(DOMAIN, MODEL_Y) is Shows.PROMPT
    assert await phone.allows() is Shows.NOT_THE_OWNER
    assert phone.words == ("Unable to Share Vehicle", _B1)


async def test_a_seated_driver_without_a_card_waits_in_vain(phone: Phone, registered: Tesla) -> None:
    phone.key_card_is_elsewhere()
    phone.sits_down_in(MODEL_Y)
    assert await _pairs(phone, MODEL_Y) is Shows.KEY_CARD
    assert phone.taps_key_card() is Shows.KEY_CARD
    await registered.world.time_passes(CARD_IS_AWAITED_FOR + timedelta(seconds=1))
    assert phone.shows is Shows.NO_CARD_CAME
    phone.fetches_the_key_card()
    assert phone.taps_key_card() is Shows.NO_CARD_CAME
    assert await _pairs(phone, MODEL_Y) is Shows.KEY_CARD
    assert phone.taps_key_card() is Shows.PAIRED


async def test_a_guest_is_refused_in_the_car_too(phone: Phone, registered: Tesla) -> None:
    registered.world.accounts[EMAIL].hires(MODEL_3)
    phone.sits_down_in(MODEL_3)
    assert await _pairs(phone) is Shows.NOT_THE_OWNER


async def test_the_owner_approves_on_a_phone_of_his_own(phone: Phone, registered: Tesla) -> None:
    lees = registered.world.somebody_has_a_phone("lee", OWNER_OF_THE_Y)
    assert await lees.opens_pairing_link(DOMAIN, MODEL_Y) is Shows.NO_CONSENT
    registered.world.accounts[OWNER_OF_THE_Y].consents(CLIENT_ID, SCOPES.split())
    assert await _pairs(lees, MODEL_Y) is Shows.PAIRED
    assert await phone.opens_pairing_link(DOMAIN, MODEL_Y) is Shows.PAIRED
    assert registered.world.phones.keys() == {"driver", "lee"}


async def test_a_car_that_cannot_be_woken_takes_no_key(phone: Phone, registered: Tesla) -> None:
    registered.world.cars[MODEL_X].sleeps_deeply()
    assert await _pairs(phone, MODEL_X) is Shows.OFFLINE
    registered.world.cars[MODEL_X].somebody_opens_a_door()
    assert await _pairs(phone, MODEL_X) is Shows.PAIRED


async def test_tokens_are_rejected_for_as_long_as_tesla_has_the_fault(phone: Phone, registered: Tesla) -> None:
    world = registered.world
    world.outages.tesla_rejects_tokens(until=world.now + timedelta(hours=3), email=EMAIL)
    assert await _pairs(phone) is Shows.TOKEN_REJECTED
    await world.time_passes(timedelta(hours=3))
    assert await _pairs(phone) is Shows.PAIRED


async def test_tokens_of_an_account_that_is_not_the_primary_one_are_always_rejected(
    phone: Phone, registered: Tesla
) -> None:
    registered.world.accounts[EMAIL].is_not_the_primary_account_of(MODEL_3)
    assert await _pairs(phone) is Shows.TOKEN_REJECTED
    await registered.world.time_passes(timedelta(hours=30))
    assert await _pairs(phone) is Shows.TOKEN_REJECTED


async def test_a_second_factor_is_in_the_way_until_it_is_cleared(phone: Phone, registered: Tesla) -> None:
    registered.world.accounts[EMAIL].mfa_gets_in_the_way()
    assert await _pairs(phone) is Shows.MFA
    phone.clears_the_mfa()
    assert await _pairs(phone) is Shows.PAIRED


async def test_the_prompt_does_not_come_while_tesla_is_down(phone: Phone, registered: Tesla) -> None:
    registered.world.tesla_goes_down()
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.UNAVAILABLE


async def test_a_car_that_takes_nineteen_keys_is_full_with_nineteen(phone: Phone, registered: Tesla) -> None:
    registered.car.fills_its_key_list(most_keys=19)
    assert await phone.opens_pairing_link(DOMAIN, MODEL_3) is Shows.LIST_FULL
    assert "already has 19 keys" in phone.words[1]
