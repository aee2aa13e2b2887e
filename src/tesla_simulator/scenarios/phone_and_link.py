"""C: the phone, the link and the prompt."""

from typing import Final

from tesla_simulator.scenarios.access import is_only_a_driver
from tesla_simulator.scenarios.keys import has_a_second_car
from tesla_simulator.scenarios.scenario import Cast, Scenario


def _shows_another_car(cast: Cast) -> None:
    other = has_a_second_car(cast)
    cast.phone.ignores_vin()
    cast.phone.swipes_to(other.vin)


def _sits_there_without_a_card(cast: Cast) -> None:
    is_only_a_driver(cast)
    cast.phone.key_card_is_elsewhere()
    cast.phone.sits_down_in(cast.vin)


SCENARIOS: Final = (
    Scenario("C1", "The link is opened on a computer.", by_hand="Open Chargekey in the browser of a computer."),
    Scenario("C2", "The phone has no Tesla app.", lambda cast: cast.phone.has_no_app()),
    Scenario("C2/signed-out", "Nobody is signed in to the Tesla app.", lambda cast: cast.phone.signs_out()),
    Scenario("C3", "The Tesla app is too old: its prompt does nothing.", lambda cast: cast.phone.has_an_old_app()),
    Scenario(
        "C4",
        "The link is opened in a browser that does not hand it to the app.",
        lambda cast: cast.phone.opens_links_in_an_in_app_browser(),
    ),
    Scenario(
        "C5",
        "The Tesla app comes up without a prompt, until it is closed by force.",
        lambda cast: cast.phone.app_gets_stuck(),
    ),
    Scenario(
        "C6",
        "No prompt comes, since the operator's public key does not load.",
        lambda cast: cast.world.internet.domain_does_not_find_its_key(cast.domain),
        lambda cast: cast.world.internet.domain_is_right_again(cast.domain),
    ),
    Scenario("C7", "Another car is selected in the app, and it gets the key.", _shows_another_car),
    Scenario("C8", "The phone is no key of this car.", lambda cast: cast.phone.is_no_phone_key(cast.vin)),
    Scenario(
        "C9",
        "The phone is a key of this car, but a broken one.",
        lambda cast: cast.phone.has_a_broken_phone_key(cast.vin),
    ),
    Scenario("C10", "The car sleeps so deeply that it does not answer.", lambda cast: cast.car.sleeps_deeply()),
    Scenario(
        "C11", "The driver means to allow and presses beside it.", lambda cast: cast.phone.declines_the_next_prompt()
    ),
    Scenario(
        "C12",
        "The key is on the car, and an old page still says it is not.",
        by_hand="Leave Chargekey open in a second tab while the key is added in the first.",
    ),
    Scenario(
        "C13",
        "The driver takes his phone key or key card for the virtual key.",
        lambda cast: cast.car.somebody_deletes_our_key(),
        by_hand="Say that it is done without having opened the link.",
    ),
    Scenario(
        "C14",
        "The driver does not find the way back to Tesla's permissions.",
        by_hand="Look for it on the page of the car.",
    ),
    Scenario("C15", "The driver sits in the car, and the key card is elsewhere.", _sits_there_without_a_card),
)
