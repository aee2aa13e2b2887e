"""What a person can do about what a page asks of him: on his phone, in his account, at the car.

Nothing in here knows why it is asked. Whether it helps is the world's matter.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tesla_simulator.accounts import Account
from tesla_simulator.app_screens import Shows
from tesla_simulator.cars.car import Car
from tesla_simulator.phone import NotNow, Phone, PhoneKey
from tesla_simulator.world import World
from tests.stories.robots.habits import Habit


@dataclass
class Person:
    """A driver with his account, his phone and his car. `dice`: his own chance, the same for the same world."""

    world: World
    email: str
    vin: str
    phone: Phone
    dice: Random = field(default_factory=lambda: Random(0))
    habits: set[Habit] = field(default_factory=set)
    is_stuck_at_tesla: bool = False
    was_refused: bool = False

    @property
    def account(self) -> Account:
        return self.world.accounts[self.email]

    @property
    def car(self) -> Car:
        return self.world.cars[self.vin]

    @property
    def _account_with_the_car(self) -> str | None:
        return next((email for email, one in self.world.accounts.items() if one.access_to(self.vin)), None)

    @property
    def has_another_account(self) -> bool:
        """Whether the car is in an account that he did not sign in with."""
        return self._account_with_the_car not in (None, self.email)

    def takes_the_account_with_the_car(self) -> None:
        """As his own from now on, in the browser and on the phone."""
        self.email = self._account_with_the_car or self.email
        self.phone.signs_in(self.email)

    @property
    def sold_the_car(self) -> bool:
        """He knows that of his own car: somebody who is not he has it now."""
        owners = [email for email, one in self.world.accounts.items() if _owns(one, self.vin)]
        return bool(owners) and self.account.access_to(self.vin) is None and not self._is_his(owners[0])

    def _is_his(self, email: str) -> bool:
        return email in (self.email, "my-other-account@simulated.example")

    def agrees_that_it_ends(self, cause: str) -> bool:
        """What a page says of a car that is gone is an end for whom it is gone."""
        return cause != "B7" or self.sold_the_car

    def is_odd(self, habit: Habit) -> bool:
        """Whether he does this now; each is done once."""
        if habit not in self.habits:
            return False
        self.habits.remove(habit)
        return True

    @property
    def would_rather_ask(self) -> bool:
        return Habit.WOULD_RATHER_ASK in self.habits or self.was_refused

    def was_refused_in_the_car(self) -> None:
        """The app did not take his word, seated in the car with the card."""
        self.was_refused = True

    async def does(self, remedy: str) -> bool:
        """Whether there was something he could do about it. What he cannot do just now he leaves."""
        hand = HANDS.get(remedy)
        if hand is None:
            return False
        try:
            done = hand(self)
            if isinstance(done, Awaitable):
                await done
        except (NotNow, LookupError):
            return False
        return True

    def says(self, question: str) -> str | None:
        """The true answer, as far as anybody knows it of himself; None: he does not know."""
        if question == "app_showed":
            return TOLD[self.phone.shows]
        if question == "phone_opens_car":
            return OPENS[self.phone.record.phone_keys.get(self.vin, PhoneKey.SET_UP)]
        if question == "same_account":
            return "yes" if self.phone.record.email == self.email else "no"
        if question == "tesla_page" and self.is_stuck_at_tesla:
            return "could_not_sign_in"
        if question == "whose_car":
            access = self.account.access_to(self.vin)
            return "mine" if access and access.access_type == "OWNER" else "somebodys"
        return None


def _owns(account: Account, vin: str) -> bool:
    access = account.access_to(vin)
    return access is not None and access.access_type == "OWNER"


def _moves_the_car(one: Person) -> None:
    one.car.has_reception_again()
    one.car.somebody_opens_a_door()


def _signs_in_to_the_app(one: Person) -> None:
    one.phone.signs_in(one.email)
    one.account.uses_the_app_once()


def _installs_the_app(one: Person) -> None:
    one.phone.installs_the_app()
    _signs_in_to_the_app(one)


def _holds_the_key_card(one: Person) -> None:
    one.phone.fetches_the_key_card()
    one.phone.sits_down_in(one.vin)


OPENS: Final = {PhoneKey.SET_UP: "yes", PhoneKey.NONE: "no", PhoneKey.BROKEN: "sometimes"}

HANDS: Final[Mapping[str, Callable[[Person], object]]] = {
    "close_the_app": lambda one: one.phone.force_closes_the_app(),
    "open_in_browser": lambda one: one.phone.opens_in_the_system_browser(),
    "swipe_to_the_car": lambda one: one.phone.swipes_to(one.vin),
    "sign_in_to_the_app": _signs_in_to_the_app,
    "switch_app_account": _signs_in_to_the_app,
    "install_the_app": _installs_the_app,
    "update_the_app": lambda one: one.phone.updates_the_app(),
    "confirm_second_factor": lambda one: one.phone.clears_the_mfa(),
    "show_the_car": lambda one: one.account.shows_again(one.vin),
    "ask_tesla_about_account": lambda one: one.account.is_unlocked(),
    "change_data_sharing": lambda one: one.account.shares_data_again(),
    "wake_the_car": lambda one: one.car.somebody_opens_a_door(),
    "give_it_wifi": lambda one: one.car.has_reception_again(),
    "move_the_car": _moves_the_car,
    "restart_the_screen": lambda one: one.car.somebody_opens_a_door(),
    "allow_mobile_access": lambda one: one.car.somebody_turns_mobile_access_on(),
    "delete_old_keys": lambda one: one.car.somebody_makes_room_in_its_key_list(),
    "set_up_phone_key": lambda one: one.phone.sets_up_the_phone_key(one.vin),
    "renew_phone_key": lambda one: one.phone.removes_and_sets_up_the_phone_key(one.vin),
    "hold_key_card": _holds_the_key_card,
    "change_network": lambda one: one.phone.changes_network(),
    "leave_special_mode": lambda one: one.car.leaves_its_mode(),
}

TOLD: Final[Mapping[Shows, str]] = {
    Shows.PRODUCTS: "nothing_asked",
    Shows.NOTHING: "nothing_asked",
    Shows.PAIRED: "allowed",
    Shows.CANCELLED: "declined",
    Shows.SIGNED_OUT: "did_not_open",
    Shows.NO_APP: "did_not_open",
    Shows.WEB_PAGE: "did_not_open",
    Shows.UNAVAILABLE: "unable_to_share",
    Shows.NOT_REGISTERED: "not_registered",
    Shows.NOT_HOSTED: "not_registered",
    Shows.NO_CONSENT: "unable_to_share",
    Shows.NOT_YOUR_CAR: "unable_to_share",
    Shows.NOT_THE_OWNER: "not_authorized",
    Shows.NOT_NEEDED: "no_key_needed",
    Shows.LIST_FULL: "list_full",
    Shows.OFFLINE: "not_reached",
    Shows.NO_PHONE_KEY: "unable_to_share",
    Shows.BROKEN_PHONE_KEY: "unable_to_share",
    Shows.KEY_CARD: "key_card",
    Shows.NO_CARD_CAME: "key_card",
    Shows.TOKEN_REJECTED: "token_rejected",
    Shows.MFA: "second_factor",
    Shows.LENT: "unable_to_share",
    Shows.PROMPT: "nothing_asked",
}
"""How somebody would say what his phone shows, among the answers a page offers."""
