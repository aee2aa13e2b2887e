"""Somebody drives a car that another owns: she asks, the owner answers on his own phone, and each sees his part."""

from tesla_simulator.demo import DOMAIN, EMAIL, MODEL_3, MODEL_X, MODEL_Y, OWNER_OF_THE_Y
from tests.stories.asking_an_owner import (
    SHOWN_LINK,
    adds_the_key,
    allows_our_name,
    asks,
    connects,
    lees_phone,
    says_yes,
)
from tests.stories.phone import Phone
from tests.stories.town import COMPUTER, Town


async def test_an_owner_allows_from_afar_and_the_drivers_own_sign_in_is_enough(town: Town, phone: Phone) -> None:
    owner = await town.a_phone()
    await connects(phone)
    link = await asks(phone)
    await phone.presses("See what becomes of it")
    assert phone.reads("The owner has not opened it yet")

    # ── the owner reads who asks, for what, until when ───────────
    await owner.opens(link)
    assert not owner.reads("Kim")  # not before somebody pressed
    await owner.presses("Read the request")
    assert owner.reads("Kim Driver asks to charge your Model Y")
    assert owner.reads("kim@driver.example")
    assert owner.reads("ends in 7C38")
    assert owner.reads(DOMAIN)
    assert owner.reads("Saturday 9 November")
    assert not [one for one in owner.page.links() if "/_ak/" in one]  # nothing is allowed in advance
    await phone.looks_again()
    assert phone.reads("The owner has opened it")

    # ── he says yes here, and then on his own phone ──────────────
    await owner.presses("Yes, I expected this")
    assert not [one for one in owner.page.links() if "/_ak/" in one]  # the app would refuse: Tesla does not know us
    await allows_our_name(owner)
    assert owner.reads("Nothing is on the car yet")
    await adds_the_key(lees_phone(town), owner.pairing_link)
    await owner.comes_back_to_the_page()
    await town.time_passes(seconds=12)
    await owner.looks_again()
    assert owner.reads("Done: the key is on your car")

    # ── she is past the key, by her own sign-in ──────────────────
    await phone.looks_again()
    assert phone.shows == "/plan"
    await phone.plans(ready_by="07:00")
    assert phone.shows == "/tonight"
    await phone.opens("/outbox")
    assert phone.reads("The key is on Model Y")
    assert not phone.reads("lee@")
    elsewhere = await town.a_phone(COMPUTER)
    await elsewhere.signs_in()
    assert elsewhere.shows == "/tonight"


async def test_what_the_owner_clears_in_the_car_is_noticed_and_the_way_opens_on_his_page(
    town: Town, phone: Phone
) -> None:
    owner, car = await town.a_phone(), town.world.cars[MODEL_Y]
    car.somebody_turns_mobile_access_off()
    await connects(phone)
    link = await asks(phone)
    await says_yes(owner, link)
    await allows_our_name(owner)
    assert owner.reads("allow it to be reached first")
    assert not [one for one in owner.page.links() if "/_ak/" in one]
    car.somebody_turns_mobile_access_on()
    before = town.now
    await owner.looks_again()
    await town.time_passes(minutes=6)
    await owner.looks_again()
    assert owner.pairing_link
    assert len([call for call in town.calls("/api/1/vehicles", before) if call.path.endswith("/vehicles")]) <= 3


async def test_an_owner_says_no_and_nothing_nags(town: Town, phone: Phone) -> None:
    owner = await town.a_phone()
    await connects(phone)
    link = await asks(phone)
    await phone.presses("See what becomes of it")

    # ── the owner had not expected it ────────────────────────────
    await owner.opens(link)
    await owner.presses("Read the request")
    await owner.presses("No, I did not expect this")
    await owner.presses("Say no", reason="not_expected", line="Call me\r\nfirst <b>Kim</b>")
    assert owner.reads("You said no")
    await town.time_passes(seconds=5)
    await phone.looks_again()
    assert phone.reads("The owner said no")
    assert phone.reads("Nobody had told them")
    assert phone.reads("Call me first <b>Kim</b>")  # as text, on one line
    await phone.opens("/outbox")
    assert phone.reads("The owner of Model Y")

    # ── she stays read-only: told once, asked nothing more ───────
    await phone.opens("/key/owner")
    await phone.presses("Go on without the key")
    assert phone.shows == "/read-only"
    assert phone.reads("We look, and do not charge")
    assert phone.reads("Tonight’s cheap ones stand on our start page.")
    looks, mails = len(town.calls("/vehicles")), phone.text
    await town.time_passes(hours=30)
    assert len(town.calls("/vehicles")) - looks <= 4  # the free look a day: the list and the keys, twice at most
    await phone.opens("/go")
    assert phone.shows == "/read-only"
    assert phone.text.count("remind") == mails.count("remind")
    await phone.opens("/outbox")
    assert phone.text.count("said no") == 2  # one mail: its subject and its text

    # ── and takes it up again when she likes ─────────────────────
    await phone.opens("/read-only")
    await phone.presses("Try for the key after all")
    assert phone.shows == "/key/not-my-car"
    await phone.opens("/go")
    assert phone.shows == "/key"


async def test_the_mail_to_the_owner_says_who_asks_and_carries_the_link(town: Town, phone: Phone) -> None:
    await connects(phone)
    link = await asks(phone, address=OWNER_OF_THE_Y)
    assert phone.reads("A mail went to lee@owner.example")
    owner = await town.a_phone()
    await owner.opens("/outbox")
    assert owner.reads("Kim Driver asks to charge Model Y")
    assert owner.reads(OWNER_OF_THE_Y)
    assert next(one for one in owner.page.links() if "/owner/" in one) == link


