"""A phone with the Tesla app on it: who is signed in, which car is shown, what the app asks, what its owner does.

Rules of this room:

1. A pairing link tells the app a domain and perhaps a VIN; what comes of it is shown on the phone and told to
   nobody else. Tesla's app has no way back to the page that opened it.
2. What is wrong with a phone stays wrong until somebody mends it on the phone.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tesla_simulator import pairing
from tesla_simulator.accounts import Account
from tesla_simulator.app_screens import WORDS, Shows
from tesla_simulator.cars.car import Car

NEWEST_APP: Final = "4.50.1"
# The first version whose prompt works, as the read-me of Tesla's vehicle-command has it.
_FIRST_APP_THAT_CAN: Final = (4, 27, 3)
CARD_IS_AWAITED_FOR: Final = timedelta(minutes=2)


class PhoneKey(StrEnum):
    """Whether this phone is a key of a car."""

    SET_UP = "set_up"
    NONE = "none"
    BROKEN = "broken"


class NotNow(Exception):
    """What somebody tries on the phone cannot be done as things are."""


@dataclass
class PhoneRecord:
    """What is kept of a phone. `asked_vin` is the car that the last link was about.

    Cars that are not in `phone_keys` have this phone as a key that works. `sits_in` is the VIN of the car in which
    its owner sits. `card_asked_at`: since when the app has waited for a key card.
    """

    email: str = ""
    selected_vin: str = ""
    shows: Shows = Shows.PRODUCTS
    domain: str = ""
    asked_vin: str = ""
    ignores_vin: bool = False
    swallows_next: bool = False
    declines_next: bool = False
    has_app: bool = True
    app_version: str = NEWEST_APP
    is_stuck: bool = False
    hands_links_over: bool = True
    phone_keys: dict[str, PhoneKey] = field(default_factory=dict)
    has_key_card: bool = True
    sits_in: str = ""
    card_asked_at: datetime | None = None
    network_is_refused: bool = False


class Phone:
    """One phone with one app; everything its owner does on it is a verb."""

    def __init__(self, record: PhoneRecord, tesla: pairing.Tesla) -> None:
        self.record = record
        self._tesla = tesla

    # ── what can be seen ─────────────────────────────────────────────────────

    @property
    def account(self) -> Account | None:
        return self._tesla.accounts.get(self.record.email)

    @property
    def cars(self) -> list[Car]:
        """The products in the app, in the account's order."""
        account = self.account
        return [self._tesla.cars[access.vin] for access in account.listed] if account else []

    @property
    def shows(self) -> Shows:
        shown, asked_at = self.record.shows, self.record.card_asked_at
        if shown is Shows.WEB_PAGE or not self.record.has_app:
            return Shows.WEB_PAGE if shown is Shows.WEB_PAGE else Shows.NO_APP
        if self.account is None:
            return Shows.SIGNED_OUT
        waited_too_long = asked_at is not None and self._tesla.now >= asked_at + CARD_IS_AWAITED_FOR
        return Shows.NO_CARD_CAME if shown is Shows.KEY_CARD and waited_too_long else shown

    @property
    def words(self) -> tuple[str, str]:
        """Title and text of what is shown, with names filled in."""
        car = self._tesla.cars.get(self.record.asked_vin)
        title, text = WORDS[self.shows]
        name, most_keys = (car.record.name, car.record.most_keys) if car else ("your car", 20)
        return title, text.format(domain=self.record.domain, name=name, most_keys=most_keys)

    def sits_in(self, vin: str) -> bool:
        return self.record.sits_in == vin

    def trouble_with_phone_key(self, vin: str) -> Shows | None:
        """None: this phone is a key of that car, and it works."""
        return {
            PhoneKey.SET_UP: None,
            PhoneKey.NONE: Shows.NO_PHONE_KEY,
            PhoneKey.BROKEN: Shows.BROKEN_PHONE_KEY,
        }[self.record.phone_keys.get(vin, PhoneKey.SET_UP)]

    # ── the app and a link ───────────────────────────────────────────────────

    async def opens_pairing_link(self, domain: str, vin: str = "") -> Shows:
        """What tesla.com/_ak/<domain>?vin= does on this phone."""
        record = self.record
        named = vin if vin and not record.ignores_vin else record.selected_vin
        record.domain, record.asked_vin = domain, named
        record.shows = await self._comes_up(domain, named)
        if named in {car.vin for car in self.cars}:
            record.selected_vin = named
        return self.shows

    async def allows(self) -> Shows:
        """The prompt is agreed to; everything is looked at again."""
        record = self.record
        if record.shows is not Shows.PROMPT:
            return self.shows
        if record.declines_next:
            record.declines_next = False
            self.cancels()
        elif _version(record.app_version) < _FIRST_APP_THAT_CAN:
            record.shows = Shows.NOTHING
        else:
            record.shows = await self._approves()
        return self.shows

    def cancels(self) -> None:
        if self.record.shows in (Shows.PROMPT, Shows.KEY_CARD):
            self.record.shows = Shows.CANCELLED

    def taps_key_card(self) -> Shows:
        """Without a card at hand the app goes on waiting, until it gives up."""
        if self.shows is Shows.KEY_CARD and self.record.has_key_card:
            self.record.shows = self._adds_key()
        return self.shows

    def goes_home(self) -> None:
        """Back to the products."""
        self.record.shows, self.record.domain, self.record.asked_vin = Shows.PRODUCTS, "", ""

    def swipes_to(self, vin: str) -> None:
        if vin not in {car.vin for car in self.cars}:
            raise LookupError(vin)
        self.record.selected_vin = vin

    # ── what can be true of it ───────────────────────────────────────────────

    def ignores_vin(self, ignores: bool = True) -> None:
        """From now on a link pairs the car selected in the app, whatever VIN it names."""
        self.record.ignores_vin = ignores

    def swallows_the_next_prompt(self) -> None:
        """The app comes up and shows nothing, as it does when it was already open."""
        self.record.swallows_next = True

    def app_gets_stuck(self) -> None:
        """It comes up and shows nothing, until it is closed by force."""
        self.record.is_stuck = True

    def declines_the_next_prompt(self) -> None:
        """Whoever means to allow presses beside it."""
        self.record.declines_next = True

    def has_no_app(self) -> None:
        self.record.has_app, self.record.email = False, ""

    def has_an_old_app(self, version: str = "4.20.0") -> None:
        """Its prompt comes, and pressing Allow does nothing."""
        self.record.app_version = version

    def opens_links_in_an_in_app_browser(self) -> None:
        """Or in one that does not hand links to apps: a web page comes whose button loads it again."""
        self.record.hands_links_over = False

    def is_no_phone_key(self, vin: str) -> None:
        self.record.phone_keys[vin] = PhoneKey.NONE

    def has_a_broken_phone_key(self, vin: str) -> None:
        self.record.phone_keys[vin] = PhoneKey.BROKEN

    def key_card_is_elsewhere(self) -> None:
        self.record.has_key_card = False

    def is_on_a_network_that_tesla_refuses(self) -> None:
        """A VPN or a private relay: Tesla's sign-in shows its browser nothing but *Access Denied*."""
        self.record.network_is_refused = True

    # ── what people do about it ──────────────────────────────────────────────

    def changes_network(self) -> None:
        self.record.network_is_refused = False

    def signs_in(self, email: str) -> None:
        if email not in self._tesla.accounts:
            raise LookupError(email)
        if not self.record.has_app:
            raise NotNow("there is no app to sign in to")
        self.record.email = email
        self.goes_home()
        self.record.selected_vin = self.cars[0].vin if self.cars else ""
        self._tesla.accounts[email].uses_the_app_once()

    def signs_out(self) -> None:
        self.record.email = ""

    def installs_the_app(self) -> None:
        """The newest one; nobody is signed in."""
        self.record.has_app, self.record.app_version = True, NEWEST_APP
        self.force_closes_the_app()

    def updates_the_app(self) -> None:
        self.record.app_version = NEWEST_APP
        self.force_closes_the_app()

    def force_closes_the_app(self) -> None:
        self.record.is_stuck = self.record.swallows_next = False
        self.goes_home()

    async def opens_in_the_system_browser(self) -> Shows:
        """From now on, beginning with the link that came to nothing."""
        self.record.hands_links_over = True
        if self.record.shows is Shows.WEB_PAGE:
            return await self.opens_pairing_link(self.record.domain, self.record.asked_vin)
        return self.shows

    def sets_up_the_phone_key(self, vin: str) -> None:
        """Beside the car. Raises `NotNow` when the car does not answer; a broken key has to be removed first."""
        self._must_be_beside(vin)
        if self.record.phone_keys.get(vin) is PhoneKey.NONE:
            del self.record.phone_keys[vin]

    def removes_and_sets_up_the_phone_key(self, vin: str) -> None:
        self._must_be_beside(vin)
        self.record.phone_keys.pop(vin, None)

    def fetches_the_key_card(self) -> None:
        self.record.has_key_card = True

    def sits_down_in(self, vin: str) -> None:
        """Opening its door wakes the car."""
        self._tesla.cars[vin].somebody_opens_a_door()
        self.record.sits_in = vin

    def gets_out(self) -> None:
        self.record.sits_in = ""

    def clears_the_mfa(self) -> None:
        """In the account that is signed in."""
        if self.account is not None:
            self.account.mfa_is_out_of_the_way()

    # ── inside ───────────────────────────────────────────────────────────────

    async def _comes_up(self, domain: str, vin: str) -> Shows:
        record = self.record
        if not record.hands_links_over:
            return Shows.WEB_PAGE
        if not record.has_app:
            return Shows.NO_APP
        if record.is_stuck or record.swallows_next:
            record.swallows_next = False
            return Shows.NOTHING
        return await pairing.answer_to_link(self._tesla, self.account, domain, vin)

    async def _approves(self) -> Shows:
        domain, vin = self.record.domain, self.record.asked_vin
        shown = await pairing.answer_to_link(self._tesla, self.account, domain, vin)
        if shown is Shows.PROMPT:
            shown = pairing.answer_to_approval(self._tesla, self, vin)
            self.record.card_asked_at = self._tesla.now
            if shown is Shows.PAIRED:
                shown = self._adds_key()
        return shown

    def _adds_key(self) -> Shows:
        account, car = self.account, self._tesla.cars[self.record.asked_vin]
        partner = self._tesla.portal.app_of_domain(self.record.domain, account.region) if account else None
        if partner is None:
            return Shows.NOT_REGISTERED
        if not pairing.can_take_a_key(car):
            return Shows.OFFLINE
        car.wakes_up()
        car.takes_key(bytes.fromhex(partner.public_key_hex), partner.domain)
        return Shows.PAIRED

    def _must_be_beside(self, vin: str) -> None:
        if vin not in {car.vin for car in self.cars}:
            raise LookupError(vin)
        if self._tesla.cars[vin].state != "online":
            raise NotNow("the car does not answer: it is asleep or out of reach")


def _version(text: str) -> tuple[int, ...]:
    """What is no number counts as 0."""
    return tuple(int(part) if part.isdigit() else 0 for part in text.split("."))
