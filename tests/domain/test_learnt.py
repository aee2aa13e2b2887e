"""What nights show of a car, and what counts of it: drawn nights, bounds, and that nothing far off moves a number."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.battery import ac_power_w, efficiency_percent, usable_wh
from chargekey.domain.evidence import ChargeState, Charging, Observation, Source, Subject, SubjectKind
from chargekey.domain.learnt import LEAST_NIGHTS, NOTHING_LEARNT, OFF_PERCENT, Known, Learnt, draw_known, learn
from chargekey.domain.lesson import Drawn, Gain, Lesson, Taper, lesson_of, set_to_a, wall_power

EIGHT: Final = datetime(2024, 1, 10, 20, tzinfo=UTC)
CAR: Final = Subject(SubjectKind.VEHICLE, 1)
DRAWS: Final = ChargeState(50, 80, Charging.CHARGING, 16, 16, 16, 230, 1, 4_000, 0, True)
RESTS: Final = replace(DRAWS, charging=Charging.STOPPED, current_a=0, voltage_v=2, phases=None, power_w=0)
NOTHING: Final = Lesson(None, {}, None, None)

Told = tuple[float, ChargeState]


def lesson(*told: Told) -> Lesson:
    """By minutes after eight."""
    seen = [Observation(CAR, charge, EIGHT + timedelta(minutes=minute), Source.CAR) for minute, charge in told]
    return lesson_of(seen, None)


def drew(soc_percent: int, added_wh: int, current_a: int = 16, set_to: int = 16, power_w: int = 4_000) -> ChargeState:
    told = replace(DRAWS, current_a=current_a, current_asked_a=set_to, power_w=power_w)
    return replace(told, soc_percent=soc_percent, energy_added_wh=added_wh)


def rested(soc_percent: int, added_wh: int) -> ChargeState:
    return replace(RESTS, soc_percent=soc_percent, energy_added_wh=added_wh)


@pytest.mark.parametrize(
    ("told", "gain"),
    [
        # 20 kWh for 40 points
        ([(0, rested(40, 0)), (99, rested(80, 20_000))], Gain(20_000, 40)),
        # what it took of its own battery before and after is in neither
        (
            [(0, rested(45, 0)), (60, rested(40, 0)), (99, rested(80, 20_000)), (300, rested(77, 20_000))],
            Gain(20_000, 40),
        ),
        # the count of the plug-in before stands until it draws
        ([(0, rested(40, 9_000)), (9, drew(40, 100)), (99, rested(60, 10_100))], Gain(10_000, 20)),
        # too few points to say anything
        ([(0, rested(70, 0)), (99, rested(80, 5_000))], None),
        ([(0, rested(70, 0))], None),
        ([], None),
    ],
)
def test_a_night_says_what_a_percent_holds(told: Sequence[Told], gain: Gain | None) -> None:
    assert lesson(*told).gain == gain


@pytest.mark.parametrize(
    ("charge", "power"),
    [
        (DRAWS, (3_680, 1)),
        (replace(DRAWS, phases=3, power_w=11_000), (11_040, 3)),
        (replace(DRAWS, phases=None, power_w=11_000), (11_040, 3)),  # not told: by its power
        (replace(DRAWS, phases=3, power_w=4_000), (3_680, 1)),  # told wrongly
        (replace(DRAWS, phases=None, power_w=None), None),
        (replace(DRAWS, voltage_v=2), None),  # nothing is connected
        (replace(DRAWS, current_a=0), None),
        (RESTS, None),
    ],
)
def test_what_a_car_draws_is_read_from_its_volts_amps_and_phases(
    charge: ChargeState, power: tuple[int, int] | None
) -> None:
    assert wall_power(charge) == power


def test_a_car_draws_at_what_it_is_asked_for_as_far_as_the_cable_allows() -> None:
    assert set_to_a(replace(DRAWS, current_asked_a=10)) == 10
    assert set_to_a(replace(DRAWS, current_asked_a=32)) == 16
    assert set_to_a(replace(DRAWS, current_asked_a=None, current_max_a=None)) is None


@pytest.mark.parametrize(
    ("told", "drawn"),
    [
        # an hour of 3,680 W, of which 3,130 arrived
        ([(0, drew(40, 0)), (60, drew(46, 3_130))], {16: Drawn(3_680, 1, 85)}),
        # begun slowly: that is no power to plan with, and no even hour either
        ([(0, drew(40, 0, current_a=4, power_w=1_000)), (60, drew(46, 3_130))], {16: Drawn(3_680, 1, None)}),
        # two looks within a minute say nothing of what arrives; a rest between them is no drawing
        ([(0, drew(40, 0)), (1, drew(40, 50))], {16: Drawn(3_680, 1, None)}),
        ([(0, drew(40, 0)), (30, rested(42, 1_000)), (60, drew(42, 1_000))], {16: Drawn(3_680, 1, None)}),
        # each current by itself
        (
            [(0, drew(40, 0)), (30, drew(43, 1_500, current_a=10, set_to=10, power_w=2_000))],
            {16: Drawn(3_680, 1, None), 10: Drawn(2_300, 1, None)},
        ),
        # nearly full it may be weaker
        ([(0, drew(95, 0, current_a=10, power_w=2_000))], {}),
    ],
)
def test_a_night_says_what_was_drawn_by_current(told: Sequence[Told], drawn: dict[int, Drawn]) -> None:
    assert lesson(*told).drawn == drawn


def test_a_night_says_where_its_power_began_to_fall() -> None:
    full, weak, weaker = drew(80, 0), drew(97, 9, current_a=9, power_w=2_000), drew(99, 9, current_a=5, power_w=1_000)
    assert lesson((0, full), (60, drew(95, 9)), (70, weak), (80, weaker)).taper == Taper(96, 43)
    assert lesson((0, full), (70, weak)).taper is None  # anywhere in between
    assert lesson((0, full), (60, drew(95, 9))).taper is None


# ── of many nights ───────────────────────────────────────────────


def nights(*usable_wh: int) -> list[Lesson]:
    return [replace(NOTHING, gain=Gain(one * 40 // 100, 40)) for one in usable_wh]


@pytest.mark.parametrize(
    ("usable", "known"),
    [
        ([46_000] * 2, None),  # too few
        ([46_000] * 3, Known(46_000, 3)),
        ([46_000, 47_000, 45_000, 46_000], Known(46_000, 4)),
        ([46_000, 46_200, 45_900, 90_000], Known(46_000, 3)),  # a night that is far off is dropped
        ([46_000, 46_000, 12_000], None),  # no such car was ever sold
        ([46_000, 60_000, 75_000], None),  # they do not agree
    ],
)
def test_of_several_nights_those_near_the_middle_say_how_much_fits(usable: list[int], known: Known | None) -> None:
    assert learn(nights(*usable), "Model 3", "UTC").usable_wh == known


def test_what_is_assumed_stands_until_it_is_measured() -> None:
    assumed = draw_known("Model 3", 16, None, 3, NOTHING_LEARNT)
    assert assumed.power_w == Known(ac_power_w(16, 3))
    assert assumed.efficiency_percent == Known(efficiency_percent(16, 3))
    assert assumed.usable_wh == Known(usable_wh("Model 3"))


ONE_PHASE: Final = learn([replace(NOTHING, drawn={16: Drawn(3_312, 1, 85)})] * 3, "Model 3", "UTC")


def test_what_was_measured_is_planned_with_and_follows_the_current() -> None:
    """207 V on one phase."""
    found = draw_known("Model 3", 16, None, 3, ONE_PHASE)
    assert (found.power_w, found.efficiency_percent) == (Known(3_312, 3), Known(85, 3))
    at_ten = draw_known("Model 3", 10, None, 3, ONE_PHASE)
    assert at_ten.power_w == Known(2_070, 3)
    assert at_ten.efficiency_percent == Known(efficiency_percent(10, 1))


def test_a_car_that_draws_on_other_phases_now_is_at_another_charger() -> None:
    assert draw_known("Model 3", 16, 3, 3, ONE_PHASE).power_w == Known(ac_power_w(16, 3))
    assert draw_known("Model 3", 16, 1, 3, ONE_PHASE).power_w == Known(3_312, 3)


def test_power_and_what_arrives_want_so_many_nights_each() -> None:
    once = replace(NOTHING, drawn={16: Drawn(3_680, 1, 85)})
    assert not learn([once], "Model 3", "UTC").power_w
    twice = learn([once] * 2, "Model 3", "UTC")
    assert (dict(twice.power_w), dict(twice.efficiency_percent)) == ({16: Known(3_680, 2)}, {})
    odd = replace(NOTHING, drawn={16: Drawn(3_680, 1, 20)})  # paused between two looks
    assert learn([once, once, once, odd], "Model 3", "UTC").efficiency_percent == {16: Known(85, 3)}
    assert learn([once, replace(NOTHING, drawn={16: Drawn(11_040, 3, 90)})], "Model 3", "UTC") == NOTHING_LEARNT


def left(*told: tuple[int, int, int]) -> Learnt:
    """By day of January, hour and minute, in Amsterdam's winter."""
    moments = [datetime(2024, 1, day, hour - 1, minute, tzinfo=UTC) for day, hour, minute in told]
    return learn([replace(NOTHING, left_at=one) for one in moments], "Model 3", "Europe/Amsterdam")


