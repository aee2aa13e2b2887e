"""How each cause is brought about and where a driver reads of it: the walks of `test_every_cause`.

A walk plays what Tesla, the car, the phone or the operator do by a scenario of the simulator, does by hand what only a
browser can, and then goes where a driver would go.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from tesla_simulator.demo import MODEL_S
from tesla_simulator.scenarios.keys import has_a_second_car
from tesla_simulator.scenarios.table import end
from tests.stories.asking_an_owner import SHOWN_LINK
from tests.stories.cause_walk import CAN_CHARGE, Goes, Walk, at_the_key, connected, newcomer, operators
from tests.stories.town import COMPUTER, MODEL_3


def told(answers: Mapping[str, str]) -> Callable[[str], str | None]:
    """Somebody who answers so, and knows nothing else."""
    return answers.get


async def _comes_to_the_key(one: Walk) -> None:
    await one.phone.signs_in()
    await one.phone.allows()
    await one.phone.chooses(MODEL_3)


async def _cancels(one: Walk) -> None:
    await one.phone.signs_in()
    await one.phone.goes_to_tesla()
    await one.phone.presses("Cancel")
    one.reads()


async def _comes_back_late(one: Walk) -> None:
    """With a code that Tesla takes no more: too old, or used before."""
    await one.phone.signs_in()
    await one.phone.goes_to_tesla()
    [state] = one.phone.asked["state"]
    await one.opens(f"/connect/callback?{urlencode({'code': 'EU_0', 'state': state})}")


async def _is_refused_by_its_network(one: Walk) -> None:
    one.says = told({"tesla_page": "access_denied"})
    await one.plays("A15")
    await one.comes()


async def _comes_back_in_another_browser(one: Walk) -> None:
    await one.phone.signs_in()
    await one.phone.goes_to_tesla()
    [state] = one.phone.asked["state"]
    other = Walk(one.town, await one.town.a_phone(), one.person, one.named)
    await other.phone.signs_in("other@driver.example")
    await other.opens(f"/connect/callback?{urlencode({'code': 'EU_0', 'state': state})}")


async def _asks_twice_in_vain(one: Walk) -> None:
    """The portal does not offer the box, so that asking again brings nothing either."""
    one.says = told({"missing_box": "no_such_box"})
    await one.plays("F12")
    await one.comes()


async def _sits_in_the_car(one: Walk) -> None:
    """Seated in it, the app asks for a card that is elsewhere."""
    await one.plays("C15")
    await _comes_to_the_key(one)
    await one.opens("/key/in-the-car?show=phone")
    await one.opens_the_link()


async def _has_leased_it(one: Walk) -> None:
    one.says = told({"app_showed": "not_authorized", "whose_car": "leased"})
    await one.plays("B2")
    await _comes_to_the_key(one)
    await one.opens("/key/in-the-car?show=phone")
    await one.opens_the_link()


async def _asks_the_owner(one: Walk) -> str:
    await _comes_to_the_key(one)
    await one.phone.opens("/key/not-my-car")
    await one.phone.presses("Go on this way", way="owner")
    await one.phone.presses("Make the page", name="Kim Driver")
    shown = SHOWN_LINK.search(one.phone.text)
    assert shown
    return shown.group()


async def _is_told_no(one: Walk) -> None:
    await one.plays("B6")
    link = await _asks_the_owner(one)
    owner = await one.town.a_phone()
    await owner.opens(link)
    await owner.presses("Read the request")
    await owner.presses("No, I did not expect this")
    await owner.presses("Say no", reason="do_not_want")
    await one.opens("/key")


async def _hears_nothing(one: Walk) -> None:
    await one.plays("B10")
    await _asks_the_owner(one)
    await one.passes(timedelta(hours=73))
    await one.opens("/key")


async def _reads_on_a_computer(one: Walk) -> None:
    desk = Walk(one.town, await one.town.a_phone(COMPUTER), one.person, one.named)
    desk.says = told({"app_showed": "did_not_open"})
    await _comes_to_the_key(desk)
    await desk.opens("/key")
    await desk.phone.presses("I opened it, and nothing came of it")
    await desk.asks_why()


async def _took_another_key_for_it(one: Walk) -> None:
    one.says = told({"app_showed": "allowed", "name_in_locks": "no"})
    await one.plays("C13")
    await _comes_to_the_key(one)
    await one.opens("/key")
    await one.phone.opens_the_tesla_app()
    await one.passes()
    await one.asks_why()


async def _has_not_opened_it(one: Walk) -> None:
    await _comes_to_the_key(one)
    await one.opens("/key", "/key/why")


async def _key_goes_to_another_car(one: Walk) -> None:
    await one.plays("C7")
    await _comes_to_the_key(one)
    await one.opens("/key")
    await one.passes()
    await one.phone.opens_the_tesla_app()
    await one.person.phone.allows()
    await one.passes()
    await one.opens("/key")
    await one.passes()
    await one.opens("/key")


async def _chooses_the_second_car(one: Walk) -> None:
    await one.is_connected()
    second = has_a_second_car(one.cast)
    await one.opens("/choose-car")
    await one.phone.chooses(second.vin)
    one.says = told({"app_showed": "allowed"})
    await one.opens("/key")
    await one.phone.opens_the_tesla_app()
    await one.passes()
    await one.asks_why()


async def _has_an_old_model_s(one: Walk) -> None:
    await one.plays("D8")
    await one.phone.signs_in()
    await one.phone.allows()
    await one.phone.chooses(MODEL_S)
    one.reads()


async def _comes_back_from_the_workshop(one: Walk) -> None:
    await one.is_connected()
    await one.plays("D13")
    await one.passes(timedelta(hours=25))
    await end("D13", one.cast)
    await one.passes(timedelta(hours=2))
    await one.looks_around()


async def _registers_in_vain(one: Walk) -> None:
    await one.plays("F4")
    await one.passes(timedelta(hours=2))
    await one.town.home.journeys.check_operator.register()
    await one.asks_the_operator()


async def _place_is_hidden(one: Walk) -> None:
    await one.is_connected()
    one.person.account.gets(MODEL_3, "DRIVER")
    await one.plays("J5")
    one.town.car.plugs_in()
    await one.passes(timedelta(hours=26))
    await one.opens("/car")


async def _stands_still_for_months(one: Walk) -> None:
    """Chargekey was switched off meanwhile; so was the driver's browser."""
    await one.is_connected()
    one.town.world.clock.turn_to(one.town.now + timedelta(days=91))
    await one.passes(timedelta(minutes=20))
    await one.phone.signs_in()
    await one.looks_around()