async def adds_it_in_the_car(town: Town, phone: Phone) -> None:
    """Seated in it, with the key card."""
    await connects(phone)
    await phone.opens("/key/not-my-car")
    await phone.presses("Go on this way", way="in_the_car")
    assert phone.shows == "/key/in-the-car"
    hers = town.world.phone
    hers.sits_down_in(MODEL_Y)
    await adds_the_key(hers, phone.pairing_link)
    hers.taps_key_card()
    await phone.comes_back_to_the_page()
    await town.time_passes(seconds=12)
    await phone.looks_again()


async def test_who_sits_in_the_car_with_the_key_card_needs_nobody(town: Town, phone: Phone) -> None:
    await adds_it_in_the_car(town, phone)
    assert phone.shows == "/plan"


async def test_who_has_to_add_it_again_is_shown_the_ways_again(town: Town, phone: Phone) -> None:
    """What she would mend by the link is no errand of hers first, where the link is not offered to her."""
    await adds_it_in_the_car(town, phone)
    town.world.cars[MODEL_Y].somebody_deletes_our_key()
    await town.time_passes(hours=25)
    await phone.opens("/key")
    assert set(phone.reads_of) >= {"E2", "B1"}
    assert not phone.page.can_lead_to("/_ak/")
    town.world.cars[MODEL_Y].somebody_opens_a_door()  # it slept
    await town.time_passes(seconds=30)
    await phone.opens("/key")
    await phone.presses("See the ways on")
    assert phone.shows == "/key/not-my-car"


async def test_what_else_is_wrong_is_found_although_she_is_no_owner(town: Town, phone: Phone) -> None:
    # ── she sits in the car with the card, and the app asks nothing ─
    await connects(phone)
    assert phone.reads_of == ["B1"]
    await phone.opens("/key/why")
    assert phone.shows == "/key/why"
    assert phone.reads_of == ["B1"]  # nothing was tried yet, so nothing else is suspected
    town.world.phone.app_gets_stuck()
    town.world.phone.sits_down_in(MODEL_Y)
    await phone.opens("/key/in-the-car?show=phone")
    await phone.opens_the_tesla_app()
    await town.time_passes(seconds=60)

    # ── asked, and told what helps; that she is no owner stands beside it ─
    await phone.presses("It did not work. Find out why")
    assert phone.page.hooks["data-question"] == ["app_showed"]
    await phone.answers("nothing_asked")
    assert phone.is_told_to[0] == "close_the_app"
    assert phone.reads_of == ["B1"]
    assert not phone.page.can_lead_to("/_ak/")
    town.world.phone.force_closes_the_app()
    await phone.opens("/key/in-the-car?show=phone")
    await phone.opens_the_tesla_app()
    await town.world.phone.allows()
    town.world.phone.taps_key_card()
    await town.time_passes(seconds=12)
    await phone.opens("/go")
    assert phone.shows in ("/test", "/plan")


async def test_one_page_asks_for_all_cars_of_a_fleet(town: Town, phone: Phone) -> None:
    account = town.world.accounts[EMAIL]
    for vin in (MODEL_3, MODEL_X):
        account.gets(vin, "DRIVER")
        town.world.accounts[OWNER_OF_THE_Y].gets(vin)
        town.world.cars[vin].wakes_up()
    owner = await town.a_phone(COMPUTER)
    await connects(phone)
    await phone.opens("/key/not-my-car")
    await phone.presses("Go on this way", way="company")
    await phone.presses("Make one page for all of them")
    await phone.presses("Make the page", name="Kim Driver")
    shown = SHOWN_LINK.search(phone.text)
    assert shown
    await phone.presses("See what becomes of it")

    # ── the administrator allows them one by one ─────────────────
    await says_yes(owner, shown.group())
    assert owner.reads("Model X, ends in 2B57") or owner.reads("First, allow our name")
    await allows_our_name(owner)
    tesla_app = lees_phone(town)
    for vin in (MODEL_Y, MODEL_3, MODEL_X):
        await tesla_app.opens_pairing_link(DOMAIN, vin)
        await tesla_app.allows()
        await owner.looks_again()
        await town.time_passes(seconds=12)
        await phone.opens("/key/owner")
        await owner.looks_again()
        if vin != MODEL_X:
            assert phone.reads("Key on the car")
            assert owner.reads("The key is on the car.")
    assert owner.reads("Done: the keys are on your cars")

    # ── looks were one call for all of them, and end ─────────────
    before = len(town.calls("/fleet_status"))
    await town.time_passes(hours=5)
    assert len(town.calls("/fleet_status")) == before


async def test_looks_after_the_yes_are_bounded(town: Town, phone: Phone) -> None:
    owner = await town.a_phone()
    await connects(phone)
    link = await asks(phone)
    await town.time_passes(hours=26)  # her own page was closed long ago
    before = len(town.calls("/fleet_status"))
    await owner.opens(link)
    await owner.presses("Read the request")
    await town.time_passes(hours=2)
    assert len(town.calls("/fleet_status")) == before  # opened is no reason to look

    await owner.presses("Yes, I expected this")
    await town.time_passes(hours=26)
    assert 25 <= len(town.calls("/fleet_status")) - before <= 31
    before = len(town.calls("/fleet_status"))
    await town.time_passes(hours=30)
    assert len(town.calls("/fleet_status")) - before <= 2  # the look that every account gets a day


async def test_a_letter_to_a_lessor_names_car_and_domain(town: Town, phone: Phone) -> None:
    await connects(phone)
    await phone.opens("/key/letter")
    assert phone.reads("number ending in 7C38")
    assert phone.reads(DOMAIN)
    assert phone.reads("does not by itself give a right to send commands")
