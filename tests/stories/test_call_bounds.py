"""The bound that every story is held to is one that a loop breaks."""

from datetime import UTC, datetime, timedelta

import pytest

from tesla_simulator.calls import Call
from tests.stories.call_bounds import asked_too_often

NOON = datetime(2024, 11, 6, 12, tzinfo=UTC)
A_CAR = "/api/1/vehicles/5YJ3E7EA0KF004F21"


def asked(path: str, count: int, *, every_s: float, site: str = "na") -> list[Call]:
    moments = [NOON + timedelta(seconds=every_s * turn) for turn in range(count)]
    return [Call(at, site, "GET", path, 200, "", "") for at in moments]


@pytest.mark.parametrize(
    "path,every_s",
    [(A_CAR, 300), (A_CAR, 15), (f"{A_CAR}/vehicle_data", 60), ("/api/1/vehicles/fleet_status", 10)],
    ids=["tended", "watched", "paid for", "key page"],
)
def test_the_cadences_of_the_product_are_within_it(path: str, every_s: float) -> None:
    assert asked_too_often(asked(path, 500, every_s=every_s)) == []


@pytest.mark.parametrize("ending", ["", "/vehicle_data", "/signed_command", "/mobile_enabled"])
def test_a_loop_is_found_at_once(ending: str) -> None:
    assert asked_too_often(asked(f"{A_CAR}{ending}", 20, every_s=0))


def test_a_look_that_comes_too_often_is_found_within_the_hour() -> None:
    assert asked_too_often(asked(f"{A_CAR}/vehicle_data", 100, every_s=30))


def test_what_the_driver_opens_at_tesla_is_nobodys_loop() -> None:
    assert asked_too_often(asked("/oauth2/v3/authorize", 50, every_s=0, site="auth")) == []
