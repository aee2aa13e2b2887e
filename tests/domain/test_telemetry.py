"""What a car streams adds up to one word, however late, often and disordered it comes."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.place import Place
from chargekey.domain.telemetry import (
    NEVER_LOOKED_AT,
    NOTHING_HEARD,
    Reading,
    Signal,
    Value,
    hear,
    holds_together,
    reaches,
    stirs,
    turns,
    word,
)
from chargekey.domain.vehicle import Vin

CAR = Vin("5YJ3E7EA0KF004021")
SIX = datetime(2024, 11, 6, 18, tzinfo=UTC)
LOOKED = ChargeState(50, 80, Charging.STOPPED, 0, 16, 16, 230, 3, 0, 0, True)


def minutes(number: float) -> datetime:
    return SIX + timedelta(minutes=number)


def said(at: float, **values: Value) -> Reading:
    return Reading(CAR, minutes(at), {Signal[name.upper()]: value for name, value in values.items()})


def heard(*readings: Reading) -> Mapping[Signal, tuple[datetime, Value]]:
    return reduce(hear, readings, NOTHING_HEARD)


def test_what_has_changed_is_told_and_the_rest_is_as_it_was() -> None:
    told = word(LOOKED, SIX, heard(said(1, charging=Charging.STARTING), said(2, charging=Charging.CHARGING, soc=51)))
    assert told is not None
    assert told.charge == replace(LOOKED, charging=Charging.CHARGING, soc_percent=51, at_home=None)
    assert (told.moment, told.charging_at) == (minutes(2), minutes(2))


def test_heating_its_battery_is_told_and_may_turn_things() -> None:
    told = word(LOOKED, SIX, heard(said(1, charging=Charging.CHARGING, heating_battery=True)))
    assert told is not None
    assert told.charge.heating_battery
    assert turns(replace(told.charge, heating_battery=False), told.charge)
    assert stirs(heard(said(1, heating_battery=True)), said(2, heating_battery=False))


def test_a_resend_that_comes_late_overwrites_nothing_newer_and_fills_what_was_missed() -> None:
    late = said(1, charging=Charging.CHARGING, soc=40)
    told = word(LOOKED, SIX, heard(said(3, soc=52), late, late))
    assert told is not None
    assert (told.charge.soc_percent, told.charge.charging) == (52, Charging.CHARGING)
    assert (told.moment, told.charging_at) == (minutes(3), minutes(1))


def test_a_look_is_newer_than_all_that_was_streamed_before_it() -> None:
    before = heard(said(1, charging=Charging.CHARGING), said(2, soc=90))
    assert word(LOOKED, minutes(2), before) is None
    told = word(LOOKED, minutes(2), hear(before, said(3, limit=70)))
    assert told is not None
    assert told.charge == replace(LOOKED, limit_percent=70, at_home=None)
    assert told.charging_at is None, "of the cable the look was the last to speak"


def test_a_car_that_never_told_of_its_cable_has_said_nothing() -> None:
    assert word(None, None, heard(said(1, soc=50))) is None
    told = word(None, None, heard(said(1, soc=50), said(2, charging=Charging.UNPLUGGED)))
    assert told is not None
    assert told.charge == replace(NEVER_LOOKED_AT, soc_percent=50, charging=Charging.UNPLUGGED)


def test_usable_charge_stands_in_where_the_other_is_not_streamed() -> None:
    usable = said(1, usable_soc=48)
    assert [told.charge.soc_percent for told in [word(LOOKED, SIX, heard(usable))] if told] == [48]
    assert [told.charge.soc_percent for told in [word(LOOKED, SIX, heard(usable, said(1, soc=50)))] if told] == [50]


@pytest.mark.parametrize(("soc", "shown"), [(79, 80), (80, 80), (78, 78)])
def test_the_last_percent_of_a_car_that_is_complete_is_not_swallowed(soc: int, shown: int) -> None:
    told = word(LOOKED, SIX, heard(said(1, soc=soc), said(2, charging=Charging.COMPLETE)))
    assert told is not None
    assert told.charge.soc_percent == shown
    still = word(LOOKED, SIX, heard(said(1, soc=soc, charging=Charging.STOPPED)))
    assert still is not None
    assert still.charge.soc_percent == soc


def test_a_fast_charger_is_away_and_a_place_is_known_as_long_as_it_is_shown() -> None:
    plugged = said(1, charging=Charging.CHARGING, at_fast_charger=True, place=Place(52, 5))
    told = word(LOOKED, SIX, heard(plugged))
    assert told is not None
    assert (told.charge.at_home, told.place) == (False, Place(52, 5))
    hidden = word(LOOKED, SIX, heard(plugged, said(2, charging=Charging.UNPLUGGED, place=None)))
    assert hidden is not None
    assert (hidden.charge.at_home, hidden.place) == (None, None)


MOMENTS = st.lists(st.sampled_from(range(9)), unique=True)


@given(MOMENTS, st.randoms(use_true_random=False))
def test_in_whatever_order_and_however_often_it_comes_it_says_the_same(
    moments: list[int], chance: random.Random
) -> None:
    readings = [said(at, soc=at) if at % 2 else said(at, soc=at, limit=50 + at) for at in moments]
    again = [*readings, *chance.sample(readings, len(readings) // 2)]
    chance.shuffle(again)
    assert heard(*again) == heard(*readings)


@pytest.mark.parametrize(
    ("changed", "turned"),
    [
        ({"charging": Charging.CHARGING}, True),
        ({"limit_percent": 70}, True),
        ({"current_asked_a": 10}, True),
        ({"current_max_a": 32}, True),
        ({"at_home": False}, True),
        ({"soc_percent": 51}, False),
        ({"current_a": 15}, False),
        ({"power_w": 11_000, "energy_added_wh": 500, "voltage_v": 229}, False),
    ],
)
def test_what_may_want_an_order_turns_things(changed: dict[str, object], turned: bool) -> None:
    assert turns(LOOKED, replace(LOOKED, **changed)) is turned  # type: ignore[arg-type]  # of one field each
    assert turns(None, LOOKED)


def test_a_target_is_reached_once() -> None:
    full = replace(LOOKED, soc_percent=80)
    assert [reaches(LOOKED, full, 80), reaches(full, full, 80), reaches(LOOKED, LOOKED, 80)] == [True, False, False]
    assert reaches(None, full, 80)


def test_power_into_a_car_that_does_not_charge_is_a_signal_lost() -> None:
    assert holds_together(replace(LOOKED, charging=Charging.CHARGING, power_w=11_000))
    assert holds_together(replace(LOOKED, charging=Charging.CHARGING, power_w=0))
    assert holds_together(replace(LOOKED, power_w=400))
    assert not holds_together(replace(LOOKED, power_w=11_000))


def test_what_is_never_still_stirs_nothing_nor_does_a_car_that_drives() -> None:
    known = heard(said(1, soc=50, charging=Charging.CHARGING, place=Place(52, 5)))
    assert not stirs(known, said(2, soc=50, charging=Charging.CHARGING, power=11_000, current=16, voltage=229))
    assert not stirs(known, said(2, place=Place(53, 5)))
    assert not stirs(known, said(2, place=None))
    assert stirs(known, said(2, soc=51))
    assert stirs(known, said(2, charging=Charging.STOPPED))
    assert stirs(heard(said(1, soc=50)), said(2, place=Place(52, 5)))
