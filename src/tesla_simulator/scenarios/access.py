"""B: the right to the car.

B10 is in no list of causes we know: it is taken as the owner's hand-off that ran out or was declined.
"""

from typing import Final

from tesla_simulator.scenarios.scenario import Cast, Scenario


def is_only_a_driver(cast: Cast) -> None:
    """The owner has an account and a phone of his own."""
    owner = cast.somebody("the-owner")
    owner.gets(cast.vin)
    cast.world.somebody_has_a_phone("owner", owner.email)
    cast.account.gets(cast.vin, "DRIVER")


def _leases(cast: Cast) -> None:
    """The lessor has an account, and nobody there looks at a phone."""
    cast.somebody("the-lessor").gets(cast.vin)
    cast.account.gets(cast.vin, "DRIVER")


SCENARIOS: Final = (
    Scenario("B1", "The account is a driver's; the owner has a phone of his own.", is_only_a_driver),
    Scenario("B2", "The car is leased: the lessor owns it, the account is a driver's.", _leases),
    Scenario(
        "B3",
        "The car belongs to a Tesla business account, which has not consented.",
        lambda cast: cast.account.belongs_to_a_business(),
        lambda cast: cast.account.its_business_consents(),
    ),
    Scenario(
        "B4",
        "The driver added the company's car by hand, and so it left the company's account.",
        lambda cast: cast.account.sells(cast.vin),
        lambda cast: cast.account.gets(cast.vin, "DRIVER"),
    ),
    Scenario("B5", "The car is hired: the account has a guest's access.", lambda cast: cast.account.hires(cast.vin)),
    Scenario(
        "B6",
        "The owner does not want to, or cannot be reached.",
        is_only_a_driver,
        by_hand="Send the owner the hand-off and leave it, or decline it.",
    ),
    Scenario(
        "B7",
        "The car was sold.",
        lambda cast: cast.world.car_changes_hands(cast.vin, cast.somebody("the-buyer").email),
    ),
    Scenario(
        "B8",
        "The car is ordered and not delivered.",
        lambda cast: cast.account.orders(cast.vin),
        lambda cast: cast.account.takes_delivery_of(cast.vin),
    ),
    Scenario(
        "B9",
        "The car is hidden in the account.",
        lambda cast: cast.account.hides(cast.vin),
        lambda cast: cast.account.shows_again(cast.vin),
    ),
    Scenario(
        "B10",
        "The owner was asked, and the hand-off ran out or was declined.",
        is_only_a_driver,
        by_hand="Send the owner the hand-off; decline it, or turn the clock on by three days.",
    ),
)
