"""What drivers do to whom something happens: one walk for each cause that wants its own, listed in `every_cause`."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import urlencode

from tesla_simulator.demo import MODEL_S
from tesla_simulator.scenarios.keys import has_a_second_car
from tesla_simulator.scenarios.table import end
from tests.stories.asking_an_owner import SHOWN_LINK
from tests.stories.cause_walk import CAN_CHARGE, Walk
from tests.stories.test_mass_revocation import DRIVERS, comes_with_a_car_that_needs_no_key
from tests.stories.town import COMPUTER, MODEL_3


def told(answers: Mapping[str, str]) -> Callable[[str], str | None]:
    """Somebody who answers so, and knows nothing else."""
    return answers.get


async def comes_to_the_key(one: Walk) -> None:
    await one.phone.signs_in()
    await one.phone.allows()
    await one.phone.chooses(MODEL_3)


async def cancels(one: Walk) -> None:
    await one.phone.signs_in()
    await one.phone.goes_to_tesla()
    await one.phone.presses("Cancel")
    one.reads()


async def comes_back_late(one: Walk) -> None:
    """With a code that Tesla takes no more: too old, or used before."""
    await one.phone.signs_in()
    await one.phone.goes_to_tesla()
    [state] = one.phone.asked["state"]
    await one.opens(f"/connect/callback?{urlencode({'code': 'EU_0', 'state': state})}")


async def is_refused_by_its_network(one: Walk) -> None:
    one.says = told({"tesla_page": "access_denied"})
    await one.plays("A15")
    await one.comes()


async def comes_back_in_another_browser(one: Walk) -> None:
    await one.phone.signs_in()
    await one.phone.goes_to_tesla()
    [state] = one.phone.asked["state"]
    other = Walk(one.town, await one.town.a_phone(), one.person, one.named)
    await other.phone.signs_in("other@driver.example")
    await other.opens(f"/connect/callback?{urlencode({'code': 'EU_0', 'state': state})}")


async def asks_twice_in_vain(one: Walk) -> None:
    """The portal does not offer the box, so that asking again brings nothing either."""
    one.says = told({"missing_box": "no_such_box"})
    await one.plays("F12")
    await one.comes()


async def sits_in_the_car(one: Walk) -> None:
    """Seated in it, the app asks for a card that is elsewhere."""
    await one.plays("C15")
    await comes_to_the_key(one)
    await one.opens("/key/in-the-car?show=phone")
    await one.opens_the_link()


async def has_leased_it(one: Walk) -> None:
    one.says = told({"app_showed": "not_authorized", "whose_car": "leased"})
    await one.plays("B2")
    await comes_to_the_key(one)
    await one.opens("/key/in-the-car?show=phone")
    await one.opens_the_link()


async def asks_the_owner(one: Walk) -> str:
    await comes_to_the_key(one)
    await one.phone.opens("/key/not-my-car")
    await one.phone.presses("Go on this way", way="owner")
    await one.phone.presses("Make the page", name="Kim Driver")
    shown = SHOWN_LINK.search(one.phone.text)
    assert shown
    return shown.group()


async def is_told_no(one: Walk) -> None:
    await one.plays("B6")
    link = await asks_the_owner(one)
    owner = await one.town.a_phone()
    await owner.opens(link)
    await owner.presses("Read the request")
    await owner.presses("No, I did not expect this")
    await owner.presses("Say no", reason="do_not_want")
    await one.opens("/key")


async def hears_nothing(one: Walk) -> None:
    await one.plays("B10")
    await asks_the_owner(one)
    await one.passes(timedelta(hours=73))
    await one.opens("/key")


async def reads_on_a_computer(one: Walk) -> None:
    desk = Walk(one.town, await one.town.a_phone(COMPUTER), one.person, one.named)
    desk.says = told({"app_showed": "did_not_open"})
    await comes_to_the_key(desk)
    await desk.opens("/key")
    await desk.phone.presses("I opened it, and nothing came of it")
    await desk.asks_why()


async def took_another_key_for_it(one: Walk) -> None:
    one.says = told({"app_showed": "allowed", "name_in_locks": "no"})
    await one.plays("C13")
    await comes_to_the_key(one)
    await one.opens("/key")
    await one.phone.opens_the_tesla_app()
    await one.passes()
    await one.asks_why()


async def has_not_opened_it(one: Walk) -> None:
    await comes_to_the_key(one)
    await one.opens("/key", "/key/why")


async def key_goes_to_another_car(one: Walk) -> None:
    await one.plays("C7")
    await comes_to_the_key(one)
    await one.opens("/key")
    await one.passes()
    await one.phone.opens_the_tesla_app()
    await one.person.phone.allows()
    await one.passes()
    await one.opens("/key")
    await one.passes()
    await one.opens("/key")


async def chooses_the_second_car(one: Walk) -> None:
    await one.is_connected()
    second = has_a_second_car(one.cast)
    await one.opens("/choose-car")
    await one.phone.chooses(second.vin)
    one.says = told({"app_showed": "allowed"})
    await one.opens("/key")
    await one.phone.opens_the_tesla_app()
    await one.passes()
    await one.asks_why()


async def has_an_old_model_s(one: Walk) -> None:
    await one.plays("D8")
    await one.phone.signs_in()
    await one.phone.allows()
    await one.phone.chooses(MODEL_S)
    one.reads()


async def comes_back_from_the_workshop(one: Walk) -> None:
    await one.is_connected()
    await one.plays("D13")
    await one.passes(timedelta(hours=25))
    await end("D13", one.cast)
    await one.passes(timedelta(hours=2))
    await one.looks_around()


async def registers_in_vain(one: Walk) -> None:
    await one.plays("F4")
    await one.passes(timedelta(hours=2))
    await one.town.home.journeys.check_operator.register()
    await one.asks_the_operator()


async def place_is_hidden(one: Walk) -> None:
    await one.is_connected()
    one.person.account.gets(MODEL_3, "DRIVER")
    await one.plays("J5")
    one.town.car.plugs_in()
    await one.passes(timedelta(hours=26))
    await one.opens("/car")


async def stands_still_for_months(one: Walk) -> None:
    """Chargekey was switched off meanwhile; so was the driver's browser."""
    await one.is_connected()
    one.town.world.clock.turn_to(one.town.now + timedelta(days=91))
    await one.passes(timedelta(minutes=20))
    await one.phone.signs_in()
    await one.looks_around()


