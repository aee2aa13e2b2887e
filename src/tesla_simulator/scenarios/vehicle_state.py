"""D: the state of the car."""

from datetime import timedelta
from typing import Final

from tesla_simulator.scenarios.scenario import Cast, Scenario

OLD_MODEL_S: Final = "5YJSA1E24JF258130"
_BOOTS_FOR: Final = timedelta(seconds=30)
_FIRMWARE_BEFORE_STREAMING: Final = "2023.12.5"


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
    Scenario("D8", "The driver has a Model S from before 2021, which needs no key.", _has_an_old_model_s),
    Scenario(
        "D10",
        "Streaming to third parties is switched off in the car.",
        lambda cast: cast.car.somebody_turns_third_party_streaming_off(),
        lambda cast: cast.car.somebody_turns_third_party_streaming_on(),
    ),
    Scenario(
        "D11",
        "The car's firmware is too old to stream.",
        lambda cast: cast.car.gets_firmware(_FIRMWARE_BEFORE_STREAMING),
    ),
)
