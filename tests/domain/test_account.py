"""What a night took, cost and saved, added up by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.account import NightAccount, account
from chargekey.domain.delivery import Delivery
from chargekey.domain.evidence import ChargeState, Charging, Observation, Source, Subject, SubjectKind
from chargekey.domain.night import Command, Order
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


HEATS: Final = ChargeState(50, 80, Charging.CHARGING, 6, 6, 16, 230, 3, 4_000, 0, None, heating_battery=True)
"""At 4.14 kW."""
COLD_RESTS: Final = replace(HEATS, charging=Charging.STOPPED, current_a=0, power_w=0, heating_battery=False)


def filled(charge: ChargeState, added_wh: int) -> ChargeState:
    return replace(charge, heating_battery=False, energy_added_wh=added_wh)


@pytest.mark.parametrize(
    ("told", "commands", "readings"),
    [
        # half an hour of heat, then 1 kWh into the battery: all the time at its power
        (
            [(30, HEATS), (60, HEATS), (90, filled(HEATS, 1_000))],
            [],
            [(30, 45, 1035), (45, 60, 1035), (60, 75, 1035), (75, 90, 1035)],
        ),
        # from when the car agreed to start, or from its own hour on
        ([(0, COLD_RESTS), (45, HEATS)], [agreed(Order.START, 30)], [(30, 45, 1035)]),
        ([(60, COLD_RESTS), (90, HEATS)], [], [(75, 90, 1035)]),
        ([(0, COLD_RESTS), (20, HEATS)], [], []),
        # until it agreed to stop
        ([(30, HEATS), (60, COLD_RESTS)], [agreed(Order.STOP, 45)], [(30, 45, 1035)]),
        ([(30, HEATS), (60, COLD_RESTS)], [], []),
        # what was not seen of its end is as ever
        ([(30, HEATS), (60, filled(COLD_RESTS, 800))], [], [(30, 45, 1000)]),
        # as much as arrived at least
        ([(30, replace(HEATS, current_a=1, power_w=1_000)), (45, filled(HEATS, 800))], [], [(30, 45, 1000)]),
    ],
)
def test_a_battery_that_is_heated_takes_power_that_does_not_arrive(
    told: list[tuple[float, ChargeState]], commands: list[Command], readings: list[tuple[float, float, int]]
) -> None:
    seen = [Observation(CAR, charge, at(minute), Source.CAR) for minute, charge in told]
    own = [(at(30), at(45)), (at(75), at(90))] if not commands else []
    found = account(
        seen,
        commands,
        prices("4 3 2 1 1 1 1 1"),
        plugged_in_at=EIGHT,
        power_w=4_000,
        efficiency_percent=80,
        own_windows=own,
    )
    assert [(one.start, one.end, one.wall_wh) for one in found.readings] == [
        (at(start), at(end), wall_wh) for start, end, wall_wh in readings
    ]
    assert found.battery_wh == max([charge.energy_added_wh or 0 for _, charge in told])


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
