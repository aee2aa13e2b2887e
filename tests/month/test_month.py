"""The month in short: two drivers, two days. `make month` does it with 100 and a month, and beside other programs."""

from datetime import date, timedelta
from typing import Final

import pytest

from tests.month.bounds import broken
from tests.month.candidate import TODAYS, compared, report
from tests.month.judged import Judged, nights
from tests.month.lives import lives
from tests.month.polled import WAYS
from tests.month.rounds import Round, with_chargekey, with_planner, with_polls

FIRST: Final = date(2024, 10, 26)
"""A Saturday; in the night to Sunday there is an hour more."""
DAYS: Final = 2


def test_lives_are_drawn_alike_and_nobody_is_at_two_places() -> None:
    drawn = lives(20, FIRST, 31)
    assert drawn == lives(20, FIRST, 31)
    assert drawn[3:5] == lives(5, FIRST, 31)[3:5]  # a driver's life is his own, however many there are
    for life in drawn:
        assert life.stays
        moments = [moment for stay in life.stays for moment in (stay.plugs_in, stay.leaves)]
        assert moments == sorted(moments)
        assert all(night.begins < night.ready_by <= night.until for night in nights(life))


def test_planner_and_physics_alone_are_ready_and_as_good_as_foresight() -> None:
    told = with_planner(lives(20, FIRST, 10), FIRST, 10).judged
    assert told.nights > 60
    assert told.ready == told.reachable
    assert 0 <= told.above_foresight_percent < 0.3


async def test_two_drivers_under_chargekey_are_ready_for_little() -> None:
    month = await with_chargekey(lives(2, FIRST, DAYS), FIRST, DAYS, streams=True)
    assert month.judged.nights
    assert month.judged.ready == month.judged.reachable, month.judged.late
    assert (
        0 <= month.judged.above_foresight_percent < 3
    )  # each charges dear for a moment before it is first told to wait
    assert month.billed["signal"]
    assert month.usd_a_car_month < 0.8  # the first night of a car costs more than all others


@pytest.mark.parametrize("way", WAYS)
async def test_who_polls_is_ready_too_and_pays_more(way: str) -> None:
    month = await with_polls(lives(2, FIRST, DAYS), FIRST, DAYS, way)
    assert month.judged.nights
    assert month.judged.ready == month.judged.reachable, month.judged.late
    assert month.usd_a_car_month > 0.5


@pytest.mark.parametrize(
    ("name", "dearer", "short"), [("free_starts", True, False), ("at_once", True, False), ("half_full", False, True)]
)
def test_a_candidate_is_told_by_what_it_does_otherwise(name: str, dearer: bool, short: bool) -> None:
    told = compared(f"tests.month.candidates:{name}", 0, 1, 8, 8, FIRST)
    assert told.plans >= told.todays.judged.nights > 20
    assert (told.dearer > 0, told.short > 0) == (dearer, short)
    assert told.cheaper == 0
    assert (told.candidates.judged.ready < told.candidates.judged.reachable) is short
    assert len(report(told)) == 8


def test_todays_planner_differs_from_itself_in_nothing() -> None:
    told = compared(TODAYS, 1, 4, 8, 8, FIRST)
    assert told.alike == told.plans > 0
    assert told.candidates.judged == told.todays.judged


def test_a_month_that_does_not_hold_is_found_out() -> None:
    good = Judged(nights=1000, reachable=1000, ready=995, starts=1300, wall_wh=1.0, paid=100.9, foresight=100.0)
    assert broken(Round(100, 30, good, usd=10.0)) == []
    bad = Judged(nights=1000, reachable=1000, ready=994, starts=1310, wall_wh=1.0, paid=101.1, foresight=100.0)
    assert len(broken(Round(100, 30, bad, usd=10.1))) == 4


def test_stays_longer_than_a_night_have_a_night_for_each_ready_by() -> None:
    long = [
        (life, stay)
        for life in lives(50, FIRST, 31)
        for stay in life.stays
        if stay.leaves - stay.plugs_in > timedelta(hours=30)
    ]
    assert long
    for life, stay in long:
        within = [night for night in nights(life) if stay.plugs_in <= night.begins < stay.leaves]
        assert len(within) >= 2
        assert within[-1].until == stay.leaves
