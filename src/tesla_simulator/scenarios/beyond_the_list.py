"""J: what the list of causes had no id for."""

from datetime import timedelta
from typing import Final

from tesla_simulator.scenarios.scenario import Cast, Scenario

_A_FAULT_LASTS: Final = timedelta(hours=4)


def _switches(cast: Cast) -> None:
    """A business had it; from today it wants signed commands, and nobody's key is on it."""
    cast.car.works_for_a_business()
    cast.car.somebody_deletes_our_key()
    cast.car.switches_to_the_protocol()


def _tokens_are_rejected(cast: Cast) -> None:
    cast.world.outages.tesla_rejects_tokens(until=cast.world.now + _A_FAULT_LASTS)


SCENARIOS: Final = (
    Scenario(
        "J1",
        "Nothing is wrong: the key is just not on the car yet.",
        lambda cast: cast.car.somebody_deletes_our_key(),
    ),
    Scenario(
        "J2",
        "Tesla names the car in neither list of its key status.",
        lambda cast: cast.car.is_missing_from_both_lists(),
        lambda cast: cast.car.is_missing_from_both_lists(False),
    ),
    Scenario(
        "J3",
        "Tesla refuses every second call about a car, whatever the permissions.",
        lambda cast: cast.account.is_refused_now_and_then(),
        lambda cast: cast.account.is_refused_no_more(),
    ),
    Scenario(
        "J4",
        "Tesla says that the car needs no key, and it does.",
        lambda cast: cast.car.is_wrongly_told_to_need_no_key(),
        lambda cast: cast.car.is_wrongly_told_to_need_no_key(False),
    ),
    Scenario(
        "J5",
        "The owner hides from this account where the car is.",
        lambda cast: cast.account.place_is_hidden_from_it(cast.vin),
        lambda cast: cast.account.place_is_shown_to_it(cast.vin),
    ),
    Scenario("J6/before", "A business has the car, and it needs no key.", lambda cast: cast.car.works_for_a_business()),
    Scenario("J6", "A business's car has been switched to signed commands.", _switches),
    Scenario(
        "J7",
        "A second factor is in the way of the prompt.",
        lambda cast: cast.account.mfa_gets_in_the_way(),
        lambda cast: cast.account.mfa_is_out_of_the_way(),
    ),
    Scenario(
        "J8",
        "For four hours the Tesla app rejects everybody's token while a key is granted.",
        _tokens_are_rejected,
        lambda cast: cast.world.is_well_again(),
    ),
    Scenario(
        "J9",
        "The app rejects this account's token: another account is the primary one.",
        lambda cast: cast.account.is_not_the_primary_account_of(cast.vin),
    ),
)
