"""Whether a car stands at home, and that nobody reads off where."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.place import HOME_REACHES_M, NotOnEarth, Place, at_home, distance_m, is_home, shows_home

HOME = Place(52.0, 5.0)
ON_THE_DRIVE = Place(52.0005, 5.0)
ELSEWHERE = Place(52.01, 5.0)
PLUGGED_IN = ChargeState(50, 80, Charging.STOPPED, 0, 16, 16, 0, None, 0, 0, None)
UNPLUGGED = replace(PLUGGED_IN, charging=Charging.UNPLUGGED)
AT_A_FAST_CHARGER = replace(PLUGGED_IN, at_home=False)
PLACES = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        (HOME, HOME, 0),
        (Place(0, 0), Place(1, 0), 111_195),  # a degree of a great circle of this radius
        (Place(60, 0), Place(60, 1), 55_597),  # half of that, for the parallel there is half as long
        (Place(0, 179.5), Place(0, -179.5), 111_195),  # across the date line
        (Place(90, 0), Place(-90, 0), 20_015_115),  # pole to pole
        (Place(0, 0), Place(0, 180), 20_015_115),
    ],
)
def test_distances_are_those_of_a_sphere(one: Place, other: Place, metres: int) -> None:
    assert distance_m(one, other) == pytest.approx(metres, abs=1)


@given(PLACES, PLACES)
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_around(one: Place, other: Place) -> None:
    assert distance_m(one, other) == pytest.approx(distance_m(other, one), abs=0.01)
    assert 0 <= distance_m(one, other) <= 20_015_116


@pytest.mark.parametrize(
    ("place", "home"), [(HOME, True), (ON_THE_DRIVE, True), (ELSEWHERE, False), (Place(-52, -175), False)]
)
def test_home_reaches_as_far_as_a_fix_may_be_off(place: Place, home: bool) -> None:
    assert is_home(HOME, place) is home


def test_home_ends_where_its_reach_does() -> None:
    north = math.degrees(HOME_REACHES_M / 6_371_009)
    assert is_home(HOME, Place(52 + north * 0.999, 5)) is True
    assert is_home(HOME, Place(52 + north * 1.001, 5)) is False


def test_what_is_not_known_is_neither_home_nor_away() -> None:
    assert [is_home(None, HOME), is_home(HOME, None), is_home(None, None)] == [None, None, None]


@pytest.mark.parametrize("numbers", [(90.1, 5), (-91, 5), (52, 180.1), (52, -181), (math.nan, 5), (52, math.inf)])
def test_numbers_that_are_no_place_are_refused_and_not_repeated(numbers: tuple[float, float]) -> None:
    with pytest.raises(NotOnEarth) as refused:
        Place(*numbers)
    assert str(numbers[0]) not in str(refused.value)


def test_a_place_prints_nothing_of_itself() -> None:
    assert {repr(HOME), str(HOME), f"{HOME}", f"{[HOME]}"} == {"Place(…)", "[Place(…)]"}


@pytest.mark.parametrize(
    ("home", "place", "now", "before", "kept"),
    [
        (HOME, ON_THE_DRIVE, PLUGGED_IN, None, True),
        (HOME, ELSEWHERE, PLUGGED_IN, None, False),
        (None, ELSEWHERE, PLUGGED_IN, None, None),  # plugged in means at home
        (HOME, HOME, AT_A_FAST_CHARGER, None, False),
        (None, None, AT_A_FAST_CHARGER, None, False),
        (HOME, None, PLUGGED_IN, replace(PLUGGED_IN, at_home=False), False),  # nobody drives with the cable in
        (HOME, None, PLUGGED_IN, replace(PLUGGED_IN, at_home=True), True),
        (HOME, None, PLUGGED_IN, replace(UNPLUGGED, at_home=False), None),  # it may have driven home since
        (HOME, None, UNPLUGGED, replace(PLUGGED_IN, at_home=False), None),
        (None, None, PLUGGED_IN, replace(PLUGGED_IN, at_home=False), None),  # home was forgotten
    ],
)
def test_what_a_look_says_of_home(
    home: Place | None, place: Place | None, now: ChargeState, before: ChargeState | None, kept: bool | None
) -> None:
    assert at_home(home, place, now, before) is kept


@pytest.mark.parametrize(
    ("now", "before", "shows"),
    [
        (PLUGGED_IN, UNPLUGGED, True),
        (PLUGGED_IN, None, True),
        (PLUGGED_IN, PLUGGED_IN, False),  # a home that was forgotten is not learnt again from the same plug-in
        (AT_A_FAST_CHARGER, UNPLUGGED, False),
        (UNPLUGGED, PLUGGED_IN, False),
    ],
)
def test_only_a_fresh_plug_in_shows_home(now: ChargeState, before: ChargeState | None, shows: bool) -> None:
    assert shows_home(now, before) is shows