async def _is_told_to_need_no_key(one: Walk) -> None:
    """He allows nothing in the app; after a while the car is asked with an order, and refuses it."""
    await one.plays("J4")
    await _waits_at_the_key(one)


async def _has_a_car_of_a_company(one: Walk) -> None:
    """It takes orders without a key, until one day it wants them signed."""
    await one.plays("J6/before")
    await _waits_at_the_key(one)
    await one.opens("/go")
    assert one.phone.shows in CAN_CHARGE
    await one.phone.plans()
    await one.plays("J6")
    await one.passes(timedelta(hours=26))
    await one.asks_why()


async def _waits_at_the_key(one: Walk) -> None:
    await _comes_to_the_key(one)
    await one.opens("/key")
    await one.phone.opens_the_tesla_app()
    await one.passes(timedelta(minutes=16))
    await one.opens("/key", "/key/why")


async def _keeps_the_place_back(one: Walk) -> None:
    await one.plays("A19")
    await one.comes()
    await one.opens("/plan")
    await one.phone.plans()
    await one.opens("/car")


NAMED: Final[Mapping[str, Goes]] = {
    "A1": newcomer("A1"),
    "A2": _asks_twice_in_vain,
    "A4": _cancels,
    "A5": newcomer("A5"),
    "A6": newcomer("A6"),
    "A8": newcomer("A8"),
    "A9": connected("A9"),
    "A10": connected("A10", after=timedelta(hours=9)),
    "A11": newcomer("A11"),
    "A12": newcomer("A12"),
    "A15": _is_refused_by_its_network,
    "A16": _comes_back_late,
    "A17": _comes_back_in_another_browser,
    "A19": _keeps_the_place_back,
    "B1": newcomer("B1"),
    "B2": _has_leased_it,
    "B3": newcomer("B3"),
    "B4": connected("B4"),
    "B5": newcomer("B5"),
    "B6": _is_told_no,
    "B7": connected("B7"),
    "B8": newcomer("B8"),
    "B9": newcomer("B9"),
    "B10": _hears_nothing,
    "C1": _reads_on_a_computer,
    "C2": newcomer("C2"),
    "C3": newcomer("C3"),
    "C4": newcomer("C4"),
    "C5": newcomer("C5"),
    "C7": _key_goes_to_another_car,
    "C8": newcomer("C8"),
    "C9": newcomer("C9"),
    "C10": newcomer("C10"),
    "C11": newcomer("C11"),
    "C13": _took_another_key_for_it,
    "C14": _asks_twice_in_vain,
    "C15": _sits_in_the_car,
    "D1": newcomer("D1"),
    "D2": newcomer("D2"),
    "D4": newcomer("D4"),
    "D5": newcomer("D5"),
    "D6": newcomer("D6"),
    "D7": newcomer("D7"),
    "D8": _has_an_old_model_s,
    "D13": _comes_back_from_the_workshop,
    "E1": newcomer("E1"),
    "E2": connected("E2"),
    "E8": _chooses_the_second_car,
    "F1": operators("F1"),
    "F2": operators("F2"),
    "F3": operators("F3"),
    "F4": _registers_in_vain,
    "F5": operators("F5"),
    "F6": operators("F6"),
    "F9": operators("F9"),
    "F12": _asks_twice_in_vain,
    "G1": connected("G1"),
    "G2": _stands_still_for_months,
    "H2": at_the_key("H2"),
    "H5": newcomer("H5"),
    "J1": _has_not_opened_it,
    "J2": newcomer("J2"),
    "J3": newcomer("J3"),
    "J4": _is_told_to_need_no_key,
    "J5": _place_is_hidden,
    "J6": _has_a_car_of_a_company,
    "J7": newcomer("J7"),
    "J8": newcomer("J8"),
    "J9": newcomer("J9"),
}
"""By the id of the cause that some page must name at the end of the walk."""


