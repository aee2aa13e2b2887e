"""Grams: weighed by time, exact in sums, and not known where a part is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from chargekey.domain.carbon import Carbon, CarbonSlot, CarbonWrong, in_order

ZERO, HOUR = datetime(2026, 1, 10, tzinfo=UTC), timedelta(hours=1)


def at(hours: float) -> datetime:
    return ZERO + hours * HOUR


KNOWN = Carbon(
    (CarbonSlot(at(0), at(1), 100), CarbonSlot(at(1), at(2), 201), CarbonSlot(at(3), at(4), 50, is_forecast=True)),
    at(2),
    "made up",
)


@pytest.mark.parametrize(
    ("start", "end", "grams"),
    [(0, 1, 100), (0.25, 0.5, 100), (0.5, 1.5, 150), (0, 2, 150), (1.5, 2.5, None), (2, 3, None), (3, 4, 50),
     (3.5, 5, None)],
)  # fmt: skip
def test_an_intensity_is_weighed_by_time_and_a_missing_part_is_none(
    start: float, end: float, grams: int | None
) -> None:
    assert KNOWN.intensity(at(start), at(end)) == grams


def test_a_moment_has_the_intensity_of_its_slot() -> None:
    assert (KNOWN.intensity(at(1), at(1)), KNOWN.intensity(at(2), at(2))) == (201, None)


def test_parts_of_seconds_leave_no_hole() -> None:
    early, late = at(1) - timedelta(microseconds=1_950_000), at(1) + timedelta(microseconds=950_000)
    assert KNOWN.intensity(early, late) == 133


def test_a_sum_is_exact_and_is_none_where_a_part_is_missing() -> None:
    assert KNOWN.of([(at(0), at(1), 7), (at(1), at(2), 3)]) == 700 + 603
    assert KNOWN.of([(at(0), at(1), 7), (at(2), at(3), 3)]) is None
    assert KNOWN.of([]) == 0


def test_slots_that_overlap_or_have_no_length_are_wrong() -> None:
    one, same = CarbonSlot(at(0), at(1), 1), CarbonSlot(at(0.5), at(1.5), 1)
    assert in_order([KNOWN.slots[1], KNOWN.slots[0]]) == KNOWN.slots[:2]
    for slots in ([one, same], [CarbonSlot(at(1), at(1), 1)]):
        with pytest.raises(CarbonWrong):
            in_order(slots)
