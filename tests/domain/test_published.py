"""What can be gone by of what was published: drawn as hours, a dot where one is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from chargekey.domain.published import PublishedWrong, cut, in_order, known_until, unbroken
from chargekey.domain.tariff import PriceSlot

ZERO = datetime(2026, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hour(number: float) -> datetime:
    return ZERO + number * HOUR


def drawn(text: str) -> list[PriceSlot]:
    return [PriceSlot(hour(n), hour(n + 1), n) for n, mark in enumerate(text) if mark == "#"]


def as_drawn(slots: tuple[PriceSlot, ...]) -> str:
    return "".join("#" if hour(n) in {one.start for one in slots} else "." for n in range(8))


@pytest.mark.parametrize(
    ("published", "start", "end", "now", "taken"),
    [
        ("########", 0, 8, 4, "########"),
        ("########", 2, 5, 4, "..###..."),
        ("###.####", 0, 8, 4, "....####"),  # a hole behind us costs what lies before it
        ("######.#", 0, 8, 4, "######.."),  # and one ahead what lies after it
        ("####.###", 0, 8, 4, "........"),  # without the present nothing can be gone by
        ("########", 6, 8, 4, "......##"),
        (".....###", 6, 8, 4, "......##"),
        ("######.#", 6, 8, 4, "........"),  # where it begins there is no price
        ("##.###..", 0, 6, 7, "...###.."),  # behind us: the longest
        ("........", 0, 8, 4, "........"),
    ],
)
def test_a_stretch_without_a_hole_that_holds_the_present(
    published: str, start: int, end: int, now: int, taken: str
) -> None:
    assert as_drawn(unbroken(drawn(published), hour(start), hour(end), hour(now))) == taken


@pytest.mark.parametrize(
    ("published", "now", "until"),
    [("########", 4, 8), ("######.#", 4, 6), ("####.###", 4, 4), ("........", 4, 4), ("####....", 6, 6)],
)
def test_how_far_it_reaches(published: str, now: int, until: int) -> None:
    assert known_until(drawn(published), hour(now)) == hour(until)


def test_the_ends_are_cut_to_the_span() -> None:
    slots = cut(drawn("####"), hour(0.5), hour(2.25))
    assert [(one.start, one.end) for one in slots] == [
        (hour(0.5), hour(1)),
        (hour(1), hour(2)),
        (hour(2), hour(2.25)),
    ]


def test_slots_come_in_any_order_and_leave_by_time() -> None:
    slots = drawn("##.##")
    assert in_order(list(reversed(slots))) == tuple(slots)


@pytest.mark.parametrize(
    "wrong",
    [
        [PriceSlot(hour(1), hour(1), 0)],
        [PriceSlot(hour(2), hour(1), 0)],
        [PriceSlot(hour(0), hour(2), 0), PriceSlot(hour(1), hour(3), 0)],
    ],
)
def test_slots_that_nobody_can_have_meant_are_refused(wrong: list[PriceSlot]) -> None:
    with pytest.raises(PublishedWrong):
        in_order(wrong)
