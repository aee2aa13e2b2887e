"""Two accounts compared by their cars, and which of the two buttons is lit."""

import pytest

from chargekey.domain.other_account import compared, suggests_other
from chargekey.domain.vehicle import Vin

CARS = {"a": Vin("5YJ3E7EB4NF004F21"), "b": Vin("7SAYGDEE1RF0077C0"), "c": Vin("5YJSA7E20KF000B3D")}


def cars(drawn: str) -> list[Vin]:
    return [CARS[one] for one in drawn]


@pytest.mark.parametrize(
    ("ours", "theirs", "only_ours", "both", "only_theirs"),
    [
        ("ab", "c", "ab", "", "c"),
        ("ab", "bc", "a", "b", "c"),
        ("ab", "ba", "", "ab", ""),  # in the order of ours
        ("", "a", "", "", "a"),
        ("a", "", "a", "", ""),
    ],
)
def test_each_car_stands_where_it_is(ours: str, theirs: str, only_ours: str, both: str, only_theirs: str) -> None:
    found = compared(cars(ours), cars(theirs))
    assert [*found.only_ours] == cars(only_ours)
    assert [*found.both] == cars(both)
    assert [*found.only_theirs] == cars(only_theirs)
    assert found.is_known


@pytest.mark.parametrize(
    ("ours", "theirs", "is_the_same"),
    [("a", "a", True), ("ab", "ba", True), ("ab", "a", False), ("a", "ab", False), ("", "", False), ("a", None, False)],
)
def test_the_same_cars_seen_from_another_account(ours: str, theirs: str | None, is_the_same: bool) -> None:
    assert compared(cars(ours), None if theirs is None else cars(theirs)).is_the_same is is_the_same


@pytest.mark.parametrize(
    ("ours", "theirs", "has_ended", "suggested"),
    [
        ("", "a", False, True),  # the account in use has no car at all
        ("a", "ab", False, True),
        ("a", "a", False, False),  # nothing is won
        ("a", "a", True, True),  # the one in use is dead, and the car is in the other
        ("a", "b", False, False),
        ("a", "b", True, False),  # he would lose his car: he rather meant to sign in with the first
        ("a", "", True, False),
        ("", "", True, False),
        ("", None, True, False),  # Tesla did not tell
    ],
)
def test_the_other_is_suggested_only_where_nothing_is_lost_and_something_is_won(
    ours: str, theirs: str | None, has_ended: bool, suggested: bool
) -> None:
    found = compared(cars(ours), None if theirs is None else cars(theirs))
    assert suggests_other(found, has_ended=has_ended) is suggested