def test_when_it_usually_leaves_is_told_by_weekday() -> None:
    assert left((1, 7, 42), (8, 7, 38), (15, 7, 44), (16, 9, 0)).leaves == {0: Known(7 * 60 + 40, 3)}
    assert left((1, 7, 42), (1, 18, 0), (8, 7, 38), (15, 7, 44)).leaves == {
        0: Known(7 * 60 + 40, 3)
    }  # first of the day
    assert left((1, 7, 0), (8, 12, 0), (15, 19, 0)).leaves == {}  # nothing is usual


def test_where_power_falls_wants_two_nights() -> None:
    taper = replace(NOTHING, taper=Taper(95, 50))
    assert learn([taper], "Model 3", "UTC").taper is None
    assert learn([taper, taper], "Model 3", "UTC").taper == Taper(95, 50)


@given(
    st.lists(st.integers(45_000, 47_000), min_size=LEAST_NIGHTS, max_size=20),
    st.lists(st.integers(1, 400_000), max_size=2),
)
def test_a_night_or_two_far_off_move_nothing_much(true_wh: list[int], others: list[int]) -> None:
    """As long as they are fewer than the true ones, what is learnt stays as near to these as one night may be."""
    found = learn(nights(*true_wh, *others), "Model 3", "UTC").usable_wh
    if found is not None:
        allowed = 46_000 * (OFF_PERCENT + 4) // 100
        assert abs(found.value - 46_000) <= allowed
        assert found.value % 100 == 0
    again = learn(nights(*reversed([*true_wh, *others])), "Model 3", "UTC").usable_wh
    assert again == found
