"""A driver who waits lets his phone be told: the words of the mail arrive there sealed, once, and can be taken back."""

import re
from typing import Final

from tesla_simulator.push_vendor import GONE, Browser
from tests.stories.phone import Phone
from tests.stories.town import EMAIL, MODEL_3, Town

GO_ON: Final = "The car …4F21: you can go on"


async def waits_for_a_car_out_of_reach(town: Town, phone: Phone) -> Browser:
    """On the page that waits, with a device that is told."""
    town.car.loses_reception()
    await phone.signs_in()
    await phone.allows()
    await phone.chooses(MODEL_3)
    await phone.opens("/key?show=phone")
    assert phone.page.hooks["data-wait-until"]
    return await phone.agrees_to_be_told(town.world.push_vendor)


async def mails(town: Town) -> list[str]:
    """What came by mail beside the link to sign in, oldest first."""
    assert town.home.outbox
    kept = [one.mail for one in await town.home.outbox.letters() if one.mail.to == EMAIL]
    return [mail.subject for mail in reversed(kept) if "Your way into" not in mail.subject]


def titles(browser: Browser) -> list[str]:
    return [one["title"] for one in browser.shown]


async def test_mail_app_and_device_say_the_same_once(town: Town, phone: Phone) -> None:
    browser = await waits_for_a_car_out_of_reach(town, phone)

    # ── it comes out of the garage ───────────────────────────────
    town.car.has_reception_again()
    await town.time_passes(minutes=20)
    assert await mails(town) == [GO_ON]
    assert titles(browser) == [GO_ON]
    (told,) = browser.shown
    await phone.opens(told["path"])
    assert phone.shows == "/key"
    assert phone.reads(f"{GO_ON}. {told['text']}")

    # ── no whole VIN, no address, no place ───────────────────────
    assert MODEL_3 not in str(told)
    assert EMAIL not in str(told)
    assert not re.search(r"\d+\.\d{3,}", str(told))

    # ── and never again ──────────────────────────────────────────
    await town.time_passes(hours=3)
    assert await mails(town) == [GO_ON]
    assert len(town.world.push_vendor.asked) == 1


async def test_what_fails_on_the_way_to_a_device_loses_no_mail_and_is_made_good(town: Town, phone: Phone) -> None:
    browser = await waits_for_a_car_out_of_reach(town, phone)
    town.world.push_vendor.refuses_with = 503
    town.car.has_reception_again()
    await town.time_passes(minutes=20)
    assert await mails(town) == [GO_ON]
    assert titles(browser) == []

    # ── the vendor is well again ─────────────────────────────────
    town.world.push_vendor.refuses_with = None
    await town.time_passes(minutes=30)
    assert titles(browser) == [GO_ON]
    asked = len(town.world.push_vendor.asked)
    await town.time_passes(hours=2)
    assert len(town.world.push_vendor.asked) == asked
    assert await mails(town) == [GO_ON]


async def test_a_device_that_its_vendor_forgot_is_forgotten_here(town: Town, phone: Phone) -> None:
    browser = await waits_for_a_car_out_of_reach(town, phone)
    await phone.opens("/account")
    assert phone.reads("Safari, iPhone") or phone.reads("This device")
    browser.forgets_us()
    town.car.has_reception_again()
    await town.time_passes(minutes=20)
    assert await mails(town) == [GO_ON]
    assert titles(browser) == []
    await phone.opens("/account")
    assert phone.reads("None so far. Mail comes in any case.")
    assert GONE == 410


async def test_what_was_allowed_is_taken_back_on_the_account_page(town: Town, phone: Phone) -> None:
    browser = await waits_for_a_car_out_of_reach(town, phone)
    await phone.opens("/account")
    await phone.presses("Tell it no more")
    assert phone.shows == "/account"
    assert phone.reads("None so far")
    town.car.has_reception_again()
    await town.time_passes(minutes=20)
    assert await mails(town) == [GO_ON]
    assert not town.world.push_vendor.asked
    assert titles(browser) == []


async def test_a_browser_that_signed_out_is_told_no_more_and_another_still_is(town: Town, phone: Phone) -> None:
    browser = await waits_for_a_car_out_of_reach(town, phone)
    second = await town.a_phone()
    await second.signs_in()
    await second.opens("/account")
    other = await second.agrees_to_be_told(town.world.push_vendor)
    await second.opens("/account")
    await second.presses("Sign out")
    town.car.has_reception_again()
    await town.time_passes(minutes=20)
    assert titles(browser) == [GO_ON]
    assert titles(other) == []


async def test_the_end_of_an_outage_is_told_on_a_device_too(town: Town, phone: Phone) -> None:
    await town.pairs(phone)
    town.car.plugs_in()
    await town.time_passes(minutes=16)
    town.world.outages.tesla_goes_down()
    await town.time_passes(minutes=30)
    await phone.opens("/tonight")
    browser = await phone.agrees_to_be_told(town.world.push_vendor)
    town.world.outages.is_well_again()
    await town.time_passes(minutes=15)
    assert titles(browser) == ["Tesla answers again"]


async def test_what_was_read_in_the_app_meanwhile_reaches_no_device(town: Town, phone: Phone) -> None:
    browser = await waits_for_a_car_out_of_reach(town, phone)
    town.world.push_vendor.refuses_with = 503
    town.car.has_reception_again()
    await town.time_passes(minutes=16)
    await phone.opens("/go")
    await phone.presses("I have read it")
    town.world.push_vendor.refuses_with = None
    await town.time_passes(hours=2)
    assert titles(browser) == []
