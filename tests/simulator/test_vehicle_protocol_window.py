"""Counters are drawn: what was used, what comes, what is left."""

import random

import pytest

from tesla_simulator.vehicle_protocol.window import WIDTH, SeenCounters


def drawn(seen: SeenCounters) -> str:
    """The window's youngest eight, newest right: # was used, . was not."""
    return "".join("#" if seen.window & (1 << age) else "." for age in reversed(range(8))) + f"|{seen.highest}"


@pytest.mark.parametrize(
    ("coming", "taken", "looks"),
    [
        (
            [1],
            [True],
            ".......#|1",
        ),  # the counter before the first one counts as used: a session starts there
        ([1, 2, 3], [True] * 3, ".....###|3"),
        ([5], [True], "...#....|5"),
        ([5, 3], [True, True], "...#..#.|5"),  # late, and not yet used
        ([5, 3, 3], [True, True, False], "...#..#.|5"),  # replayed
        ([5, 5], [True, False], "...#....|5"),
        ([40, 8], [True, True], "........|40"),  # 32 old: just inside
        ([40, 7], [True, False], "........|40"),  # 33 old: outside
        ([3, 60], [True, True], "........|60"),  # so far ahead that nothing old is left
    ],
)
def test_a_counter_is_taken_once_and_not_when_too_old(coming: list[int], taken: list[bool], looks: str) -> None:
    seen = SeenCounters()

    assert [seen.takes(counter) for counter in coming] == taken
    assert drawn(seen) == looks


def test_a_window_does_as_a_plain_list_would() -> None:
    chance = random.Random(20260110)
    seen, used, highest = SeenCounters(highest=100), {100}, 100
    for _ in range(3000):
        counter = max(1, highest + chance.randint(-WIDTH - 5, 6))
        expected = counter not in used and counter >= highest - WIDTH
        assert seen.takes(counter) is expected, counter
        if expected:
            used.add(counter)
            highest = max(highest, counter)


def test_in_order_means_upwards_only() -> None:
    seen = SeenCounters()

    assert [seen.takes_in_order(counter) for counter in (3, 2, 3, 4, 9)] == [True, False, False, True, True]
