"""Surplus: weighed by time, nothing where nobody told anything, and never more of it than was drawn."""

from datetime import UTC, datetime, timedelta

import pytest

from chargekey.domain.surplus import Surplus, SurplusSlot, SurplusUnclear, in_order

NOON, HOUR = datetime(2026, 6, 10, 12, tzinfo=UTC), timedelta(hours=1)


def at(hours: float) -> datetime:
    return NOON + hours * HOUR


TOLD = Surplus((SurplusSlot(at(0), at(1), 2_000), SurplusSlot(at(1), at(2), 4_001), SurplusSlot(at(3), at(4), 600)), 1)


@pytest.mark.parametrize(
    ("start", "end", "watts"),
    [(0, 1, 2_000), (0.25, 0.5, 2_000), (0.5, 1.5, 3_000), (1.5, 2.5, 2_000), (2, 3, 0), (3.5, 5, 200), (-1, 0, 0),
     (1, 1, 4_001), (2, 2, 0)],
)  # fmt: skip
def test_a_mean_is_weighed_by_time_and_what_nobody_told_is_none(start: float, end: float, watts: int) -> None:
    assert TOLD.mean_w(at(start), at(end)) == watts


@pytest.mark.parametrize(
    ("start", "end", "drawn_wh", "from_the_sun_wh"),
    [(0, 1, 1_500, 1_500), (0, 1, 11_000, 2_000), (0, 0.25, 2_750, 500), (2, 3, 800, 0), (0, 1, 0, 0)],
)
def test_what_is_drawn_beyond_the_surplus_is_from_the_grid(
    start: float, end: float, drawn_wh: int, from_the_sun_wh: int
) -> None:
    assert TOLD.of(at(start), at(end), drawn_wh) == from_the_sun_wh


def test_slots_come_in_order_with_holes() -> None:
    early, late = SurplusSlot(at(0), at(1), 1), SurplusSlot(at(3), at(4), 2)
    assert in_order([late, early]) == (early, late)


@pytest.mark.parametrize(
    ("slots", "says"),
    [
        ([SurplusSlot(at(1), at(1), 5)], "no length"),
        ([SurplusSlot(at(0), at(2), 5), SurplusSlot(at(1), at(3), 5)], "overlap"),
        ([SurplusSlot(at(0), at(1), -1)], "between"),
        ([SurplusSlot(at(0), at(1), 1_000_001)], "between"),
    ],
)
def test_what_no_home_has_is_refused(slots: list[SurplusSlot], says: str) -> None:
    with pytest.raises(SurplusUnclear, match=says):
        in_order(slots)
