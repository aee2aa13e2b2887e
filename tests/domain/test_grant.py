"""Which permissions we ask for, and which of them are missing."""

from itertools import chain, combinations

import pytest

from chargekey.domain.grant import ASKED, REQUIRED, Scope, known, missing


def test_we_ask_for_five_and_never_for_the_power_to_drive() -> None:
    assert {scope.value for scope in ASKED} == {
        "openid",
        "offline_access",
        "vehicle_device_data",
        "vehicle_charging_cmds",
        "vehicle_location",
    }
    assert "vehicle_cmds" not in {scope.value for scope in Scope}


def test_only_the_location_may_be_left_out() -> None:
    assert set(ASKED) - REQUIRED == {Scope.VEHICLE_LOCATION}


@pytest.mark.parametrize(
    "given", list(chain.from_iterable(combinations(ASKED, count) for count in range(len(ASKED) + 1))), ids=str
)
def test_what_is_missing_is_what_is_required_and_not_given_in_the_order_we_ask(given: tuple[Scope, ...]) -> None:
    lacking = missing(frozenset(given))
    assert set(lacking) == REQUIRED - set(given)
    assert sorted(lacking, key=ASKED.index) == list(lacking)


def test_scopes_that_we_have_no_use_for_are_dropped() -> None:
    names = frozenset({"openid", "vehicle_location", "vehicle_cmds", "energy_cmds", "OPENID", ""})
    assert known(names) == {Scope.OPENID, Scope.VEHICLE_LOCATION}
