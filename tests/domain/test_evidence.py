"""Observations, and the view they add up to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.evidence import (
    FACTS,
    FRESH_FOR,
    NOTHING_SEEN,
    ChargeState,
    Charging,
    ConsentEnded,
    Fact,
    Handshake,
    KeyStatus,
    Listed,
    Observation,
    ScopesGranted,
    Source,
    Subject,
    SubjectKind,
    fold,
)
from chargekey.domain.grant import REQUIRED
from chargekey.domain.vehicle import Access, Reach

SIX: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)
CAR: Final = Subject(SubjectKind.VEHICLE, 1)
PAIRED: Final = KeyStatus(paired=True, must_sign=True, keys_on_car=3, firmware="2024.2")
UNPAIRED: Final = KeyStatus(paired=False, must_sign=True, keys_on_car=2, firmware="2024.2")
ONLINE: Final = Listed(Access.OWNER, Reach.ONLINE, "Bolt", in_service=False, mobile_access_off=False)


def seen(fact: Fact, minutes: float = 0) -> Observation:
    return Observation(CAR, fact, SIX + timedelta(minutes=minutes), Source.TESLA)


def charging(state: Charging) -> ChargeState:
    return ChargeState(50, 80, state, 0, 16, 16, 230, 3, 0, 0, None)


@pytest.mark.parametrize(
    ("before", "now", "told", "holds"),
    [
        (Charging.CHARGING, Charging.STOPPED, None, 3),  # at rest it tells of none
        (Charging.CHARGING, Charging.STOPPED, 1, 1),
        (Charging.CHARGING, Charging.UNPLUGGED, None, None),
        (Charging.UNPLUGGED, Charging.STOPPED, None, None),  # another cable
    ],
)
def test_phases_hold_as_long_as_the_cable_is_in(
    before: Charging, now: Charging, told: int | None, holds: int | None
) -> None:
    at_rest = replace(charging(now), phases=told)
    assert at_rest.with_phases_of(charging(before)).phases == holds
    assert at_rest.with_phases_of(None).phases == told


def test_of_each_kind_the_latest_counts() -> None:
    view = fold([seen(UNPAIRED, 0), seen(Handshake(proved=True), 1), seen(PAIRED, 2)])
    assert view.fact(KeyStatus) == PAIRED
    assert view.when(KeyStatus) == SIX + timedelta(minutes=2)
    assert view.fact(Handshake) == Handshake(proved=True)


def test_what_was_never_seen_is_none() -> None:
    assert NOTHING_SEEN.fact(KeyStatus) is None
    assert NOTHING_SEEN.when(KeyStatus) is None
    assert fold([]) == NOTHING_SEEN


def test_of_two_at_one_moment_the_later_in_the_order_counts() -> None:
    assert fold([seen(PAIRED), seen(UNPAIRED)]).fact(KeyStatus) == UNPAIRED
    assert fold([seen(UNPAIRED), seen(PAIRED)]).fact(KeyStatus) == PAIRED


FACT: Final = st.sampled_from([PAIRED, UNPAIRED, ONLINE, Handshake(proved=True), Handshake(proved=False)])


@given(st.dictionaries(st.integers(0, 20), FACT), st.randoms())
def test_the_order_in_which_we_hear_of_it_does_not_matter(told: dict[int, Fact], shuffled: object) -> None:
    in_order = [seen(fact, minutes) for minutes, fact in sorted(told.items())]
    mixed = list(in_order)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis hands a random.Random, typed loosely
    assert fold(mixed) == fold(in_order)


@given(st.lists(st.tuples(st.integers(0, 20), FACT)), st.integers(0, 20))
def test_what_is_added_to_a_view_counts_as_if_it_had_been_there(told: list[tuple[int, Fact]], first: int) -> None:
    told_of = [seen(fact, minutes) for minutes, fact in told]
    assert fold(told_of[:first]).with_added(told_of[first:]) == fold(told_of)


@pytest.mark.parametrize(
    ("told", "later"),
    [
        ([], False),
        ([seen(ScopesGranted(REQUIRED))], False),
        ([seen(ConsentEnded("revoked"))], True),
        ([seen(ScopesGranted(REQUIRED), 0), seen(ConsentEnded("revoked"), 1)], True),
        ([seen(ConsentEnded("revoked"), 0), seen(ScopesGranted(REQUIRED), 1)], False),
        ([seen(ConsentEnded("revoked"), 0), seen(ScopesGranted(REQUIRED), 0)], False),
    ],
)
def test_whether_one_thing_was_seen_after_another(told: list[Observation], later: bool) -> None:
    assert fold(told).is_later(ConsentEnded, than=ScopesGranted) is later


@pytest.mark.parametrize("fact", [ONLINE, PAIRED, charging(Charging.CHARGING), Handshake(proved=True)])
def test_a_glance_is_fresh_for_as_long_as_its_kind_says(fact: Fact) -> None:
    limit = FRESH_FOR[type(fact)]
    assert seen(fact).is_fresh(SIX)
    assert seen(fact).is_fresh(SIX + limit - timedelta(microseconds=1))
    assert not seen(fact).is_fresh(SIX + limit)


def test_what_a_driver_said_is_no_glance_and_never_fresh() -> None:
    assert not seen(ScopesGranted(REQUIRED)).is_fresh(SIX)


def test_every_fact_has_one_name() -> None:
    assert set(FACTS.values()) == set(get_args(Fact))
    assert len(FACTS) == len(set(FACTS.values()))


@pytest.mark.parametrize(
    ("state", "plugged_in", "drawing"),
    [
        (Charging.UNPLUGGED, False, False),
        (Charging.NO_POWER, True, False),
        (Charging.STARTING, True, True),
        (Charging.CHARGING, True, True),
        (Charging.COMPLETE, True, False),
        (Charging.STOPPED, True, False),
        (Charging.UNKNOWN, False, False),
    ],
)
def test_what_a_charging_state_says_of_cable_and_power(state: Charging, plugged_in: bool, drawing: bool) -> None:
    assert charging(state).plugged_in is plugged_in
    assert charging(state).drawing is drawing
