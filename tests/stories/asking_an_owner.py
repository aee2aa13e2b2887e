"""How a driver asks an owner, and how the owner answers: at our page, at Tesla's, and on a phone of his own."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tesla_simulator.demo import MODEL_Y, OWNER_OF_THE_Y
from tesla_simulator.phone import Phone as TeslaPhone
from tests.stories.phone import Phone
from tests.stories.town import Town

SHOWN_LINK: Final = re.compile(r"https?://\S+/owner/[\w-]+")


async def connects(phone: Phone) -> None:
    """To the key step of a car of which she is a driver."""
    await phone.signs_in()
    await phone.allows()
    await phone.chooses(MODEL_Y)


async def asks(phone: Phone, name: str = "Kim Driver", **typed: str) -> str:
    """Makes the page for the owner; returns its link, as it stands there."""
    await phone.opens("/key/not-my-car")
    await phone.presses("Go on this way", way="owner")
    await phone.presses("Make the page", name=name, **typed)
    shown = SHOWN_LINK.search(phone.text)
    assert shown, phone.text
    return shown.group()


async def says_yes(owner: Phone, link: str) -> None:
    await owner.opens(link)
    await owner.presses("Read the request")
    await owner.presses("Yes, I expected this")


async def allows_our_name(owner: Phone, email: str = OWNER_OF_THE_Y) -> None:
    """On Tesla's own page, as himself."""
    await owner.presses("Go on to Tesla")
    await owner.says_who_he_is(email)
    await owner.presses("Allow")


def lees_phone(town: Town) -> TeslaPhone:
    return town.world.somebody_has_a_phone("Lee", OWNER_OF_THE_Y)


async def adds_the_key(tesla_app: TeslaPhone, link: str) -> None:
    """What a phone does with Tesla's link: the domain in its path, the car in its query."""
    asked = urlsplit(link)
    await tesla_app.opens_pairing_link(asked.path.rsplit("/", 1)[-1], parse_qs(asked.query)["vin"][0])
    await tesla_app.allows()
