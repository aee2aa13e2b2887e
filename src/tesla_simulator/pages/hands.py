"""What the owner of a phone can do with it, with its app, and beside the car.

All of it is offered all the time: whoever holds a phone does not know what is wrong with it either.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from tesla_simulator.pages import faces
from tesla_simulator.phone import NotNow, Phone


@dataclass(frozen=True)
class Hand:
    """`does` is told the phone and the VIN of the car that the app shows."""

    name: str
    says: str
    does: Callable[[Phone, str], Coroutine[Any, Any, object] | None]
    needs_app: bool = True
    needs_car: bool = False


def _opens_again(phone: Phone, _: str) -> Coroutine[Any, Any, object]:
    return phone.opens_in_the_system_browser()


def _accepts(phone: Phone, _: str) -> None:
    if phone.account is not None:
        phone.account.accepts_the_terms()


INSTALLS: Final = Hand("installs", "Install the app", lambda phone, _: phone.installs_the_app(), needs_app=False)
HANDS: Final = (
    Hand("closes", "Close the app by force", lambda phone, _: phone.force_closes_the_app()),
    Hand("updates", "Update the app", lambda phone, _: phone.updates_the_app()),
    INSTALLS,
    Hand("browser", "Open links in the phone’s own browser", _opens_again, needs_app=False),
    Hand("signs-out", "Sign out of the app", lambda phone, _: phone.signs_out()),
    Hand("sits-down", "Sit down in the car", lambda phone, vin: phone.sits_down_in(vin), needs_car=True),
    Hand("gets-out", "Get out of the car", lambda phone, _: phone.gets_out(), needs_app=False),
    Hand("card", "Fetch the key card", lambda phone, _: phone.fetches_the_key_card(), needs_app=False),
    Hand("phone-key", "Set up the phone key", lambda phone, vin: phone.sets_up_the_phone_key(vin), needs_car=True),
    Hand(
        "phone-key-anew",
        "Remove the phone key and set it up",
        lambda phone, vin: phone.removes_and_sets_up_the_phone_key(vin),
        needs_car=True,
    ),
    Hand("network", "Change to another network", lambda phone, _: phone.changes_network(), needs_app=False),
    Hand("terms", "Accept what the app asks first", _accepts),
    Hand("mfa", "Clear the second factor", lambda phone, _: phone.clears_the_mfa()),
)


def possible(phone: Phone) -> list[Hand]:
    """In order."""
    has_app, has_car = phone.record.has_app, faces.shown_car(phone) is not None

    def can(hand: Hand) -> bool:
        if hand is INSTALLS:
            return not has_app
        return (has_app or not hand.needs_app) and (has_car or not hand.needs_car)

    return [hand for hand in HANDS if can(hand)]


async def lend(name: str, phone: Phone) -> str:
    """Do it, and say what came of it. Raises `LookupError` for what is not possible."""
    hand = next((hand for hand in possible(phone) if hand.name == name), None)
    if hand is None:
        raise LookupError(name)
    car = faces.shown_car(phone)
    try:
        done = hand.does(phone, car.vin if car else "")
        if done is not None:
            await done
    except NotNow as error:
        return f"Not now: {error}."
    return f"Done: {hand.says.lower()}."
