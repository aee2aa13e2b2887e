"""H: Tesla's own side, for a while."""

from datetime import timedelta
from typing import Final

from tesla_simulator.scenarios.scenario import Cast, Scenario

_AN_OUTAGE: Final = timedelta(hours=3)
_A_LIMIT: Final = timedelta(minutes=30)
_A_LAG: Final = timedelta(hours=1)


def _is_down(cast: Cast) -> None:
    cast.world.outages.tesla_goes_down(until=cast.world.now + _AN_OUTAGE)


def _region_is_down(cast: Cast) -> None:
    cast.world.outages.a_region_goes_down(cast.account.region, until=cast.world.now + _AN_OUTAGE)


def _sign_in_is_down(cast: Cast) -> None:
    cast.world.outages.sign_in_goes_down(until=cast.world.now + _AN_OUTAGE)


def _is_slow(cast: Cast) -> None:
    cast.world.outages.tesla_gets_slow(until=cast.world.now + _AN_OUTAGE)


def _answers_oddly(cast: Cast) -> None:
    cast.world.outages.tesla_goes_down(until=cast.world.now + _AN_OUTAGE, status=540)


def _counts(cast: Cast) -> None:
    cast.world.outages.tesla_counts_requests(until=cast.world.now + _A_LIMIT)


def _counts_this_account(cast: Cast) -> None:
    cast.world.outages.tesla_counts_requests(until=cast.world.now + _A_LIMIT, email=cast.email)


def _is_well_again(cast: Cast) -> None:
    cast.world.is_well_again()


SCENARIOS: Final = (
    Scenario("H1", "Everything at Tesla fails for three hours.", _is_down, _is_well_again),
    Scenario("H1/region", "Tesla fails in the driver's region for three hours.", _region_is_down, _is_well_again),
    Scenario("H1/sign-in", "Nobody can sign in at Tesla for three hours.", _sign_in_is_down, _is_well_again),
    Scenario("H1/slow", "Tesla is slow for three hours.", _is_slow, _is_well_again),
    Scenario("H1/odd", "Tesla answers with status 540 for three hours.", _answers_oddly, _is_well_again),
    Scenario("H2", "Tesla takes no more requests from anybody for half an hour.", _counts, _is_well_again),
    Scenario("H2/account", "Tesla takes none for this account for half an hour.", _counts_this_account, _is_well_again),
    Scenario(
        "H5",
        "Tesla's servers tell of this car's keys an hour late.",
        lambda cast: cast.car.its_keys_are_told_after(_A_LAG),
        lambda cast: cast.car.its_keys_are_told_after(None),
    ),
)
