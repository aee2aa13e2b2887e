"""E: the keys on the car."""

from typing import Final

from tesla_simulator.cars.car import Car
from tesla_simulator.scenarios.scenario import Cast, Scenario

SECOND_CAR: Final = "LRWYGCEK2PC120077"
_KEY_FROM_BEFORE: Final = bytes.fromhex("04" + "5a" * 64)


def has_a_second_car(cast: Cast) -> Car:
    """One that can have keys, and has none of ours."""
    world, account = cast.world, cast.account
    others = [world.cars[access.vin] for access in account.listed if access.vin != cast.vin]
    found = next((car for car in others if car.can_have_keys), None)
    if found is None:
        known = world.cars.get(SECOND_CAR)
        found = known or world.somebody_buys_a_car(SECOND_CAR, "Second car", 75, 58)
        account.gets(found.vin)
    found.somebody_deletes_our_key()
    return found


def _has_a_second_car(cast: Cast) -> None:
    has_a_second_car(cast)


def _cars_know_the_key_from_before(cast: Cast) -> None:
    """The key with our domain's name on every car is not the one we sign with."""
    for car in cast.world.cars.values():
        for key in car.keys:
            if key.domain == cast.domain:
                car.somebody_deletes_our_key(bytes.fromhex(key.public_key_hex))
                car.takes_key(_KEY_FROM_BEFORE, cast.domain)


SCENARIOS: Final = (
    Scenario(
        "E1",
        "The car's list of keys is full.",
        lambda cast: cast.car.fills_its_key_list(),
        lambda cast: cast.car.somebody_makes_room_in_its_key_list(),
    ),
    Scenario(
        "E1/nineteen",
        "The car takes nineteen keys and has them.",
        lambda cast: cast.car.fills_its_key_list(most_keys=19),
        lambda cast: cast.car.somebody_makes_room_in_its_key_list(),
    ),
    Scenario("E2", "Somebody deleted the key on the car's screen.", lambda cast: cast.car.somebody_deletes_our_key()),
    Scenario("E3", "The cars know a key of the operator's that he signs with no more.", _cars_know_the_key_from_before),
    Scenario("E8", "The account has a second car, which has no key.", _has_a_second_car),
)
