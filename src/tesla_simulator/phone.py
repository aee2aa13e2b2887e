"""The driver's phone with the Tesla app on it: who is signed in, which car is shown, what the app asks.

Rules of this room:

1. A pairing link tells the app a domain and perhaps a VIN; what comes of it is shown on the phone and told to
   nobody else. Tesla's app has no way back to the page that opened it.
2. The key fetched at pairing must be the one registered: hosting counts at this moment, not at registration.
3. An owner allows and it is done; a driver has to hold a key card to the car.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from tesla_simulator.accounts import Account
from tesla_simulator.cars.car import MOST_KEYS, Car
from tesla_simulator.portal import NotHosted, Portal, Registration

_ONE_OF_THESE_IS_ENOUGH: Final = frozenset({"vehicle_device_data", "vehicle_cmds", "vehicle_location"})


class Shows(StrEnum):
    """What is on the app's screen."""

    PRODUCTS = "products"
    PROMPT = "prompt"
    KEY_CARD = "key_card"
    PAIRED = "paired"
    CANCELLED = "cancelled"
    NOTHING = "nothing"
    SIGNED_OUT = "signed_out"
    NOT_REGISTERED = "not_registered"
    NOT_HOSTED = "not_hosted"
    NO_CONSENT = "no_consent"
    NOT_YOUR_CAR = "not_your_car"
    NOT_NEEDED = "not_needed"
    LIST_FULL = "list_full"
    OFFLINE = "offline"


WORDS: Final[dict[Shows, tuple[str, str]]] = {
    Shows.PRODUCTS: ("Your cars", ""),
    Shows.PROMPT: ("Allow third-party access?", "{domain} asks for a virtual key on {name}."),
    Shows.KEY_CARD: ("Confirm in the car", "Sit in {name} and hold your key card to the reader."),
    Shows.PAIRED: ("Key added", "{domain} now has a virtual key on {name}."),
    Shows.CANCELLED: ("Cancelled", "{domain} did not get a key."),
    Shows.NOTHING: ("Your cars", ""),
    Shows.SIGNED_OUT: ("Sign in", "Sign in to see your cars."),
    Shows.NOT_REGISTERED: (
        "Unable to Grant Third-Party Access",
        "This third party isn't registered with Tesla. We can't grant them access at this time.",
    ),
    Shows.NOT_HOSTED: (
        "Unable to Grant Third-Party Access",
        "This third party isn't registered with Tesla. We can't grant them access at this time.",
    ),
    Shows.NO_CONSENT: (
        "Unable to Share Vehicle",
        'Adding a virtual key for "{domain}" is forbidden because you have not granted "{domain}" access'
        " to your account",
    ),
    Shows.NOT_YOUR_CAR: ("Unable to Share Vehicle", "This car is not in your account."),
    Shows.NOT_NEEDED: ("No key needed", "You don't need to set up a virtual key for this vehicle"),
    Shows.LIST_FULL: ("Unable to Share Vehicle", "{name} already has 20 keys. Remove one first."),
    Shows.OFFLINE: ("Unable to Share Vehicle", "{name} could not be reached."),
}


@dataclass
class PhoneRecord:
    """What is kept of the phone. `asked_vin` is the car that the last link was about."""

    email: str = ""
    selected_vin: str = ""
    shows: Shows = Shows.PRODUCTS
    domain: str = ""
    asked_vin: str = ""
    ignores_vin: bool = False
    swallows_next: bool = False


class Cars(Protocol):
    """What the phone needs of the world."""

    @property
    def portal(self) -> Portal: ...
    @property
    def cars(self) -> dict[str, Car]: ...
    @property
    def accounts(self) -> dict[str, Account]: ...


