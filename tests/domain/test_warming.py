"""How long a cold battery is warmed: what a night shows of it, what is expected, and what is still to come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.evidence import ChargeState, Charging, Observation, Source, Subject, SubjectKind
from chargekey.domain.learnt import Known, learn
from chargekey.domain.lesson import Lesson, lesson_of
from chargekey.domain.warming import ASSUMED_S, expected_s, left_s

EIGHT: Final = datetime(2024, 1, 10, 20, tzinfo=UTC)
A_DAY: Final = timedelta(days=1)
CAR: Final = Subject(SubjectKind.VEHICLE, 1)
DRAWS: Final = ChargeState(50, 80, Charging.CHARGING, 16, 16, 16, 230, 3, 11_000, 0, True, heating_battery=False)
"""11.04 kW, of which some 9.9 arrive: 165 Wh a minute."""
RESTS: Final = replace(DRAWS, charging=Charging.STOPPED, current_a=0, voltage_v=2, phases=None, power_w=0)
HEATS: Final = replace(DRAWS, heating_battery=True)

Told = tuple[float, ChargeState]


def took(charge: ChargeState, added_wh: int | None) -> ChargeState:
    return replace(charge, energy_added_wh=added_wh)


def said(told: Sequence[Told]) -> list[Observation]:
    """By minutes after eight."""
    return [Observation(CAR, charge, EIGHT + timedelta(minutes=minute), Source.CAR) for minute, charge in told]


WARMED: Final[dict[str, tuple[Sequence[Told], float | None]]] = {
    "streamed": ([(0, RESTS), (1, HEATS), (26, DRAWS), (31, took(DRAWS, 830))], 26),
    "by looks, the last two of which tell its pace": (
        [(0, RESTS), (60, RESTS), (61, HEATS), (151, took(DRAWS, 9_900)), (181, took(DRAWS, 14_850))],
        31,
    ),
    "by looks, at the usual pace": ([(0, RESTS), (60, RESTS), (61, HEATS), (151, took(DRAWS, 9_936))], 31),
    "it keeps its hours, and is looked at when they have begun": (
        [(0, RESTS), (303, HEATS), (393, took(DRAWS, 9_936))],
        33,
    ),
    "a car that does not say that it heats": (
        [(0, RESTS), (1, replace(DRAWS, heating_battery=None)), (31, took(DRAWS, 0)), (61, took(DRAWS, 3_312))],
        41,
    ),
    "it began, and was told to wait": (
        [(0, HEATS), (1, RESTS), (300, RESTS), (301, HEATS), (331, took(DRAWS, 1_656))],
        22,
    ),
    "it was warm": ([(0, RESTS), (60, RESTS), (61, took(DRAWS, 166)), (151, took(DRAWS, 15_000))], 0),
    "it was warm, as far as the looks of a night tell": ([(0, RESTS), (303, took(DRAWS, 490))], 0),
    "a few minutes are its way to begin": ([(0, DRAWS), (4, DRAWS), (9, took(DRAWS, 830))], 0),
    "not sure over so long": ([(0, RESTS), (1, DRAWS), (91, took(DRAWS, 14_000))], 0),
    "it was seen to fill hours after it may have begun": ([(0, RESTS), (300, took(DRAWS, 9_900))], None),
    "nobody looked": ([(0, RESTS), (600, replace(took(RESTS, 20_000), charging=Charging.COMPLETE))], None),
    "it was full before anybody looked again": (
        [(0, RESTS), (1, HEATS), (200, replace(took(RESTS, 9_000), charging=Charging.COMPLETE))],
        None,
    ),
    "the looks are too far apart": ([(0, RESTS), (1, HEATS), (181, took(DRAWS, 20_000))], None),
    "it never filled": ([(0, HEATS), (30, HEATS)], None),
    "a counter of the plug-in before": (
        [(0, took(RESTS, 9_000)), (1, took(HEATS, 0)), (26, took(DRAWS, 0)), (31, took(DRAWS, 830))],
        26,
    ),
    "it counts nothing, but says that it heats": (
        [(0, took(HEATS, None)), (9, took(HEATS, None)), (18, took(DRAWS, None)), (60, took(DRAWS, None))],
        18,
    ),
    "it counts nothing, and was looked at rarely": ([(0, took(HEATS, None)), (30, took(DRAWS, None))], None),
    "it counts nothing and says nothing": ([(0, took(DRAWS, None)), (30, took(DRAWS, None))], None),
    "nothing was said": ([], None),
}


@pytest.mark.parametrize(("told", "minutes"), WARMED.values(), ids=WARMED.keys())
def test_a_night_shows_how_long_it_drew_in_vain(told: Sequence[Told], minutes: float | None) -> None:
    found = lesson_of(said(told), None).warm_up
    assert (None if found is None else round(found / timedelta(minutes=1))) == minutes


def test_what_it_drew_while_it_heated_is_no_bad_efficiency() -> None:
    told = [(0, RESTS), (1, HEATS), (31, took(DRAWS, 165)), (91, took(DRAWS, 10_101)), (121, took(DRAWS, 15_069))]
    warm, cold = (lesson_of(said(some), None).drawn[16] for some in (told[2:], told))
    assert warm == cold
    assert cold.efficiency_percent == 90
    weak = [(minute, replace(one, current_a=8) if one.heating_battery else one) for minute, one in told]
    assert lesson_of(said(weak), None).drawn[16].power_w == 11_040


# ── learnt ─────────────────────────────────────────────────────────────────────────────────────────


def of(*nights: tuple[int, float | None]) -> list[Lesson]:
    """By days before the evening that is planned, and minutes."""
    return [
        Lesson(None, {}, None, None, None if minutes is None else timedelta(minutes=minutes), EIGHT - days * A_DAY)
        for days, minutes in nights
    ]


@pytest.mark.parametrize(
    ("nights", "known"),
    [
        ([(1, 20), (2, 30), (3, 45)], Known(1_800, 3)),  # the middle one
        ([(1, 20), (2, 30), (3, 45), (4, 60), (5, 60)], Known(1_800, 3)),  # of the newest three
        ([(1, 20), (3, None), (6, 30)], Known(1_800, 2)),
        ([(1, 0), (2, 0), (3, 45)], Known(0, 3)),  # it has thawed
        ([(1, 26.9)], None),
        ([(1, 30), (15, 30)], None),
        ([(1, 30), (14, 26.9)], Known(1_800, 2)),
        ([], None),
    ],
)
def test_the_newest_nights_tell_what_the_weather_is_like(
    nights: Sequence[tuple[int, float | None]], known: Known | None
) -> None:
    for order in (1, -1):
        assert learn(of(*nights)[::order], "Model 3", "UTC", EIGHT).warm_up_s == known


# ── tonight ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("learnt_s", "told", "seconds"),
    [
        (None, [(0, RESTS)], 0),
        (None, [(0, HEATS), (1, RESTS)], ASSUMED_S),
        (1_500, [(0, HEATS)], 1_500),
        (0, [(0, RESTS)], 0),
        (0, [(0, HEATS)], ASSUMED_S),  # the first cold night after warm ones
        (None, [(0, replace(HEATS, charging=Charging.UNPLUGGED))], 0),
        (1_500, [], 1_500),
    ],
)
def test_what_is_expected_is_learnt_or_else_the_cars_own_word(
    learnt_s: int | None, told: Sequence[Told], seconds: int
) -> None:
    assert expected_s(learnt_s, said(told)) == seconds


@pytest.mark.parametrize(
    ("told", "now", "left"),
    [
        ([], 0, 30),
        ([(0, RESTS)], 60, 30),
        ([(0, HEATS)], 0, 30),
        ([(0, HEATS)], 10, 20),
        ([(0, HEATS), (1, RESTS)], 300, 29),
        ([(0, HEATS), (1, RESTS), (300, HEATS)], 310, 19),
        ([(0, HEATS), (60, RESTS)], 300, 30),  # nobody knows how long it drew
        ([(0, RESTS), (300, HEATS)], 340, 0),  # longer than expected: it may be over any moment
        ([(0, RESTS), (300, DRAWS)], 300, 30),  # it has just begun
        ([(0, RESTS), (300, DRAWS), (305, took(DRAWS, 500))], 305, 0),
        ([(0, RESTS), (300, HEATS), (305, took(HEATS, 10))], 305, 25),  # a little arrives
        ([(0, took(DRAWS, 500)), (1, took(RESTS, 500))], 300, 0),  # it charged when it was plugged in
        ([(0, took(RESTS, 9_000))], 300, 30),  # that was before
    ],
)
def test_warming_is_behind_a_car_that_has_filled_tonight(told: Sequence[Told], now: float, left: int) -> None:
    assert left_s(1_800, said(told), EIGHT + timedelta(minutes=now)) == left * 60
    assert left_s(0, said(told), EIGHT + timedelta(minutes=now)) == 0
