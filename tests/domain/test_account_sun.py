"""What of a night came from the home's own sun, added up by hand; and what a car draws that follows it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.account import NightAccount, account
from chargekey.domain.carbon import Carbon, CarbonSlot
from chargekey.domain.delivery import Delivery
from chargekey.domain.night import Command, Order
from chargekey.domain.surplus import Surplus, SurplusSlot
from chargekey.domain.tariff import Prices
from tests.domain.test_account import EIGHT, QUARTER, Report, agreed, at, cents_of, prices, reports

FEED_IN: Final = 5_000
"""Half a cent per kWh."""


def shone(watts: str, feed_in: int = FEED_IN) -> Surplus:
    """One number a quarter of an hour, "." where nobody told anything."""
    slots = [
        SurplusSlot(EIGHT + nth * QUARTER, EIGHT + (nth + 1) * QUARTER, int(one))
        for nth, one in enumerate(watts.split())
        if one != "."
    ]
    return Surplus(tuple(slots), feed_in)


def set_to(current_a: int, minutes: float, delivery: Delivery = Delivery.DONE) -> Command:
    return replace(agreed(Order.SET_CURRENT, minutes, delivery), current_a=current_a)


def sunny(
    watts: str, reported: Sequence[Report], *, cents: str = "4 3 2 1 1 1 1 1", carbon: Carbon | None = None
) -> NightAccount:
    """As `night`, with so much surplus in each quarter."""
    return account(
        reports(reported), (), prices(cents), plugged_in_at=EIGHT, power_w=4_000, efficiency_percent=80,
        carbon=carbon, surplus=shone(watts),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("watts", "reported", "readings", "cost_cents", "at_once_cents"),
    [
        # 1 kWh a quarter: 1 kW and 4 kW of surplus, then none; at once it is the same sun at the first two quarters
        ("1000 4000 0 0", [(0, "draw", 0), (30, "full", 1600)], [(1000, 250), (1000, 1000)], 3.625, 3.625),
        # later it had less of it
        ("4000 4000 0 1000", [(30, "draw", 0), (60, "full", 1600)], [(1000, 0), (1000, 250)], 2.875, 1),
        # what nobody told is the grid's, also within a stretch
        (". 4000 . .", [(0, "draw", 0), (45, "full", 2400)], [(1000, 0), (1000, 1000), (1000, 0)], 6.5, 6.5),
        # more than it draws: no more of it than it draws
        ("9000 9000", [(0, "draw", 0), (30, "full", 1600)], [(1000, 1000), (1000, 1000)], 1, 1),
        # five minutes and ten within one quarter
        ("1000", [(0, "draw", 0), (5, "draw", 400), (15, "full", 800)], [(500, 83), (500, 166)], 3.1285, 3.125),
    ],
)
def test_a_night_with_sun_added_up(
    watts: str,
    reported: list[Report],
    readings: list[tuple[int, int]],
    cost_cents: float,
    at_once_cents: float,
) -> None:
    found = sunny(watts, reported)
    assert [(one.wall_wh, one.sun_wh) for one in found.readings] == readings
    assert found.sun_wh == sum(sun_wh for _, sun_wh in readings)
    assert found.feed_in_nano == found.sun_wh * FEED_IN
    assert (cents_of(found.cost_nano), cents_of(found.at_once_nano)) == (cost_cents, at_once_cents)


def test_a_quarter_of_surplus_cuts_where_the_price_does_not() -> None:
    found = account(
        reports([(10, "draw", 0), (40, "full", 1600)]), (), Prices((), EIGHT, "made up", "UTC"), plugged_in_at=EIGHT,
        power_w=4_000, efficiency_percent=80, surplus=shone("0 3000 ."),
    )  # fmt: skip
    assert [(one.start, one.end, one.sun_wh) for one in found.readings] == [
        (at(10), at(15), 0),
        (at(15), at(30), 750),
        (at(30), at(40), 0),
    ]


def test_sun_stands_for_no_carbon_and_what_is_all_sun_needs_neither_price_nor_word_of_the_grid() -> None:
    clean_later = Carbon((CarbonSlot(at(15), at(30), 400),), at(30), "made up")
    found = sunny("4000 3000 0 0", [(0, "draw", 0), (30, "full", 1600)], carbon=clean_later)
    assert found.carbon_mg == 250 * 400
    dark = sunny("3000 3000 0 0", [(0, "draw", 0), (30, "full", 1600)], carbon=clean_later)
    assert dark.carbon_mg is None
    free = sunny("4000 4000 0 0", [(0, "draw", 0), (30, "full", 1600)], cents="4")
    assert cents_of(free.cost_nano) == 1
    assert sunny("4000 3999 0 0", [(0, "draw", 0), (30, "full", 1600)], cents="4").cost_nano is None


@pytest.mark.parametrize(
    ("told", "commands", "own_windows", "readings"),
    [
        # half the current from 20:15 on, of which 75 % arrive
        (
            [(0, "draw", 0), (15, "draw", 800), (30, "full", 1175)],
            [set_to(8, 15)],
            [],
            [(0, 15, 1000), (15, 30, 500)],
        ),
        # and back, between two looks
        (
            [(0, "draw", 0), (45, "full", 1975)],
            [set_to(8, 15), set_to(16, 30)],
            [],
            [(0, 15, 988), (15, 30, 527), (30, 45, 988)],
        ),
        # an order that was refused changes nothing
        ([(0, "draw", 0), (15, "full", 800)], [set_to(8, 0, Delivery.REFUSED)], [], [(0, 15, 1000)]),
        # at a current that nobody knows more of it is as at the full one
        ([(0, "draw", 0), (15, "full", 400)], [set_to(12, 0)], [], [(0, 15, 500)]),
        # also where the car keeps its windows itself
        ([(0, "draw", 0), (15, "draw", 375)], [set_to(8, 0)], [(0, 60)], [(0, 14.0625, 500)]),
    ],
)
def test_at_fewer_amps_less_of_it_arrives(
    told: Sequence[Report],
    commands: Sequence[Command],
    own_windows: Sequence[tuple[float, float]],
    readings: Sequence[tuple[float, float, int]],
) -> None:
    took = account(
        reports(told), commands, prices("4 3 2 1"), plugged_in_at=EIGHT, power_w=4_000, efficiency_percent=80,
        own_windows=[(at(opens), at(closes)) for opens, closes in own_windows], surplus=shone("1000 1000"),
        efficiencies={8: 75, 16: 80},
    )  # fmt: skip
    assert [(one.start, one.end, one.wall_wh) for one in took.readings] == [
        (at(start), at(end), wall_wh) for start, end, wall_wh in readings
    ]


def test_charging_at_once_would_have_been_at_the_full_current_with_what_arrives_of_that() -> None:
    took = account(
        reports([(0, "draw", 0), (60, "full", 1500)]), [set_to(8, 0)], prices("4 3 2 1"), plugged_in_at=EIGHT,
        power_w=4_000, efficiency_percent=80, surplus=shone(""), efficiencies={8: 75},
    )  # fmt: skip
    assert (took.wall_wh, cents_of(took.cost_nano)) == (2000, 2 + 1.5 + 1 + 0.5)
    assert cents_of(took.at_once_nano) == 4 + 0.875 * 3


@given(
    watts=st.lists(st.none() | st.integers(0, 12_000), max_size=16),
    added=st.lists(st.integers(0, 4_000), min_size=1, max_size=8),
    every=st.integers(1, 40),
    efficiency_percent=st.integers(50, 100),
)
def test_sun_is_a_part_of_what_was_drawn_and_its_price_of_what_it_cost(
    watts: list[int | None], added: list[int], every: int, efficiency_percent: int
) -> None:
    counts = [sum(added[:nth]) for nth in range(len(added) + 1)]
    reported = reports([(nth * every, "draw", count) for nth, count in enumerate(counts)])
    surplus = shone(" ".join("." if one is None else str(one) for one in watts), 20_000)
    with_sun, without = (
        account(
            reported, (), prices("7 " * 24), plugged_in_at=EIGHT, power_w=4_000,
            efficiency_percent=efficiency_percent, surplus=one,
        )
        for one in (surplus, None)
    )  # fmt: skip
    assert (with_sun.wall_wh, with_sun.battery_wh) == (without.wall_wh, without.battery_wh)
    assert all(0 <= one.sun_wh <= one.wall_wh for one in with_sun.readings)
    assert with_sun.sun_wh == sum(one.sun_wh for one in with_sun.readings)
    assert with_sun.cost_nano == with_sun.sun_wh * 20_000 + (with_sun.wall_wh - with_sun.sun_wh) * 70_000
    assert (without.sun_wh, without.feed_in_nano) == (0, 0)
    for quarter, told_w in enumerate(watts):  # no quarter gives more than it was told to
        begins, ends = EIGHT + quarter * QUARTER, EIGHT + (quarter + 1) * QUARTER
        of_it = [one.sun_wh for one in with_sun.readings if begins <= one.start and one.end <= ends]
        assert sum(of_it) * 4 <= (told_w or 0)