class Phone:
    """One phone with one app; everything a driver does on it is a verb."""

    def __init__(self, record: PhoneRecord, world: Cars) -> None:
        self.record = record
        self._world = world

    @property
    def account(self) -> Account | None:
        return self._world.accounts.get(self.record.email)

    @property
    def cars(self) -> list[Car]:
        """The products in the app, in the account's order."""
        account = self.account
        accesses = account.record.cars if account else []
        return [self._world.cars[access.vin] for access in accesses]

    @property
    def shows(self) -> Shows:
        return self.record.shows if self.account else Shows.SIGNED_OUT

    @property
    def words(self) -> tuple[str, str]:
        """Title and text of what is shown, with names filled in."""
        car = self._world.cars.get(self.record.asked_vin)
        title, text = WORDS[self.shows]
        return title, text.format(domain=self.record.domain, name=car.record.name if car else "your car")

    def signs_in(self, email: str) -> None:
        if email not in self._world.accounts:
            raise LookupError(email)
        self.record.email = email
        self.goes_home()
        self.record.selected_vin = self.cars[0].vin if self.cars else ""

    def signs_out(self) -> None:
        self.record.email = ""

    def swipes_to(self, vin: str) -> None:
        if vin not in {car.vin for car in self.cars}:
            raise LookupError(vin)
        self.record.selected_vin = vin

    def ignores_vin(self, ignores: bool = True) -> None:
        """From now on a link pairs the car selected in the app, whatever VIN it names."""
        self.record.ignores_vin = ignores

    def swallows_the_next_prompt(self) -> None:
        """The app comes up and shows nothing, as it does when it was already open."""
        self.record.swallows_next = True

    def goes_home(self) -> None:
        """Back to the products."""
        self.record.shows, self.record.domain, self.record.asked_vin = Shows.PRODUCTS, "", ""

    async def opens_pairing_link(self, domain: str, vin: str = "") -> Shows:
        """What tesla.com/_ak/<domain>?vin= does on this phone."""
        record = self.record
        named = vin if vin and not record.ignores_vin else record.selected_vin
        record.domain, record.asked_vin = domain, named
        if record.swallows_next:
            record.swallows_next, record.shows = False, Shows.NOTHING
        else:
            record.shows = await self._answer_to(domain, named)
        if named in {car.vin for car in self.cars}:
            record.selected_vin = named
        return self.shows

    async def allows(self) -> Shows:
        """The driver agrees to what is asked; everything is looked at again."""
        if self.record.shows is not Shows.PROMPT:
            return self.shows
        self.record.shows = await self._answer_to(self.record.domain, self.record.asked_vin)
        if self.record.shows is Shows.PROMPT:
            self._add_key_or_ask_for_card()
        return self.shows

    def cancels(self) -> None:
        if self.record.shows in (Shows.PROMPT, Shows.KEY_CARD):
            self.record.shows = Shows.CANCELLED

    def taps_key_card(self) -> Shows:
        if self.record.shows is Shows.KEY_CARD:
            self._add_key()
        return self.shows

    async def _answer_to(self, domain: str, vin: str) -> Shows:
        account = self.account
        if account is None:
            return Shows.SIGNED_OUT
        partner = self._world.portal.app_of_domain(domain, account.region)
        if partner is None:
            return Shows.NOT_REGISTERED
        try:
            hosted_hex = await self._world.portal.hosted_key(domain)
        except NotHosted:
            return Shows.NOT_HOSTED
        if hosted_hex != partner.public_key_hex:
            return Shows.NOT_HOSTED
        return self._answer_for_car(account, partner, vin)

    def _answer_for_car(self, account: Account, partner: Registration, vin: str) -> Shows:
        consent = account.consent_to(partner.client_id)
        if consent is None or not _ONE_OF_THESE_IS_ENOUGH & set(consent.scopes):
            return Shows.NO_CONSENT
        if account.access_to(vin) is None:
            return Shows.NOT_YOUR_CAR
        car = self._world.cars[vin]
        car.settle()
        if not car.needs_signing:
            return Shows.NOT_NEEDED
        if car.knows_key(bytes.fromhex(partner.public_key_hex)):
            return Shows.PAIRED
        if car.state == "offline":
            return Shows.OFFLINE
        return Shows.LIST_FULL if car.number_of_keys >= MOST_KEYS else Shows.PROMPT

    def _add_key_or_ask_for_card(self) -> None:
        account = self.account
        access = account.access_to(self.record.asked_vin) if account else None
        if access is not None and access.access_type == "OWNER":
            self._add_key()
        else:
            self.record.shows = Shows.KEY_CARD

    def _add_key(self) -> None:
        account = self.account
        partner = self._world.portal.app_of_domain(self.record.domain, account.region) if account else None
        if partner is None:
            self.record.shows = Shows.NOT_REGISTERED
            return
        car = self._world.cars[self.record.asked_vin]
        car.wakes_up()
        car.takes_key(bytes.fromhex(partner.public_key_hex), partner.domain)
        self.record.shows = Shows.PAIRED
