"""D: the state of the car."""

from datetime import timedelta
from typing import Final

from tesla_simulator.scenarios.scenario import Cast, Scenario

OLD_MODEL_S: Final = "5YJSA1E24JF258130"
_BOOTS_FOR: Final = timedelta(seconds=30)


def _has_an_old_model_s(cast: Cast) -> None:
    """Unless the car itself is one."""
    if cast.car.can_have_keys and OLD_MODEL_S not in cast.world.cars:
        cast.world.somebody_buys_a_car(OLD_MODEL_S, "Old Model S", 70, 60, cast.email)


SCENARIOS: Final = (
    Scenario("D1", "The car is asleep.", lambda cast: cast.car.falls_asleep(), lambda cast: cast.car.wakes_up()),
    Scenario(
        "D2",
        "The car has no reception.",
        lambda cast: cast.car.loses_reception(),
        lambda cast: cast.car.has_reception_again(),
    ),
    Scenario("D3", "The car is busy for half a minute.", lambda cast: cast.car.is_busy_for(_BOOTS_FOR)),
    Scenario("D3/boots", "The car is up, and boots for half a minute.", lambda cast: cast.car.boots_for(_BOOTS_FOR)),
    Scenario(
        "D4",
        "The car is in service.",
        lambda cast: cast.car.goes_to_service(),
        lambda cast: cast.car.comes_back_from_service(),
    ),
    Scenario(
        "D5",
        "Mobile access is switched off in the car.",
        lambda cast: cast.car.somebody_turns_mobile_access_off(),
        lambda cast: cast.car.somebody_turns_mobile_access_on(),
    ),
    Scenario(
        "D5/unknown",
        "Mobile access is switched off in the car, and Tesla's servers have not heard of it.",
        lambda cast: cast.car.somebody_turns_mobile_access_off(tesla_knows=False),
        lambda cast: cast.car.somebody_turns_mobile_access_on(),
    ),
    Scenario(
        "D6",
        "The car is in Valet mode. Its screen shows it, and nothing else does.",
        lambda cast: cast.car.is_lent_in_valet_mode(),
        lambda cast: cast.car.leaves_its_mode(),
    ),
    Scenario(
        "D7",
        "The car is in Guest mode. Its screen shows it, and nothing else does.",
        lambda cast: cast.car.is_lent_in_guest_mode(),
        lambda cast: cast.car.leaves_its_mode(),
    ),
    Scenario("D8", "The driver has a Model S from before 2021, which needs no key.", _has_an_old_model_s),
    Scenario(
        "D13",
        "The car is in the workshop and gets a new security part, which knows no app's key.",
        lambda cast: cast.car.has_its_security_parts_replaced(),
        lambda cast: cast.car.comes_back_from_service(),
    ),
)
