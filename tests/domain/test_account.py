"""What a night took, cost and saved, added up by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.account import NightAccount, account
from chargekey.domain.carbon import Carbon, CarbonSlot
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Charging, Observation, Source, Subject, SubjectKind
from chargekey.domain.night import Command, Order
from chargekey.domain.surplus import Surplus, SurplusSlot
from chargekey.domain.tariff import Prices, PriceSlot

EIGHT: Final = datetime(2024, 1, 10, 20, tzinfo=UTC)
QUARTER: Final = timedelta(minutes=15)
CAR: Final = Subject(SubjectKind.VEHICLE, 1)
STATES: Final = {"rest": Charging.STOPPED, "draw": Charging.CHARGING, "full": Charging.COMPLETE}
NANO_PER_CENT: Final = 10_000_000

Report = tuple[float, str, int | None]
"""Minute, what the car does, and how many Wh reached its battery since it began to count."""


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def prices(cents: str) -> Prices:
    """One number a quarter of an hour, in cents per kWh."""
    slots = tuple(
        PriceSlot(EIGHT + nth * QUARTER, EIGHT + (nth + 1) * QUARTER, int(price) * 10_000)
        for nth, price in enumerate(cents.split())
    )
    return Prices(slots, EIGHT + len(slots) * QUARTER, "made up", "UTC")


def reports(told: Sequence[Report]) -> list[Observation]:
    return [
        Observation(
            CAR,
            ChargeState(50 + nth, 80, STATES[state], 16, 16, 16, 230, 3, 0, added_wh, None),
            at(minute),
            Source.CAR,
        )
        for nth, (minute, state, added_wh) in enumerate(told)
    ]


def agreed(order: Order, minutes: float, delivery: Delivery = Delivery.DONE) -> Command:
    return Command(1, 1, 1, order, None, delivery, at(minutes), at(minutes), at(minutes), "")


def night(told: Sequence[Report], *commands: Command, cents: str = "4 3 2 1 1 1 1 1") -> NightAccount:
    """Plugged in at 20:00, 4 kW at the wall, 80 % of which reach the battery."""
    return account(reports(told), commands, prices(cents), plugged_in_at=EIGHT, power_w=4_000, efficiency_percent=80)


def cents_of(nano: int | None) -> float | None:
    return None if nano is None else nano / NANO_PER_CENT


@pytest.mark.parametrize(
    ("told", "commands", "wall_wh", "cost_cents", "at_once_cents"),
    [
        # 2 kWh at the wall, evenly from 20:30 to 21:00; at once it would have been 20:00 to 20:30
        ([(0, "rest", 0), (30, "draw", 0), (60, "full", 1600)], [], [1000, 1000], 2 + 1, 4 + 3),
        # the car agreed to start at 20:45, between two reports: from then on
        ([(0, "rest", 0), (60, "full", 1600)], [agreed(Order.START, 45)], [2000], 2, 4 + 3),
        # it began without an agreement we know of: from the report before
        ([(30, "rest", 0), (60, "full", 1600)], [], [1000, 1000], 2 + 1, 4 + 3),
        ([(30, "rest", 0), (60, "full", 1600)], [agreed(Order.START, 45, Delivery.REFUSED)], [1000, 1000], 3, 7),
        # it agreed to stop at 20:45
        ([(30, "draw", 0), (60, "rest", 800)], [agreed(Order.STOP, 45)], [1000], 2, 4),
        # started and stopped between two reports
        (
            [(0, "rest", 0), (90, "rest", 800)],
            [agreed(Order.START, 45), agreed(Order.STOP, 60)],
            [1000],
            1,
            4,
        ),
        # reports while it draws, and a rest between two windows
        (
            [(0, "draw", 0), (15, "rest", 800), (45, "rest", 800), (45, "draw", 800), (60, "full", 1600)],
            [],
            [1000, 1000],
            4 + 1,
            4 + 3,
        ),
        # it charged by itself before our first look
        ([(15, "draw", 800), (30, "full", 1600)], [], [1000, 1000], 4 + 3, 4 + 3),
        # a resting car may still show the last plug-in's count
        ([(15, "rest", 9000), (30, "rest", 9000)], [], [], 0, 0),
        # nothing
        ([], [], [], 0, 0),
        ([(0, "rest", None), (60, "rest", None)], [], [], 0, 0),
    ],
)
def test_a_night_added_up(
    told: list[Report],
    commands: list[Command],
    wall_wh: list[int],
    cost_cents: int,
    at_once_cents: int,
) -> None:
    found = night(told, *commands)
    assert [reading.wall_wh for reading in found.readings] == wall_wh
    assert found.wall_wh == sum(wall_wh)
    assert cents_of(found.cost_nano) == cost_cents
    assert cents_of(found.at_once_nano) == at_once_cents


@pytest.mark.parametrize(
    ("told", "readings"),
    [
        # nobody looked: 1 kWh into the battery takes a quarter at 3.2 kW and some of the next
        ([(0, "rest", 0), (120, "full", 1000)], [(30, 45, 1000), (75, 78.75, 250)]),
        # a little more than the windows hold is shared out over them
        ([(0, "rest", 0), (120, "full", 2000)], [(30, 45, 1250), (75, 90, 1250)]),
        # what they have no room for was not drawn in them alone: evenly between the looks
        ([(60, "rest", 0), (90, "full", 1600)], [(60, 75, 1000), (75, 90, 1000)]),
        # a look within the first window, and one in the pause
        ([(0, "rest", 0), (35, "draw", 200), (60, "rest", 800)], [(30, 33.75, 250), (35, 45, 750)]),
        # what was drawn outside of the windows lies between the looks that saw it
        ([(0, "draw", 0), (20, "rest", 400)], [(0, 15, 375), (15, 20, 125)]),
    ],
)
def test_a_car_that_keeps_its_windows_itself_drew_in_them(
    told: Sequence[Report], readings: Sequence[tuple[float, float, int]]
) -> None:
    own = [(at(30), at(45)), (at(75), at(90))]
    took = account(
        reports(told), (), prices("4 3 2 1 1 1 1 1"), plugged_in_at=EIGHT, power_w=4_000, efficiency_percent=80,
        own_windows=own,
    )  # fmt: skip
    assert [(one.start, one.end, one.wall_wh) for one in took.readings] == [
        (at(start), at(end), wall_wh) for start, end, wall_wh in readings
    ]


@pytest.mark.parametrize(
    ("told", "readings"),
    [
        ([(85, "draw", 8800)], [(0, 85, 1000)]),  # the limit was raised in the morning, and it goes on
        ([(85, "full", 8800)], [(0, 85, 1000)]),
        ([(85, "full", 8000)], []),
        ([(85, "draw", 400)], [(0, 85, 500)]),  # it was out and in again, and nobody saw it
        ([], []),
    ],
)
def test_what_a_counter_stood_at_when_the_night_began_is_of_the_night_before(
    told: Sequence[Report], readings: Sequence[tuple[float, float, int]]
) -> None:
    """At ready-by a night is over with the cable in, and the next begins; its first look comes later."""
    [carried] = reports([(-20, "draw", 8000)])
    took = account(
        reports(told), (), Prices((), EIGHT, "made up", "UTC"), plugged_in_at=EIGHT, power_w=4_000,
        efficiency_percent=80, carried=carried,
    )  # fmt: skip
    assert [(one.start, one.end, one.wall_wh) for one in took.readings] == [
        (at(start), at(end), wall_wh) for start, end, wall_wh in readings
    ]


def test_whoever_was_told_to_start_drew_from_then_on_also_with_windows_of_its_own() -> None:
    took = account(
        reports([(0, "rest", 0), (60, "full", 800)]), [agreed(Order.START, 45)], prices("4 3 2 1 1 1 1 1"),
        plugged_in_at=EIGHT, power_w=4_000, efficiency_percent=80, own_windows=[(at(15), at(30))],
    )  # fmt: skip
    assert [(one.start, one.end) for one in took.readings] == [(at(45), at(60))]


def test_a_counter_that_begins_anew_counts_from_nothing() -> None:
    found = night([(0, "rest", 9000), (15, "draw", 0), (30, "full", 800)])
    assert found.wall_wh == 1000
    assert [(reading.start, reading.end) for reading in found.readings] == [(at(15), at(30))]


def test_what_was_saved_is_the_difference() -> None:
    found = night([(45, "draw", 0), (60, "full", 800)])
    assert found.saved_nano == (4 - 1) * NANO_PER_CENT


def test_a_dear_night_saved_less_than_nothing_and_says_so() -> None:
    found = night([(45, "draw", 0), (60, "full", 800)], cents="1 1 1 9")
    assert found.saved_nano == (1 - 9) * NANO_PER_CENT


def test_a_negative_price_earns() -> None:
    found = night([(45, "draw", 0), (60, "full", 800)], cents="4 4 4 -2")
    assert cents_of(found.cost_nano) == -2


def test_without_the_price_of_a_reading_there_is_no_cost_but_still_the_energy() -> None:
    found = night([(0, "draw", 0), (60, "full", 1600)], cents="4 3")
    assert found.wall_wh == 2000
    assert found.cost_nano is None
    assert found.at_once_nano == 7 * NANO_PER_CENT
    assert found.saved_nano is None


def test_the_first_and_the_last_percent_are_kept_and_when_it_was_done() -> None:
    found = night([(0, "draw", 0), (15, "draw", 800), (30, "rest", 1600)], agreed(Order.STOP, 29))
    assert (found.soc_before_percent, found.soc_after_percent) == (50, 52)
    assert found.done_at == at(29)


def test_a_car_that_took_nothing_was_never_done() -> None:
    assert night([(0, "rest", 0), (60, "rest", 0)]).done_at is None
    assert night([]).soc_before_percent is None


@given(
    added=st.lists(st.integers(0, 4_000), min_size=1, max_size=8),
    every=st.integers(1, 40),
    efficiency_percent=st.integers(50, 100),
)
def test_readings_add_up_whatever_slots_they_cross(added: list[int], every: int, efficiency_percent: int) -> None:
    counts = [sum(added[:nth]) for nth in range(len(added) + 1)]
    told = reports([(nth * every, "draw", count) for nth, count in enumerate(counts)])
    found = account(
        told, (), prices("7 " * 24), plugged_in_at=EIGHT, power_w=4_000, efficiency_percent=efficiency_percent
    )
    assert found.wall_wh == sum(reading.wall_wh for reading in found.readings)
    assert abs(found.wall_wh - sum(added) * 100 / efficiency_percent) <= len(added) / 2
    for reading in found.readings:
        assert reading.start < reading.end
        assert reading.wall_wh >= 0
        quarter = (reading.start - EIGHT) // QUARTER
        assert reading.end <= EIGHT + (quarter + 1) * QUARTER  # each within one price


# ── the home's own sun ───────────────────────────────────────────────────────────────────────────

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