async def is_told_to_need_no_key(one: Walk) -> None:
    """He allows nothing in the app; after a while the car is asked with an order, and refuses it."""
    await one.plays("J4")
    await waits_at_the_key(one)


async def has_a_car_of_a_company(one: Walk) -> None:
    """It takes orders without a key, until one day it wants them signed."""
    await one.plays("J6/before")
    await waits_at_the_key(one)
    await one.opens("/go")
    assert one.phone.shows in CAN_CHARGE
    await one.phone.plans()
    await one.plays("J6")
    await one.passes(timedelta(hours=26))
    await one.asks_why()


async def waits_at_the_key(one: Walk) -> None:
    await comes_to_the_key(one)
    await one.opens("/key")
    await one.phone.opens_the_tesla_app()
    await one.passes(timedelta(minutes=16))
    await one.opens("/key", "/key/why")


async def keeps_the_place_back(one: Walk) -> None:
    await one.plays("A19")
    await one.comes()
    await one.opens("/plan")
    await one.phone.plans()
    await one.opens("/car")


async def is_signed_out_with_many(one: Walk) -> None:
    """Tesla ends all their sign-ins, and nobody of them did that himself."""
    for nth, email in enumerate(DRIVERS):
        await comes_with_a_car_that_needs_no_key(one.town, email, nth)
    await one.is_connected()
    one.town.car.plugs_in()
    await one.passes()
    await one.plays("G3")
    await one.passes(timedelta(hours=1))
    await one.opens("/go")


async def is_one_of_many(one: Walk) -> None:
    """Tesla fails for all of them, while he waits for his key."""
    for nth, email in enumerate(DRIVERS):
        await comes_with_a_car_that_needs_no_key(one.town, email, nth)
    await comes_to_the_key(one)
    await one.opens("/key")
    await one.plays("H1")
    await one.passes(timedelta(minutes=15))
    await one.opens("/key", "/key/why")


async def signs_in_out_of_region(one: Walk) -> None:
    await one.plays("A13")
    await one.comes()
    assert one.phone.shows in CAN_CHARGE


async def token_is_old(one: Walk) -> None:
    await one.is_connected()
    await one.plays("A3")
    await one.passes(timedelta(hours=9))
    await one.opens("/go")
    assert one.phone.shows == "/tonight"


async def would_open_the_link_first(one: Walk) -> None:
    await one.phone.signs_in()
    for path in ("/key", "/key/in-the-car", "/key/why", "/go"):
        await one.opens(path)
        assert one.phone.shows == "/permissions"
        assert not one.phone.page.can_lead_to("/_ak/")


async def key_file_does_not_load(one: Walk) -> None:
    await comes_to_the_key(one)
    await one.plays("C6")
    await one.asks_the_operator()
    one.named.clear()
    await one.opens("/key")
    assert one.named == {"F1"}
    assert not one.phone.page.can_lead_to("/_ak/")


async def second_tab_is_old(one: Walk) -> None:
    await comes_to_the_key(one)
    tab = one.phone.beside()
    await tab.opens("/key")
    await one.opens("/key")
    await one.phone.allows_in_the_app()
    await one.passes()
    await tab.opens("/go")
    assert tab.shows in CAN_CHARGE


async def car_is_busy(one: Walk) -> None:
    await one.plays("D3")
    await one.comes()
    await one.passes()
    await one.opens("/go")
    assert one.phone.shows in CAN_CHARGE