async def _signs_in_out_of_region(one: Walk) -> None:
    await one.plays("A13")
    await one.comes()
    assert one.phone.shows in CAN_CHARGE


async def _token_is_old(one: Walk) -> None:
    await one.is_connected()
    await one.plays("A3")
    await one.passes(timedelta(hours=9))
    await one.opens("/go")
    assert one.phone.shows == "/tonight"


async def _would_open_the_link_first(one: Walk) -> None:
    await one.phone.signs_in()
    for path in ("/key", "/key/in-the-car", "/key/why", "/go"):
        await one.opens(path)
        assert one.phone.shows == "/permissions"
        assert not one.phone.page.can_lead_to("/_ak/")


async def _key_file_does_not_load(one: Walk) -> None:
    await _comes_to_the_key(one)
    await one.plays("C6")
    await one.asks_the_operator()
    one.named.clear()
    await one.opens("/key")
    assert one.named == {"F1"}
    assert not one.phone.page.can_lead_to("/_ak/")


async def _second_tab_is_old(one: Walk) -> None:
    await _comes_to_the_key(one)
    tab = one.phone.beside()
    await tab.opens("/key")
    await one.opens("/key")
    await one.phone.allows_in_the_app()
    await one.passes()
    await tab.opens("/go")
    assert tab.shows in CAN_CHARGE


async def _car_is_busy(one: Walk) -> None:
    await one.plays("D3")
    await one.comes()
    await one.passes()
    await one.opens("/go")
    assert one.phone.shows in CAN_CHARGE


NEVER_READ: Final[Mapping[str, tuple[str, Goes]]] = {
    "A3": ("We renew the token before anybody meets the old one.", _token_is_old),
    "A7": ("The link is shown nowhere before there is a consent.", _would_open_the_link_first),
    "A13": ("Whoever lives in the other region is asked for there.", _signs_in_out_of_region),
    "C6": ("It is F1 seen from the phone, and F1 closes the door before the link.", _key_file_does_not_load),
    "C12": ("Every page looks by itself.", _second_tab_is_old),
    "D3": ("It is over before the next try.", _car_is_busy),
}
"""Causes that we mend or shut out before a driver could read of them, and a walk that proves it."""
UNREAD_SO_FAR: Final[Mapping[str, str]] = {
    "A14": "Tesla's refusal of data does not outlive the next answer about the list.",
    "A18": "The callback takes it for a permission that is missing.",
    "E3": "Nothing tells a key that we changed from one that somebody deleted, unless our own side differs just now.",
    "G3": "It takes many drivers whose cars are looked at; told by the story of the mass revocation.",
    "G4": "It is one of a class that nothing parts, and is named with it; a backup is restored by hand.",
    "G5": "A key ring is lost by hand; the vault's contract tells what follows.",
    "H1": "It is named once calls of several accounts have failed; told by the story of the outage.",
}
"""A debt: no walk reads of these yet. Take one out when a walk does."""
